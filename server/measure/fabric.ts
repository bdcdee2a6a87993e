// How axes are spread over directions.
import type { Schema } from "#protocol/types.ts";
import type { Triple } from "#server/volumes/label-reader.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";

/**
 * The fabric tensor of the first kind, mean(n n'): K. Kanatani, Int. J. Engng Sci. 22(2), 1984; its largest eigenvalue gives
 * the order parameter of liquid crystals, S = (3 l - 1) / 2.
 * @param axes unit vectors `[z, y, x]`, either sign. @returns null when there is none
 */
export function fabricOf(axes: readonly Triple[]): Schema<"Fabric"> | null {
  if (axes.length === 0) return null;
  const mean = (a: 0 | 1 | 2, b: 0 | 1 | 2): number => axes.reduce((sum, axis) => sum + axis[a] * axis[b], 0) / axes.length;
  const [zy, zx, yx] = [mean(0, 1), mean(0, 2), mean(1, 2)];
  const tensor: Schema<"Fabric">["tensor"] = [[mean(0, 0), zy, zx], [zy, mean(1, 1), yx], [zx, yx, mean(2, 2)]];
  const { values, vectors } = symmetricEigen(tensor);
  return {
    objects: axes.length, tensor, eigenvalues: [...values], eigenvectors: [[...vectors[0]], [...vectors[1]], [...vectors[2]]],
    orderParameter: (3 * values[0] - 1) / 2, orderParameterZ: (3 * tensor[0][0] - 1) / 2,
  };
}
