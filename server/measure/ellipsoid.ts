// The ellipsoid with an object's second moments: its radii and axes, and which of them the shape does not settle.
import type { ObjectMeasures } from "#protocol/types.ts";
import type { Triple } from "#server/volumes/label-reader.ts";
import { column } from "./object-sums.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";
import type { Matrix3 } from "./symmetric-eigen.ts";

/** Two radii whose ratio is below this leave the directions of their axes open. */
const settledRatio = 1.05;
const zinggLimit = 2 / 3;

/** Mean of the voxel centres, in voxels, voxel 0 at 0.5. @param sums of one object; @param middle that their positions count from */
export function centroidOf(sums: Float64Array, middle: Triple): Triple {
  const voxels = sums[column.voxels]!;
  return [middle[0] + 0.5 + sums[column.z]! / voxels, middle[1] + 0.5 + sums[column.y]! / voxels, middle[2] + 0.5 + sums[column.x]! / voxels];
}

/** Covariance of a body of voxels: that of their centres and, on the diagonal, the spread within one, size^2 / 12. @param sums of one object; @param spacing any unit */
export function covarianceOf(sums: Float64Array, spacing: Triple): Matrix3 {
  const n = sums[column.voxels]!;
  const first = [sums[column.z]!, sums[column.y]!, sums[column.x]!];
  // Positions counted from the whole number next to the mean: exact, and no digits of the spread are lost under those of the place.
  const near = first.map((sum) => Math.round(sum / n));
  const rest = first.map((sum, axis) => sum - n * near[axis]!);
  const spread = (product: number, a: 0 | 1 | 2, b: 0 | 1 | 2): number => {
    const moved = product - near[a]! * first[b]! - near[b]! * rest[a]!;
    return ((moved - (rest[a]! * rest[b]!) / n) / n + (a === b ? 1 / 12 : 0)) * spacing[a] * spacing[b];
  };
  const [zy, zx, yx] = [spread(sums[column.zy]!, 0, 1), spread(sums[column.zx]!, 0, 2), spread(sums[column.yx]!, 1, 2)];
  return [[spread(sums[column.zz]!, 0, 0), zy, zx], [zy, spread(sums[column.yy]!, 1, 1), yx], [zx, yx, spread(sums[column.xx]!, 2, 2)]];
}

export type EllipsoidMeasures = Pick<ObjectMeasures, "radii" | "elongation" | "flatness" | "zingg" | "axes" | "axesUncertain" | "major" | "normal">;

/** R = sqrt(5 l) of a full ellipsoid; T. Zingg, Beitrag zur Schotteranalyse, 1935, for the classes. */
export function ellipsoidOf(covariance: Matrix3): EllipsoidMeasures {
  const { values, vectors } = symmetricEigen(covariance);
  const [r1, r2, r3] = [Math.sqrt(5 * values[0]), Math.sqrt(5 * values[1]), Math.sqrt(5 * values[2])];
  const [major, minor] = [r1 / r2 < settledRatio, r2 / r3 < settledRatio];
  const [il, si] = [r2 / r1, r3 / r2];
  return {
    radii: [r1, r2, r3], elongation: r1 / r2, flatness: r2 / r3,
    zingg: { il, si, class: il > zinggLimit ? (si > zinggLimit ? "sphere" : "disc") : si > zinggLimit ? "rod" : "blade" },
    axes: [[...vectors[0]], [...vectors[1]], [...vectors[2]]],
    axesUncertain: major && minor ? "both" : major ? "major" : minor ? "minor" : "none",
    major: orientationOf(vectors[0]), normal: orientationOf(vectors[2]),
  };
}

/** Degrees. @param axis unit vector with z >= 0 */
function orientationOf([z, y, x]: Triple): ObjectMeasures["major"] {
  const azimuth = (Math.atan2(y, x) * 180) / Math.PI;
  // atan2 of both parts is exact near 0 and 90 degrees, where acos(z) is not.
  return { azimuth: azimuth < 0 ? (azimuth + 360) % 360 : azimuth, inclination: (Math.atan2(Math.hypot(y, x), z) * 180) / Math.PI };
}
