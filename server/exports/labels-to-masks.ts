// The way back from a plane of object ids to masks, for label images made here or elsewhere.
import { MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Mask } from "#protocol/types.ts";

export type LabelIds = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

export interface LabelPlane {
  /** `[y, x]`, 0 = background. */
  readonly ids: LabelIds;
  readonly width: number;
  readonly t: number;
  readonly z: number;
}

/**
 * One mask an id, smallest id first, with score 1. Memory: the masks, and a few numbers for each id.
 * @throws request_invalid when an id is no whole number from 0 on, labels_too_many beyond maxObjectId
 */
export function labelsToMasks(plane: LabelPlane): Mask[] {
  const masks = new Map<number, Mask>();
  forEachRun(plane, (id, x, end, y) => {
    const mask = masks.get(id);
    if (mask === undefined) {
      masks.set(id, { objectId: id, axis: "z", index: plane.z, t: plane.t, box: [x, y, end, y + 1], bits: new Uint8Array(0), score: 1, area: end - x });
      return;
    }
    mask.box = [Math.min(mask.box[0], x), mask.box[1], Math.max(mask.box[2], end), y + 1];
    mask.area += end - x;
  });
  for (const mask of masks.values()) mask.bits = new Uint8Array(((mask.box[2] - mask.box[0] + 7) >> 3) * (mask.box[3] - mask.box[1]));
  forEachRun(plane, (id, x, end, y) => {
    const { box, bits } = masks.get(id)!;
    const row = (y - box[1]) * ((box[2] - box[0] + 7) >> 3);
    for (let u = x - box[0]; u < end - box[0]; u++) bits[row + (u >> 3)]! |= 0x80 >> (u & 7);
  });
  return [...masks.values()].sort((a, b) => a.objectId - b.objectId);
}

/** Calls `seen` for each stretch of equal ids in a row, background left out. */
function forEachRun(plane: LabelPlane, seen: (id: number, x: number, end: number, y: number) => void): void {
  const { ids, width } = plane;
  for (let y = 0; y * width < ids.length; y++) {
    const row = y * width;
    for (let x = 0; x < width; ) {
      const id = ids[row + x]!;
      let end = x + 1;
      while (end < width && ids[row + end] === id) end++;
      if (id !== 0) {
        checkId(id, plane, x, y);
        seen(id, x, end, y);
      }
      x = end;
    }
  }
}

function checkId(id: number, plane: LabelPlane, x: number, y: number): void {
  if (id < 0 || !Number.isInteger(id)) {
    const at = `/t=${plane.t}/z=${plane.z}/y=${y}/x=${x}`;
    throw MaskletError.of("request_invalid", { what: "label image", at, why: `${id} is not an object id, which is a whole number from 0 on` });
  }
  if (id > limits.maxObjectId) throw MaskletError.of("labels_too_many", { objectId: id, limit: limits.maxObjectId });
}
