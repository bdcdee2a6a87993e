// Measures of objects that were never voxels: ellipsoids of seeded sizes and directions, as `measureLabels` would describe them.
import { ellipsoidOf } from "#server/measure/ellipsoid.ts";
import { populationOf as measuredPopulation } from "#server/measure/population.ts";
import type { LabelMeasures, ObjectMeasures, Population } from "#protocol/types.ts";
import { seededRandom } from "../fixtures/make/seeded-random.ts";

type Vector = [number, number, number];

export interface SeededObjects {
  readonly count: number;
  readonly seed?: number;
  readonly unit?: "um" | "vx";
  /** empty: measured on an image of values that are not finite. */
  readonly intensity?: "none" | "some" | "empty";
}

const size: Vector = [40, 60, 80];

/** Platelets and grains, a fifth of them at the border, that lie mostly across z. */
export function seededMeasures({ count, seed = 1, unit = "um", intensity = "some" }: SeededObjects): LabelMeasures {
  const { uniform, normal } = seededRandom(seed);
  const objects = Array.from({ length: count }, (_, nth): ObjectMeasures => {
    const long = Math.exp(1 + 0.5 * normal());
    const middle = long * (0.5 + 0.5 * uniform());
    const third = unitVector([1, 0.4 * normal(), 0.4 * normal()]);
    const first = unitVector(cross(third, [normal(), normal(), normal()]));
    const object = ellipsoid(nth + 1, [long, middle, middle * (0.15 + 0.8 * uniform() ** 2)], [first, cross(third, first), third]);
    const mean = intensity === "some" ? 100 + 20 * uniform() : null;
    return {
      ...object, border: uniform() < 0.2, solidity: 0.7 + 0.3 * uniform(), contacts: Array.from({ length: Math.floor(4 * uniform()) }, (_each, at) => nth + at + 2), centroid: [uniform() * size[0], uniform() * size[1], uniform() * size[2]],
      intensity: intensity === "none" ? null : { mean, sd: mean === null ? null : 5, min: mean, max: mean, sum: (mean ?? 0) * object.voxels },
    };
  });
  return { unit, spacing: [1, 1, 1], size: [...size], frames: 1, objects, clusters: [], population: populationOf(objects) };
}

/** One object with its radii R1 >= R2 >= R3 along three unit vectors [z, y, x] at right angles, in the middle of the volume. */
export function ellipsoid(objectId: number, radii: Vector, axes: readonly [Vector, Vector, Vector]): ObjectMeasures {
  const volume = (4 / 3) * Math.PI * radii[0] * radii[1] * radii[2];
  const covariance = [0, 1, 2].map((row) => [0, 1, 2].map((column) => axes.reduce((sum, axis, nth) => sum + (radii[nth]! ** 2 / 5) * axis[row]! * axis[column]!, 0)) as Vector) as [Vector, Vector, Vector];
  return {
    objectId, clusterId: objectId, t: 0, objects: 1, voxels: Math.max(1, Math.round(volume)), volume, surface: 6 * volume ** (2 / 3), equivalentDiameter: Math.cbrt((6 * volume) / Math.PI),
    centroid: [20, 30, 40], start: [19, 29, 39], end: [21, 31, 41], border: false, ...ellipsoidOf(covariance), sphericity: 0.8, convexVolume: volume / 0.9, solidity: 0.9, feret: 2 * radii[0], minFeret: 2 * radii[2],
    contacts: [], contactArea: 0, intensity: null, confidence: null,
  };
}

/** In a volume of 40 x 60 x 80 voxels of side 1. */
export function populationOf(objects: readonly ObjectMeasures[]): Population {
  return measuredPopulation(objects, [], { voxels: size[0] * size[1] * size[2], voxelVolume: 1 });
}

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function unitVector(vector: Vector): Vector {
  const length = Math.hypot(...vector);
  return [vector[0] / length, vector[1] / length, vector[2] / length];
}
