import { gaussianDerivativeTaps } from "./gaussian-derivative-taps.ts";
import { f32At } from "./simd/core.ts";
import { applyFilterBank } from "./simd/filter-bank.ts";
import type { Border, Size3, Voxels } from "./size3.ts";
import { perAxis } from "./smooth.ts";

/**
 * How much a voxel lies on a bright sheet, whichever way that faces: minus the least eigenvalue of the Hessian at scale sigma, 0 where
 * that is not negative. Unlike the Laplacian it does not add up the curvatures along the sheet.
 * Memory: the answer, 4 bytes a voxel.
 * @param sigma in voxels
 * @returns `[z, y, x]`, in values per square voxel
 */
export function sheetness(values: Voxels, size: Size3, sigma: number | Size3, border: Border = "replicate", constant = 0): Float32Array {
  const [smoothZ, smoothY, smoothX] = perAxis(sigma).map((each) => gaussianDerivativeTaps(each, 0));
  const [slopeZ, slopeY, slopeX] = perAxis(sigma).map((each) => gaussianDerivativeTaps(each, 1));
  const [bendZ, bendY, bendX] = perAxis(sigma).map((each) => gaussianDerivativeTaps(each, 2));
  return applyFilterBank(values, size, {
    x: [smoothX!, slopeX!, bendX!],
    y: [
      [{ from: 0, taps: smoothY! }], [{ from: 0, taps: slopeY! }], [{ from: 0, taps: bendY! }],
      [{ from: 1, taps: smoothY! }], [{ from: 1, taps: slopeY! }], [{ from: 2, taps: smoothY! }],
    ],
    // zz, yy, xx, zy, zx, yx
    z: [
      [{ from: 0, taps: bendZ! }], [{ from: 2, taps: smoothZ! }], [{ from: 5, taps: smoothZ! }],
      [{ from: 1, taps: slopeZ! }], [{ from: 3, taps: slopeZ! }], [{ from: 4, taps: smoothZ! }],
    ],
    join: (core, results, count) => {
      const [zz, yy, xx, zy, zx, yx] = results.map((at) => f32At(core, at, count));
      for (let at = 0; at < count; at++) zz![at] = Math.max(0, -leastEigenvalue(zz![at]!, yy![at]!, xx![at]!, zy![at]!, zx![at]!, yx![at]!));
    },
  }, border, constant);
}

/**
 * Of a symmetric 3 x 3 matrix, in closed form: O. K. Smith, "Eigenvalues of a symmetric 3 x 3 matrix" (Comm. ACM 4(4), 1961).
 * The characteristic polynomial of (A - q) / p is a cubic whose roots are cosines a third of a turn apart.
 */
export function leastEigenvalue(aa: number, bb: number, cc: number, ab: number, ac: number, bc: number): number {
  const q = (aa + bb + cc) / 3;
  const a = aa - q;
  const b = bb - q;
  const c = cc - q;
  const square = (a * a + b * b + c * c + 2 * (ab * ab + ac * ac + bc * bc)) / 6;
  if (square === 0) return q;
  const p = Math.sqrt(square);
  const half = (a * (b * c - bc * bc) - ab * (ab * c - bc * ac) + ac * (ab * bc - b * ac)) / (2 * p * square);
  return q - 2 * p * Math.cos(Math.acos(Math.min(1, Math.max(-1, -half))) / 3);
}
