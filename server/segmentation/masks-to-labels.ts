// Masks of many objects, which may overlap, as planes of object ids, where each pixel has one owner.
import { MaskletError } from "#protocol/errors.ts";
import { unpackMask } from "#protocol/mask.ts";
import type { Mask, Overlap } from "#protocol/types.ts";
import { masksAsZPlanes } from "#protocol/z-planes.ts";

export interface PlaneMasks {
  readonly t: number;
  readonly z: number;
  readonly masks: readonly Mask[];
}

/**
 * All masks by z plane, in the order t, z; masks of y and x planes as the z planes they cross. Planes without a pixel are left
 * out. On each plane the objects stand in the order in which `masks` first names them.
 * @throws request_invalid when bits do not fill a box
 */
export function groupByPlane(masks: readonly Mask[]): PlaneMasks[] {
  const turns = new Map<number, number>();
  for (const mask of masks) if (!turns.has(mask.objectId)) turns.set(mask.objectId, turns.size);
  const ordered = masksAsZPlanes(masks).filter((mask) => mask.area > 0);
  ordered.sort((a, b) => a.t - b.t || a.index - b.index || turns.get(a.objectId)! - turns.get(b.objectId)!);
  const planes: { t: number; z: number; masks: Mask[] }[] = [];
  for (const mask of ordered) {
    const last = planes.at(-1);
    if (last !== undefined && last.t === mask.t && last.z === mask.index) last.masks.push(mask);
    else planes.push({ t: mask.t, z: mask.index, masks: [mask] });
  }
  return planes;
}

/**
 * Object ids of one z plane, `[y, x]`, 0 where no mask lies. A pixel in several masks goes to
 * - `highest-score`: the mask with the highest score, the first of equal ones;
 * - `first` / `last`: the first or last in the order given, which is the order of a person's edits when the session is asked;
 * - `nearest`: the mask whose centroid on this plane is nearest to the pixel's centre, the first of equal ones.
 * Memory: the answer and one mask's box.
 * @param masks of one z plane, as `groupByPlane` gives them
 * @throws request_invalid when a mask does not lie on the plane
 */
export function labelPlane(masks: readonly Mask[], width: number, height: number, overlap: Overlap): Uint32Array {
  // Owners as positions in `masks` from 1, so that the rule can look at the one who holds a pixel; ids are put in at the end.
  const owners = new Uint32Array(width * height);
  const centroids: (readonly [number, number])[] = [];
  masks.forEach((mask, nth) => {
    const { box, data } = unpackMask(mask);
    if (mask.axis !== "z" || box[2] > width || box[3] > height) {
      const why = `[${mask.box.join(", ")}] on a plane of axis ${mask.axis} does not lie on a z plane of ${width} x ${height}`;
      throw MaskletError.of("request_invalid", { what: "Mask", at: "/box", why });
    }
    if (overlap === "nearest") centroids.push(centroidOf(box, data));
    for (let v = box[1], from = 0; v < box[3]; v++) {
      for (let u = box[0], at = v * width + box[0]; u < box[2]; u++, at++, from++) {
        if (data[from] === 0) continue;
        const holder = owners[at]! - 1;
        if (holder < 0 || takes(nth, holder, u, v)) owners[at] = nth + 1;
      }
    }
  });
  for (let at = 0; at < owners.length; at++) if (owners[at] !== 0) owners[at] = masks[owners[at]! - 1]!.objectId;
  return owners;

  function takes(newcomer: number, holder: number, u: number, v: number): boolean {
    if (overlap === "first") return false;
    if (overlap === "last") return true;
    if (overlap === "highest-score") return masks[newcomer]!.score > masks[holder]!.score;
    return squareDistance(centroids[newcomer]!, u, v) < squareDistance(centroids[holder]!, u, v);
  }
}

function centroidOf(box: Mask["box"], data: Uint8Array): readonly [number, number] {
  let count = 0;
  let sumU = 0;
  let sumV = 0;
  for (let v = box[1], at = 0; v < box[3]; v++) {
    for (let u = box[0]; u < box[2]; u++, at++) {
      count += data[at]!;
      sumU += data[at]! * u;
      sumV += data[at]! * v;
    }
  }
  return [sumU / count, sumV / count];
}

function squareDistance(centroid: readonly [number, number], u: number, v: number): number {
  return (centroid[0] - u) ** 2 + (centroid[1] - v) ** 2;
}
