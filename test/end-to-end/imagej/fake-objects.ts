// What the fake server answers to automask, combine and split: bright pixels that touch are one object. Quick and exact.
import { MaskletError } from "#protocol/errors.ts";
import { packMask, unpackMask } from "#protocol/mask.ts";
import type { Mask, PixelBox, Schema } from "#protocol/types.ts";
import { maskKey, type FakePlane } from "./fake-segmentation.ts";

/** The bright pixels of each plane that touch through faces, also from plane to plane, as one object; ids from firstId in scan order. */
export function brightObjects(planes: ReadonlyMap<number, FakePlane>, threshold: number, region: PixelBox | undefined, firstId: number, t: number): Mask[] {
  const seen = new Set<string>();
  const found: Mask[] = [];
  let objectId = firstId;
  for (const [start, plane] of planes) {
    const [u0, v0, u1, v1] = region ?? [0, 0, plane.width, plane.height];
    const isFree = (z: number, y: number, x: number): boolean =>
      x >= u0 && x < u1 && y >= v0 && y < v1 && !seen.has(`${z}/${y}/${x}`) && (planes.get(z)?.values[y * plane.width + x] ?? 0) >= threshold;
    for (let y = v0; y < v1; y++) {
      for (let x = u0; x < u1; x++) {
        if (!isFree(start, y, x)) continue;
        const slices = new Map<number, Uint8Array>();
        const open: [number, number, number][] = [[start, y, x]];
        seen.add(`${start}/${y}/${x}`);
        for (let at = open.pop(); at !== undefined; at = open.pop()) {
          const [z, row, column] = at;
          const slice = slices.get(z) ?? new Uint8Array(plane.width * plane.height);
          slices.set(z, slice);
          slice[row * plane.width + column] = 1;
          for (const [dz, dy, dx] of [[0, 0, 1], [0, 0, -1], [0, 1, 0], [0, -1, 0], [1, 0, 0], [-1, 0, 0]] as const) {
            if (!isFree(z + dz, row + dy, column + dx)) continue;
            seen.add(`${z + dz}/${row + dy}/${column + dx}`);
            open.push([z + dz, row + dy, column + dx]);
          }
        }
        for (const [index, data] of [...slices].sort(([a], [b]) => a - b)) {
          found.push({ objectId, axis: "z", index, t, score: 0.9, ...packMask({ box: [0, 0, plane.width, plane.height], data }) });
        }
        objectId++;
      }
    }
  }
  return found;
}

/** Each pixel goes to the seed that is nearest on the plane; without seeds to the left or the right half of the object's box. */
export function partedMasks(masks: readonly Mask[], seeds: readonly (readonly [number, number, number])[] | undefined, firstNewId: number): Mask[] {
  const left = Math.min(...masks.map((mask) => mask.box[0]));
  const right = Math.max(...masks.map((mask) => mask.box[2]));
  const places = seeds ?? [[left, 0, 0], [right, 0, 0]] as const;
  return masks.flatMap((mask): Mask[] => {
    const { box, data } = unpackMask(mask);
    const width = box[2] - box[0];
    return places.map(([, ,], nth): Mask => {
      const part = data.map((value, at) => {
        const x = box[0] + (at % width) + 0.5;
        const y = seeds === undefined ? 0 : box[1] + Math.floor(at / width) + 0.5;
        const distances = places.map(([px, py]) => Math.hypot(px - x, py - y));
        return distances.indexOf(Math.min(...distances)) === nth ? value : 0;
      });
      return { ...mask, objectId: nth === 0 ? mask.objectId : firstNewId + nth - 1, ...packMask({ box, data: part }) };
    });
  }).filter((mask) => mask.area > 0);
}

/** All as the first object's masks, joined where two lie on one plane. @throws request_invalid for fewer than two objects */
export function joinedMasks(masks: readonly Mask[], objects: readonly number[], plane: { width: number; height: number }): Mask[] {
  const [first, second] = objects;
  if (first === undefined || second === undefined) throw MaskletError.of("request_invalid", { what: "Combine", at: "/objects", why: "a union needs at least two different objects" });
  const joined = new Map<string, { mask: Mask; data: Uint8Array }>();
  for (const mask of masks) {
    const one = { ...mask, objectId: first };
    const to = joined.get(maskKey(one)) ?? { mask: one, data: new Uint8Array(plane.width * plane.height) };
    joined.set(maskKey(one), to);
    const { box, data } = unpackMask(mask);
    const width = box[2] - box[0];
    data.forEach((value, at) => { if (value !== 0) to.data[(box[1] + Math.floor(at / width)) * plane.width + box[0] + (at % width)] = 1; });
  }
  return [...joined.values()].map(({ mask, data }) => ({ ...mask, ...packMask({ box: [0, 0, plane.width, plane.height], data }) }));
}

/** Made up, but for the voxels: the fake follows nothing. The second of two planes is the worst. */
export function madeUpDisagreements(masks: readonly Mask[]): Schema<"Disagreement">[] {
  return [...new Set(masks.map((mask) => mask.objectId))].map((objectId) => {
    const own = masks.filter((mask) => mask.objectId === objectId);
    return { objectId, voxels: own.reduce((sum, mask) => sum + mask.area, 0), disputed: 5, dice: 0.75, worst: { axis: "z", index: own[0]!.index + 1 } };
  });
}
