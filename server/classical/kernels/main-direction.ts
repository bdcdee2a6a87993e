import type { Size3 } from "./size3.ts";

/**
 * The unit eigenvector of the largest eigenvalue of a cell's tensor, which has none below 0, by Jacobi's rotations (G. H. Golub and C. F. Van Loan,
 * Matrix Computations, section 8.5). Of equal ones the first axis's, so z where all is flat.
 * @param tensors zz, yy, xx, zy, zx, yx of every cell
 * @returns z, y, x
 */
export function mainDirection(tensors: readonly Float32Array[], cell: number): Size3 {
  const [zz, yy, xx] = [tensors[0]![cell]!, tensors[1]![cell]!, tensors[2]![cell]!];
  const [zy, zx, yx] = [tensors[3]![cell]!, tensors[4]![cell]!, tensors[5]![cell]!];
  const a = [zz, zy, zx, zy, yy, yx, zx, yx, xx];
  // Its columns turn into the eigenvectors.
  const turned = [1, 0, 0, 0, 1, 0, 0, 0, 1];
  const small = 1e-15 * (zz + yy + xx);
  for (let sweep = 0; sweep < 20 && Math.abs(a[1]!) + Math.abs(a[2]!) + Math.abs(a[5]!) > small; sweep++) {
    for (let p = 0; p < 2; p++) {
      for (let q = p + 1; q < 3; q++) {
        const off = a[3 * p + q]!;
        if (off === 0) continue;
        const tau = (a[4 * q]! - a[4 * p]!) / (2 * off);
        const t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.sqrt(1 + tau * tau));
        const c = 1 / Math.sqrt(1 + t * t);
        rotateColumns(a, p, q, c, t * c);
        rotateRows(a, p, q, c, t * c);
        rotateColumns(turned, p, q, c, t * c);
      }
    }
  }
  const largest = a[0]! >= a[4]! && a[0]! >= a[8]! ? 0 : a[4]! >= a[8]! ? 1 : 2;
  return [turned[largest]!, turned[3 + largest]!, turned[6 + largest]!];
}

function rotateColumns(a: number[], p: number, q: number, c: number, s: number): void {
  for (let row = 0; row < 9; row += 3) rotate(a, row + p, row + q, c, s);
}

function rotateRows(a: number[], p: number, q: number, c: number, s: number): void {
  for (let column = 0; column < 3; column++) rotate(a, 3 * p + column, 3 * q + column, c, s);
}

function rotate(a: number[], i: number, j: number, c: number, s: number): void {
  const first = a[i]!;
  const second = a[j]!;
  a[i] = c * first - s * second;
  a[j] = s * first + c * second;
}
