// One record of a session's journal: its meaning, and its bytes. [u32 length][u32 crc32 of the payload][MessagePack map].
import { Packr } from "msgpackr";
import { MaskletError } from "#protocol/errors.ts";
import type { Along, Axis, Direction, End, IndexRange, Mask, PromptParts, ViewSettings } from "#protocol/types.ts";
import { crc32 } from "./crc32.ts";

/** Who edits. Two connections of one program share a name, never an id. */
export interface Author {
  readonly id: string;
  readonly name: string;
}

/** Where a prompt lies, with nothing left to a default. */
export interface PromptCut {
  readonly axis: Axis;
  readonly index: number;
  readonly t: number;
  readonly c: number;
}

export interface HeldPrompt {
  readonly cut: PromptCut;
  readonly parts: PromptParts;
}

export interface PromptedObject {
  readonly objectId: number;
  readonly prompts: readonly HeldPrompt[];
}

export interface RunParams {
  readonly objects: readonly number[];
  readonly along: Along;
  readonly range?: IndexRange | undefined;
  readonly direction: Direction;
  readonly window: "object" | "plane";
  readonly model: string;
  /** A run that continued earlier ones answers for these planes alone, half-open along its axis; `fixed` is their frame, or for runs through time their z plane. */
  readonly walked?: readonly { readonly objectId: number; readonly fixed: number; readonly start: number; readonly end: number }[] | undefined;
}

/**
 * What automask, combine, split and classical.run leave: first what is removed goes, then prompts and masks are put. One record, so that an edit that
 * is on the disk is there whole; automask.stack alone adds `object` and `mask` records to its edit as it finds them.
 */
export interface Remake {
  readonly kind: "automask" | "automask.stack" | "combine" | "split" | "classical";
  readonly removes: {
    /** Objects whose masks go: those of one frame where `t` is given, else all. */
    readonly masks: readonly { readonly objectId: number; readonly t?: number }[];
    readonly prompts: readonly number[];
  };
  readonly prompts: readonly PromptedObject[];
  readonly masks: readonly Mask[];
  readonly model?: string;
}

/** What an edit does. Prompts are stored as they hold afterwards, so `add` needs no second reading. */
export type Change =
  | { readonly kind: "prompts.put"; readonly objects: readonly PromptedObject[] }
  | { readonly kind: "prompt.set"; readonly objectId: number; readonly cut: PromptCut; readonly parts: PromptParts; readonly mask: Mask; readonly model: string }
  | { readonly kind: "prompt.remove"; readonly objectId: number; readonly cut: PromptCut }
  | { readonly kind: "object.remove"; readonly objectId: number }
  | { readonly kind: "propagate"; readonly run: RunParams }
  | Remake
  | { readonly kind: "undo"; readonly of: number }
  | { readonly kind: "redo"; readonly of: number };

/** How raw values become the network's input, with nothing left open. */
export type SessionView = Required<ViewSettings>;

export type JournalRecord =
  | { readonly r: "view"; readonly view: SessionView }
  | { readonly r: "edit"; readonly seq: number; readonly at: string; readonly author: Author; readonly change: Change }
  | { readonly r: "mask"; readonly seq: number; readonly mask: Mask }
  /** The prompts of an object that the edit `seq` makes while it goes on; before the object's first mask. */
  | { readonly r: "object"; readonly seq: number; readonly object: PromptedObject }
  | { readonly r: "end"; readonly seq: number; readonly end: End }
  /** The run that edit `seq` began has walked all it was to walk. */
  | { readonly r: "done"; readonly seq: number };

export const journalHeader = new TextEncoder().encode("masklet journal 1\n");
const prefixBytes = 8;
/** A record is a map whose first key is "r"; this is how later records are found again behind a damaged one. */
const secondAndThirdByte = [0xa1, 0x72] as const;

/** @returns prefix and payload, ready to be put behind the last record */
export function encodeRecord(record: JournalRecord): Uint8Array {
  const payload = new Packr({ useRecords: false, variableMapSize: true }).pack(record);
  const bytes = new Uint8Array(prefixBytes + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, payload.length, true);
  view.setUint32(4, crc32(payload), true);
  bytes.set(payload, prefixBytes);
  return bytes;
}

/** What a journal's bytes hold. */
export interface Reading {
  readonly records: readonly JournalRecord[];
  /** Bytes up to the end of the last good record of the unbroken row. */
  readonly goodBytes: number;
  /** Where the next record was unreadable although good ones follow it; undefined for a torn tail or a whole file. */
  readonly damagedAt: number | undefined;
}

/** @param bytes the whole file, header included. @throws session_damaged for a good record of a kind this version does not know */
export function readRecords(bytes: Uint8Array): Reading {
  if (bytes.length < journalHeader.length || journalHeader.some((byte, at) => bytes[at] !== byte)) {
    const torn = bytes.length < journalHeader.length;
    return { records: [], goodBytes: 0, damagedAt: torn ? undefined : 0 };
  }
  const records: JournalRecord[] = [];
  let at = journalHeader.length;
  while (at < bytes.length) {
    const end = recordEnd(bytes, at);
    const record = end === undefined ? undefined : decodePayload(bytes.subarray(at + prefixBytes, end));
    if (end === undefined || record === undefined) break;
    records.push(record);
    at = end;
  }
  return { records, goodBytes: at, damagedAt: goodRecordFollows(bytes, at) ? at : undefined };
}

/** The end of the record that starts at `at`, if it is whole and its sum is right. */
function recordEnd(bytes: Uint8Array, at: number): number | undefined {
  if (at + prefixBytes + 3 > bytes.length) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, prefixBytes);
  const length = view.getUint32(0, true);
  const start = at + prefixBytes;
  if (length < 3 || length > bytes.length - start) return undefined;
  if ((bytes[start]! & 0xf0) !== 0x80 && bytes[start] !== 0xde) return undefined;
  if (bytes[start + 1] !== secondAndThirdByte[0] || bytes[start + 2] !== secondAndThirdByte[1]) return undefined;
  return crc32(bytes.subarray(start, start + length)) === view.getUint32(4, true) ? start + length : undefined;
}

function goodRecordFollows(bytes: Uint8Array, from: number): boolean {
  for (let at = from + 1; at + prefixBytes < bytes.length; at++) {
    if (recordEnd(bytes, at) !== undefined) return true;
  }
  return false;
}

/** The sum has been checked, so the payload is what encodeRecord wrote; only a newer version's records can differ. */
function decodePayload(payload: Uint8Array): JournalRecord | undefined {
  const value: unknown = new Packr({ useRecords: false }).unpack(payload);
  if (typeof value !== "object" || value === null || !("r" in value)) return undefined;
  if (value.r !== "view" && value.r !== "edit" && value.r !== "mask" && value.r !== "object" && value.r !== "end" && value.r !== "done") {
    throw MaskletError.of("session_damaged", { file: "journal.bin", why: `a record of an unknown kind (${String(value.r)})` });
  }
  return withOwnBytes(value) as JournalRecord;
}

/** Byte members copied out of the file's buffer, so that keeping a mask does not keep the file. */
function withOwnBytes(value: unknown): unknown {
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (Array.isArray(value)) return value.map(withOwnBytes);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined).map(([key, member]) => [key, withOwnBytes(member)]));
}
