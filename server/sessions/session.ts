// One person's work on one volume, open in this process: its history in memory, its journal on disk, in step.
import { MaskletError } from "#protocol/errors.ts";
import type { Along, Changed, End, Mask, ObjectSummary, Session, ViewSettings } from "#protocol/types.ts";
import { editedSince } from "./edited-since.ts";
import { addRecord, emptyHistory, objectsOf, stateOf } from "./fold.ts";
import type { SessionState } from "./fold.ts";
import type { Journal } from "./journal.ts";
import type { Author, Change, JournalRecord, PromptCut, PromptedObject, SessionView } from "./record.ts";

/** What a session is, fixed when it is made. */
export interface SessionDescription {
  readonly sessionId: string;
  readonly volumeId: string;
  /** As asked for; what is open is settled when pixels are first looked at. */
  readonly settings: ViewSettings;
  /** ISO 8601. */
  readonly created: string;
}

/** An edit, told to everybody who listens once it is on the disk. */
export interface SessionEvent {
  readonly changed: Omit<Changed, "t">;
  readonly author: Author;
  /** The edit that undo or redo moved over. */
  readonly of?: number | undefined;
}

export interface OpenSession {
  readonly description: SessionDescription;
  state(): SessionState;
  /** Keeps how the session looks at its pixels, for good; the first call decides. */
  freeze(view: SessionView): Promise<SessionView>;
  summary(): Session;
  /**
   * Makes one edit; resolves to its number when it is on the disk.
   * @param baseSeq the last edit the author saw; a later one of the same object by someone else is a `conflict`
   * @throws conflict, disk_full, file_not_written
   */
  edit(change: Exclude<Change, { kind: "undo" | "redo" }>, author: Author, baseSeq?: number): Promise<number>;
  /** @throws nothing_to_undo */
  undo(author: Author): Promise<{ seq: number; kind: Change["kind"] }>;
  /** @throws nothing_to_undo */
  redo(author: Author): Promise<{ seq: number; kind: Change["kind"] }>;
  /** Keeps a mask, or an end, of the run that edit `seq` began; resolves when a killed process cannot lose it any more. */
  addMask(seq: number, mask: Mask): Promise<void>;
  addEnd(seq: number, end: End): Promise<void>;
  /** Keeps that the run has walked all it was to walk. */
  addDone(seq: number): Promise<void>;
  /** See edited-since.ts. */
  editedSince(objectId: number, along: Along): readonly PromptCut[] | undefined;
  /** Keeps an object that the automask.stack edit `seq` makes while it goes on, with its prompts; before the object's first mask. */
  addObject(seq: number, object: PromptedObject): Promise<void>;
  /** @throws conflict as `edit` would, without making one; for work that must not be done in vain */
  checkBase(objectIds: readonly number[], author: Author, baseSeq: number | undefined): void;
  /** @returns a function that stops listening */
  subscribe(listener: (event: SessionEvent) => void): () => void;
  close(): Promise<void>;
}

/** @param records what the journal holds already. @throws session_damaged when they do not follow from each other */
export function openSession(description: SessionDescription, journal: Journal, records: readonly JournalRecord[]): OpenSession {
  const history = emptyHistory();
  for (const record of records) addRecord(history, record);
  const listeners = new Set<(event: SessionEvent) => void>();
  let folded: SessionState | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const state = (): SessionState => (folded ??= stateOf(history));

  /** One after another, in the order asked; a failed one holds nobody up. */
  const inOrder = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work, work);
    last = turn.catch(() => undefined);
    return turn;
  };

  const keep = async (record: JournalRecord, flush: boolean): Promise<void> => {
    await journal.append(record, flush);
    addRecord(history, record);
    folded = undefined;
  };

  const checkBase = (objectIds: readonly number[], author: Author, baseSeq: number | undefined): void => {
    if (baseSeq === undefined) return;
    for (const objectId of objectIds) {
      const touched = history.touched.get(objectId);
      if (touched !== undefined && touched.seq > baseSeq && touched.authorId !== author.id) {
        throw MaskletError.of("conflict", { objectId, seq: touched.seq, baseSeq });
      }
    }
  };

  const write = async (change: Change, author: Author): Promise<number> => {
    const seq = history.edits.length + 1;
    const objects = [...objectsOf(history, change)];
    await keep({ r: "edit", seq, at: new Date().toISOString(), author, change }, true);
    const changed = { sessionId: description.sessionId, seq, kind: change.kind, objects, by: author.name };
    const of = change.kind === "undo" || change.kind === "redo" ? change.of : undefined;
    for (const listener of [...listeners]) listener({ changed, author, of });
    return seq;
  };

  const moveOver = (kind: "undo" | "redo", author: Author): Promise<{ seq: number; kind: Change["kind"] }> => inOrder(async () => {
    const of = (kind === "undo" ? history.undoable : history.redoable).at(-1);
    if (of === undefined) throw MaskletError.of("nothing_to_undo", { what: kind });
    const moved = history.edits[of - 1]!.change.kind;
    return { seq: await write({ kind, of }, author), kind: moved };
  });

  return {
    description,
    state,
    freeze: (view) => inOrder(async () => {
      if (history.view === undefined) await keep({ r: "view", view }, true);
      return history.view ?? view;
    }),
    summary: () => summarise(description, state()),
    edit: (change, author, baseSeq) => inOrder(async () => {
      checkBase(objectsOf(history, change), author, baseSeq);
      return write(change, author);
    }),
    undo: (author) => moveOver("undo", author),
    redo: (author) => moveOver("redo", author),
    addMask: (seq, mask) => inOrder(() => keep({ r: "mask", seq, mask }, false)),
    addEnd: (seq, end) => inOrder(() => keep({ r: "end", seq, end }, false)),
    addDone: (seq) => inOrder(() => keep({ r: "done", seq }, false)),
    editedSince: (objectId, along) => editedSince(history, objectId, along),
    addObject: (seq, object) => inOrder(() => keep({ r: "object", seq, object }, false)),
    checkBase,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => inOrder(() => journal.close()),
  };
}

/** A session as the wire shows it. */
export function summarise(description: SessionDescription, state: SessionState): Session {
  const objects = [...state.objects].sort(([a], [b]) => a - b).map(([objectId, object]): ObjectSummary => ({
    objectId,
    seq: state.touched.get(objectId)?.seq ?? 0,
    prompts: [...object.prompts.values()].map((prompt) => ({ ...prompt.cut })),
    masks: object.masks.size,
  }));
  const { sessionId, volumeId, settings } = description;
  return { sessionId, volumeId, seq: state.seq, view: { ...(state.view ?? settings) }, objects };
}

/** Every mask of a state, by object, frame, axis and index. */
export function masksOf(state: SessionState, objectIds?: readonly number[]): readonly Mask[] {
  const wanted = objectIds === undefined ? undefined : new Set(objectIds);
  const masks: Mask[] = [];
  for (const [objectId, object] of state.objects) {
    if (wanted !== undefined && !wanted.has(objectId)) continue;
    for (const held of object.masks.values()) masks.push(held.mask);
  }
  return masks.sort((a, b) => a.objectId - b.objectId || a.t - b.t || (a.axis < b.axis ? -1 : a.axis > b.axis ? 1 : a.index - b.index));
}
