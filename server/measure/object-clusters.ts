// Objects that touch, as one body: their sums added up, what was a surface between them now inside.
import type { ObjectMeasures } from "#protocol/types.ts";
import type { Body } from "./describe-body.ts";
import { column, columns, intensityColumn, intensityColumns } from "./object-sums.ts";
import type { ObjectSums } from "./object-sums.ts";
import type { RowSweep } from "./row-sweep.ts";
import type { TouchingPairs } from "./touching-pairs.ts";

/** @returns by object, the place of the object with the smallest id among those it hangs together with */
export function clusterRoots({ ids, count }: ObjectSums, pairs: TouchingPairs): Int32Array {
  const parents = Int32Array.from({ length: count }, (_, own) => own);
  const rootOf = (own: number): number => {
    let at = own;
    while (parents[at] !== at) {
      parents[at] = parents[parents[at]!]!;
      at = parents[at]!;
    }
    return at;
  };
  pairs.forEach((a, b) => {
    const [one, other] = [rootOf(a), rootOf(b)];
    if (one !== other) parents[ids[one]! < ids[other]! ? other : one] = ids[one]! < ids[other]! ? one : other;
  });
  return parents.map((_, own) => rootOf(own));
}

export function bodyOf(own: number, { objects, outlines }: RowSweep, withIntensity: boolean): Body {
  return {
    sums: objects.sums.subarray(columns * own, columns * (own + 1)), box: objects.boxes.subarray(6 * own, 6 * own + 6),
    intensity: withIntensity ? objects.intensities.subarray(intensityColumns * own, intensityColumns * (own + 1)) : undefined,
    eachSlice: (use) => outlines.forEach(own, use),
  };
}

/** @param bodies two or more, with all that touch any of them */
export function joinBodies(bodies: readonly Body[]): Body {
  const sums = new Float64Array(columns);
  const box = Int32Array.from(bodies[0]!.box);
  for (const body of bodies) {
    for (let at = 0; at < columns; at++) sums[at]! += body.sums[at]!;
    for (let axis = 0; axis < 3; axis++) {
      box[axis] = Math.min(box[axis]!, body.box[axis]!);
      box[axis + 3] = Math.max(box[axis + 3]!, body.box[axis + 3]!);
    }
  }
  for (let step = 0; step < column.foreign - column.pairs; step++) {
    // Both objects of a pair have counted it.
    sums[column.pairs + step]! += sums[column.foreign + step]! / 2;
    sums[column.foreign + step] = 0;
  }
  const intensities = bodies.map(({ intensity }) => intensity).filter((intensity) => intensity !== undefined);
  return {
    sums, box, intensity: intensities.length < bodies.length ? undefined : intensities.reduce(joinIntensities),
    eachSlice: (use) => bodies.forEach(({ eachSlice }) => eachSlice(use)),
  };
}

/** Sums of two sets of values that are counted from different offsets, from the first one's. */
function joinIntensities(one: Float64Array, other: Float64Array): Float64Array {
  const { count, offset, sum, squares, min, max } = intensityColumn;
  if (one[count] === 0 || other[count] === 0) return one[count] === 0 ? other : one;
  const shift = other[offset]! - one[offset]!;
  const joined = Float64Array.from(one);
  joined[count]! += other[count]!;
  joined[sum]! += other[sum]! + other[count]! * shift;
  joined[squares]! += other[squares]! + 2 * shift * other[sum]! + other[count]! * shift * shift;
  joined[min] = Math.min(one[min]!, other[min]!);
  joined[max] = Math.max(one[max]!, other[max]!);
  return joined;
}

/** Weighted by voxels; null when none of the objects has one. */
export function meanConfidence(objects: readonly ObjectMeasures[]): number | null {
  let [weight, sum] = [0, 0];
  for (const { confidence, voxels } of objects) {
    if (confidence === null) continue;
    weight += voxels;
    sum += confidence * voxels;
  }
  return weight === 0 ? null : sum / weight;
}
