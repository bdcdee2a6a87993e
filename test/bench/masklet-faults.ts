// What went wrong with a masklet, in a word, and what its object is like.
import { areaOf, unpackMask } from "#protocol/mask.ts";
import type { Mask } from "#protocol/types.ts";
import type { Size3 } from "#server/classical/kernels/size3.ts";
import type { Pixels } from "#server/volumes/source.ts";
import { errorsOf } from "./masklet-errors.ts";
import type { TrueObject } from "./masklet-objects.ts";

export const faults = ["lost", "ended early", "thin", "ran on", "leaked", "wrong object"] as const;
export type Fault = (typeof faults)[number];

/** Below this Dice on the prompted slice the object was not understood in the first place. */
const lostBelow = 0.3;

export interface Volume {
  /** `[z, y, x]` */
  readonly voxels: Pixels;
  readonly truth: ArrayLike<number>;
  readonly size: Size3;
}

/**
 * By where most wrong voxels are: `lost`, hardly anything on the prompted slice; `ended early`, missed beyond the masklet's ends; `thin`, missed
 * between them; `ran on`, too much beyond the object's ends; `leaked`, too much beside it; `wrong object`, either, and most of it in other objects.
 */
export function faultOf(object: TrueObject, masks: ReadonlyMap<number, Mask>, { truth, size: [, height, width] }: Volume): Fault {
  const errors = errorsOf(object, masks);
  const prompted = errors.find(({ z }) => z === object.middle)!;
  if (2 * prompted.both < lostBelow * (2 * prompted.both + prompted.missed + prompted.extra)) return "lost";
  const found = [...masks.values()].filter(({ area }) => area > 0).map(({ index }) => index);
  const [first, last] = [Math.min(...found), Math.max(...found)];
  const [from, to] = [Math.min(...object.slices.keys()), Math.max(...object.slices.keys())];
  const sum = { "ended early": 0, thin: 0, "ran on": 0, leaked: 0 };
  for (const { z, missed, extra } of errors) {
    sum[z < first || z > last ? "ended early" : "thin"] += missed;
    sum[z < from || z > to ? "ran on" : "leaked"] += extra;
  }
  const worst = (["ended early", "thin", "ran on", "leaked"] as const).reduce((most, kind) => (sum[kind] > sum[most] ? kind : most));
  if (worst === "ended early" || worst === "thin") return worst;
  const elsewhere = [...masks.values()].reduce((total, mask) => {
    const { box, data } = unpackMask(mask);
    return total + data.reduce((count, value, at) => {
      if (value === 0) return count;
      const columns = box[2] - box[0];
      const id = truth[(mask.index * height + box[1] + Math.floor(at / columns)) * width + box[0] + (at % columns)]!;
      return count + Number(id !== 0 && id !== object.id);
    }, 0);
  }, 0);
  return 2 * elsewhere > sum["ran on"] + sum.leaked ? "wrong object" : worst;
}

export interface ObjectLook {
  readonly voxels: number;
  readonly slices: number;
  /** On the middle slice, of a disc of the same area, in pixels. */
  readonly diameter: number;
  /** On the middle slice: how far its mean is from that of the ring of 3 pixels around it, over the deviation within both; 0 without a ring. */
  readonly contrast: number;
  /** On the middle slice: the part of that ring that other objects have. */
  readonly crowded: number;
}

const ring = 3;

export function lookOf(object: TrueObject, { voxels, truth, size: [, height, width] }: Volume): ObjectLook {
  const middle = object.slices.get(object.middle)!;
  const { box, data } = middle;
  const inside = moments();
  const around = moments();
  let others = 0;
  const columns = box[2] - box[0];
  const isInside = (x: number, y: number): boolean => x >= box[0] && x < box[2] && y >= box[1] && y < box[3] && data[(y - box[1]) * columns + x - box[0]] !== 0;
  for (let y = Math.max(0, box[1] - ring); y < Math.min(height, box[3] + ring); y++) {
    for (let x = Math.max(0, box[0] - ring); x < Math.min(width, box[2] + ring); x++) {
      const at = (object.middle * height + y) * width + x;
      if (isInside(x, y)) inside.add(voxels[at]!);
      else if (isNear(x, y, isInside)) {
        around.add(voxels[at]!);
        if (truth[at] !== 0 && truth[at] !== object.id) others++;
      }
    }
  }
  const deviation = Math.sqrt((inside.variance() * inside.count() + around.variance() * around.count()) / (inside.count() + around.count()));
  return {
    voxels: object.voxels, slices: object.slices.size, diameter: 2 * Math.sqrt(areaOf(middle) / Math.PI),
    contrast: around.count() === 0 ? 0 : Math.abs(inside.mean() - around.mean()) / deviation, crowded: around.count() === 0 ? 0 : others / around.count(),
  };
}

function isNear(x: number, y: number, isInside: (x: number, y: number) => boolean): boolean {
  for (let dy = -ring; dy <= ring; dy++) for (let dx = -ring; dx <= ring; dx++) if (dx * dx + dy * dy <= ring * ring && isInside(x + dx, y + dy)) return true;
  return false;
}

function moments() {
  let [count, sum, squares] = [0, 0, 0];
  return {
    add(value: number): void {
      count++;
      sum += value;
      squares += value * value;
    },
    count: () => count,
    mean: () => (count === 0 ? 0 : sum / count),
    variance: () => (count === 0 ? 0 : Math.max(0, squares / count - (sum / count) ** 2)),
  };
}
