// Ids for objects that an operation makes.
import { MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { SessionState } from "./fold.ts";

/**
 * Ids that no object of the session has or had, the smallest above all of them first; near the highest id those left free below.
 * @throws labels_too_many when there are not so many left
 */
export function newObjectIds(state: SessionState, count: number): number[] {
  const used = new Set([...state.touched.keys(), ...state.objects.keys()]);
  return freeIds(used, count);
}

/** @param used ids that are taken, from 1 on. @throws labels_too_many */
export function freeIds(used: ReadonlySet<number>, count: number): number[] {
  let highest = 0;
  for (const id of used) if (id > highest) highest = id;
  const made: number[] = [];
  for (let id = highest + 1; id <= limits.maxObjectId && made.length < count; id++) made.push(id);
  for (let id = 1; id < highest && made.length < count; id++) if (!used.has(id)) made.push(id);
  if (made.length < count) throw MaskletError.of("labels_too_many", { objectId: limits.maxObjectId + 1, limit: limits.maxObjectId });
  return made;
}
