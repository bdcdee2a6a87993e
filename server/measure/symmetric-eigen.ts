// Eigenvalues and eigenvectors of a symmetric 3 x 3 matrix.
import type { Triple } from "#server/volumes/label-reader.ts";

export type Matrix3 = readonly [Triple, Triple, Triple];

export interface Eigen {
  /** Largest first. */
  readonly values: Triple;
  /** Unit vectors of these; of the two signs the one whose first component other than 0 is positive. Of equal values those of the first axes. */
  readonly vectors: Matrix3;
}

/** A component of a unit vector below this is a 0 with rounding on it. */
const noise = 1e-12;

/** By Jacobi's rotations (G. H. Golub and C. F. Van Loan, Matrix Computations, section 8.5), which keep small eigenvalues exact beside large ones. */
export function symmetricEigen([[aa, ab, ac], [, bb, bc], [, , cc]]: Matrix3): Eigen {
  const a = [aa, ab, ac, ab, bb, bc, ac, bc, cc];
  // Its columns turn into the eigenvectors.
  const turned = [1, 0, 0, 0, 1, 0, 0, 0, 1];
  for (let sweep = 0; sweep < 30; sweep++) {
    const settled = turn(a, turned, 0, 1) + turn(a, turned, 0, 2) + turn(a, turned, 1, 2);
    if (settled === 3) break;
  }
  const order = [0, 1, 2].sort((i, j) => a[4 * j]! - a[4 * i]!);
  const value = (nth: number): number => a[4 * order[nth]!]!;
  const vector = (nth: number): Triple => signed([turned[order[nth]!]!, turned[3 + order[nth]!]!, turned[6 + order[nth]!]!]);
  return { values: [value(0), value(1), value(2)], vectors: [vector(0), vector(1), vector(2)] };
}

/** Makes the element (p, q) 0. @returns 1 when it was as good as 0 */
function turn(a: number[], turned: number[], p: number, q: number): 0 | 1 {
  const off = a[3 * p + q]!;
  const [x, y] = [a[4 * p]!, a[4 * q]!];
  if (Math.abs(off) <= 1e-16 * Math.sqrt(Math.abs(x * y)) || off === 0) return 1;
  const tau = (y - x) / (2 * off);
  const t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.sqrt(1 + tau * tau));
  const c = 1 / Math.sqrt(1 + t * t);
  const s = t * c;
  for (let row = 0; row < 9; row += 3) rotate(a, row + p, row + q, c, s);
  for (let column = 0; column < 3; column++) rotate(a, 3 * p + column, 3 * q + column, c, s);
  a[3 * p + q] = 0;
  a[3 * q + p] = 0;
  for (let row = 0; row < 9; row += 3) rotate(turned, row + p, row + q, c, s);
  return 0;
}

function rotate(a: number[], i: number, j: number, c: number, s: number): void {
  const [first, second] = [a[i]!, a[j]!];
  a[i] = c * first - s * second;
  a[j] = s * first + c * second;
}

function signed(vector: Triple): Triple {
  const first = vector.find((component) => Math.abs(component) > noise) ?? 1;
  const clean = (component: number): number => (Math.abs(component) <= noise ? 0 : first < 0 ? -component : component);
  return [clean(vector[0]), clean(vector[1]), clean(vector[2])];
}
