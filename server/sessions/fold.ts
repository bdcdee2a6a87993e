// A session's state as a pure function of its journal. Nothing here knows files, clocks or connections.
import { MaskletError } from "#protocol/errors.ts";
import type { End, Mask } from "#protocol/types.ts";
import type { Author, Change, HeldPrompt, JournalRecord, PromptCut, PromptedObject, Remake, RunParams, SessionView } from "./record.ts";

export interface HeldMask {
  readonly mask: Mask;
  /** The edit it came with. */
  readonly seq: number;
  /** A run's masks may be taken away by a later run that ends before them; the answer to a prompt may not. */
  readonly from: "prompt" | "run";
}

export interface ObjectState {
  readonly prompts: ReadonlyMap<string, HeldPrompt>;
  readonly masks: ReadonlyMap<string, HeldMask>;
}

export interface Touch {
  readonly seq: number;
  readonly authorId: string;
}

export interface SessionState {
  /** Number of the last edit; 0 for a new session. */
  readonly seq: number;
  /** Frozen at the first look at the pixels; undefined before. */
  readonly view: SessionView | undefined;
  readonly objects: ReadonlyMap<number, ObjectState>;
  /** The last edit, undo and redo included, that touched each object, removed ones too. */
  readonly touched: ReadonlyMap<number, Touch>;
  /** Edits that undo and redo would take next, last first to go. */
  readonly undoable: readonly number[];
  readonly redoable: readonly number[];
}

export interface Edit {
  readonly seq: number;
  readonly author: Author;
  readonly change: Change;
  /** Prompts, masks and ends that came after the edit itself. */
  readonly objects: PromptedObject[];
  readonly masks: Mask[];
  readonly ends: End[];
  /** For a run: it came to its end. */
  done: boolean;
}

/** The journal so far, ready for the next record. */
export interface History {
  view: SessionView | undefined;
  readonly edits: Edit[];
  readonly touched: Map<number, Touch>;
  readonly undoable: number[];
  readonly redoable: number[];
}

export function emptyHistory(): History {
  return { view: undefined, edits: [], touched: new Map(), undoable: [], redoable: [] };
}

/** An object has one prompt on each plane, frame and channel. */
export function promptKey(cut: PromptCut): string {
  return `${cut.axis} ${cut.index} ${cut.t} ${cut.c}`;
}

/** An object has one mask on each plane and frame, whatever channel it was found in. */
export function planeKey(plane: { axis: string; index: number; t: number }): string {
  return `${plane.axis} ${plane.index} ${plane.t}`;
}

/** The objects a change is about; undo and redo are about those of the edit they move over. */
export function objectsOf(history: History, change: Change): readonly number[] {
  switch (change.kind) {
    case "prompts.put": return change.objects.map((object) => object.objectId);
    case "propagate": return change.run.objects;
    case "automask":
    case "automask.stack":
    case "combine":
    case "split":
    case "classical": {
      const { removes, prompts, masks } = change;
      return [...new Set([...removes.masks.map(({ objectId }) => objectId), ...removes.prompts, ...[...prompts, ...masks].map(({ objectId }) => objectId)])];
    }
    case "undo":
    case "redo": {
      const moved = editAt(history, change.of);
      return [...new Set([...objectsOf(history, moved.change), ...moved.objects.map(({ objectId }) => objectId)])];
    }
    default: return [change.objectId];
  }
}

/** Takes one more record into the history. @throws session_damaged when it does not follow from those before */
export function addRecord(history: History, record: JournalRecord): void {
  if (record.r === "mask") return void editAt(history, record.seq).masks.push(record.mask);
  if (record.r === "end") return void editAt(history, record.seq).ends.push(record.end);
  if (record.r === "done") {
    editAt(history, record.seq).done = true;
    return;
  }
  if (record.r === "object") {
    const edit = editAt(history, record.seq);
    edit.objects.push(record.object);
    history.touched.set(record.object.objectId, touch(record.seq, edit.author));
    return;
  }
  if (record.r === "view") {
    history.view ??= record.view;
    return;
  }
  const { seq, author, change } = record;
  if (seq !== history.edits.length + 1) throw damaged(`edit ${seq} follows edit ${history.edits.length}`);
  if (change.kind === "undo") move(change.of, history.undoable, history.redoable);
  else if (change.kind === "redo") move(change.of, history.redoable, history.undoable);
  else {
    history.undoable.push(seq);
    history.redoable.length = 0;
  }
  for (const objectId of objectsOf(history, change)) history.touched.set(objectId, touch(seq, author));
  history.edits.push({ seq, author, change, objects: [], masks: [], ends: [], done: false });
}

/** What the active edits, applied in order, leave. @throws session_damaged when a record names an edit that is not there */
export function stateOf(history: History): SessionState {
  const objects = new Map<number, MutableObject>();
  for (const seq of history.undoable) apply(objects, editAt(history, seq));
  for (const [objectId, object] of objects) {
    if (object.prompts.size === 0 && object.masks.size === 0) objects.delete(objectId);
  }
  return {
    seq: history.edits.length,
    view: history.view,
    objects,
    touched: new Map(history.touched),
    undoable: [...history.undoable],
    redoable: [...history.redoable],
  };
}

/** The state a whole journal gives. @throws session_damaged when a record does not follow from those before */
export function fold(records: Iterable<JournalRecord>): SessionState {
  const history = emptyHistory();
  for (const record of records) addRecord(history, record);
  return stateOf(history);
}

interface MutableObject {
  readonly prompts: Map<string, HeldPrompt>;
  readonly masks: Map<string, HeldMask>;
}

function apply(objects: Map<number, MutableObject>, edit: Edit): void {
  const { seq, change } = edit;
  switch (change.kind) {
    case "prompts.put":
      for (const given of change.objects) {
        const object = objectOf(objects, given.objectId);
        object.prompts.clear();
        // Masks that answered the replaced prompts answer nothing any more; those of runs wait for the next run.
        for (const [key, held] of object.masks) if (held.from === "prompt") object.masks.delete(key);
        for (const prompt of given.prompts) object.prompts.set(promptKey(prompt.cut), prompt);
      }
      // The answers, where they were asked for at once.
      for (const mask of edit.masks) objectOf(objects, mask.objectId).masks.set(planeKey(mask), { mask, seq, from: "prompt" });
      return;
    case "prompt.set": {
      const object = objectOf(objects, change.objectId);
      object.prompts.set(promptKey(change.cut), { cut: change.cut, parts: change.parts });
      object.masks.set(planeKey(change.cut), { mask: change.mask, seq, from: "prompt" });
      return;
    }
    case "prompt.remove": {
      const object = objectOf(objects, change.objectId);
      object.prompts.delete(promptKey(change.cut));
      if (object.masks.get(planeKey(change.cut))?.from === "prompt") object.masks.delete(planeKey(change.cut));
      return;
    }
    case "object.remove":
      objects.delete(change.objectId);
      return;
    case "propagate":
      for (const mask of edit.masks) objectOf(objects, mask.objectId).masks.set(planeKey(mask), { mask, seq, from: "run" });
      for (const end of edit.ends) if (end.reason !== "cancelled") clearBeyond(objectOf(objects, end.objectId), change.run, end, seq);
      return;
    case "automask":
    case "automask.stack":
    case "combine":
    case "split":
    case "classical":
      remake(objects, edit, change);
      return;
    case "undo":
    case "redo":
      return; // They moved an edit in or out of `undoable`; that is all they do.
  }
}

function remake(objects: Map<number, MutableObject>, edit: Edit, change: Remake): void {
  for (const { objectId, t } of change.removes.masks) {
    const masks = objects.get(objectId)?.masks;
    for (const [key, held] of masks ?? []) if (t === undefined || held.mask.t === t) masks?.delete(key);
  }
  for (const objectId of change.removes.prompts) objects.get(objectId)?.prompts.clear();
  for (const { objectId, prompts } of [...change.prompts, ...edit.objects]) {
    const object = objectOf(objects, objectId);
    for (const prompt of prompts) object.prompts.set(promptKey(prompt.cut), prompt);
  }
  // What automask found on a plane answers the prompt it left there; what combine, split and classical.run leave is no answer to a prompt.
  const answers = change.kind === "automask" || change.kind === "automask.stack";
  for (const mask of [...change.masks, ...edit.masks]) {
    const object = objectOf(objects, mask.objectId);
    const from = answers && [...object.prompts.values()].some(({ cut }) => planeKey(cut) === planeKey(mask)) ? "prompt" : "run";
    object.masks.set(planeKey(mask), { mask, seq: edit.seq, from });
  }
}

/**
 * The object ended at `end.index`, so what earlier runs found beyond it, within this run's range and up to the next
 * prompted plane (where the run started again), is not part of it any more. Nor is what they found between the prompted
 * plane and the end, where this run looked and the object was hidden. A run that continued others answers for its own gaps alone.
 */
function clearBeyond(object: MutableObject, run: RunParams, end: End, seq: number): void {
  const sign = end.direction === "forward" ? 1 : -1;
  const anchors = [...object.prompts.values()].map((prompt) => prompt.cut).filter((cut) => cut.axis === (run.along === "t" ? "z" : run.along));
  const place = (plane: { index: number; t: number }): number => (run.along === "t" ? plane.t : plane.index);
  /** What stays the same along the run: the frame, or for runs through time the z plane. */
  const fixed = (plane: { index: number; t: number }): number => (run.along === "t" ? plane.index : plane.t);
  for (const [key, held] of object.masks) {
    const { mask } = held;
    if (held.from !== "run" || held.seq >= seq || mask.axis !== (run.along === "t" ? "z" : run.along)) continue;
    const at = place(mask);
    if (run.walked !== undefined && !run.walked.some((span) => span.objectId === end.objectId && span.fixed === fixed(mask) && at >= span.start && at < span.end)) continue;
    if (run.range !== undefined && (at < run.range.start || at >= run.range.end)) continue;
    const ours = anchors.filter((cut) => fixed(cut) === fixed(mask));
    if ((at - end.index) * sign <= 0) {
      const passed = ours.map((cut) => (place(cut) - end.index) * sign).filter((behind) => behind <= 0);
      const last = planeKey(run.along === "t" ? { axis: mask.axis, index: mask.index, t: end.index } : { axis: mask.axis, index: end.index, t: mask.t });
      // An end does not say its frame; one where this run found nothing on that plane is not meant.
      const meant = object.masks.get(last)?.seq === seq;
      if (meant && passed.length > 0 && (at - end.index) * sign > Math.max(...passed)) object.masks.delete(key);
      continue;
    }
    const restarted = ours.some((cut) => (place(cut) - end.index) * sign > 0 && (place(cut) - at) * sign <= 0);
    if (ours.length > 0 && !restarted) object.masks.delete(key);
  }
}

function objectOf(objects: Map<number, MutableObject>, objectId: number): MutableObject {
  const found = objects.get(objectId);
  if (found !== undefined) return found;
  const made = { prompts: new Map<string, HeldPrompt>(), masks: new Map<string, HeldMask>() };
  objects.set(objectId, made);
  return made;
}

/** @throws session_damaged */
export function editAt(history: History, seq: number): Edit {
  const edit = history.edits[seq - 1];
  if (edit === undefined) throw damaged(`a record belongs to edit ${seq}, which is not there`);
  return edit;
}

function move(seq: number, from: number[], to: number[]): void {
  if (from.at(-1) !== seq) throw damaged(`edit ${seq} is not the next to be undone or redone`);
  from.pop();
  to.push(seq);
}

function touch(seq: number, author: Author): Touch {
  return { seq, authorId: author.id };
}

function damaged(why: string): MaskletError {
  return MaskletError.of("session_damaged", { file: "journal.bin", why });
}
