// A crop as the planes of its files: seen along its axis, and turned in the plane.
import { MaskletError } from "#protocol/errors.ts";
import type { Axis } from "#protocol/types.ts";
import type { Triple } from "#server/volumes/label-reader.ts";
import type { Pixels } from "#server/volumes/source.ts";

/** Planes, rows and columns; the last axis is fastest. */
export interface Stack<A extends Pixels = Pixels> {
  readonly size: Triple;
  readonly data: A;
}

/** The eight ways a square lies on itself. */
export const turnCount = 8;

/** A box `[z, y, x]` as planes along an axis: rows and columns are (y, x), (z, x) or (z, y). */
export function stackAlong<A extends Pixels>(data: A, [depth, height, width]: Triple, axis: Axis): Stack<A> {
  if (axis === "z") return { size: [depth, height, width], data };
  const out = emptyLike(data);
  const size: Triple = axis === "y" ? [height, depth, width] : [width, depth, height];
  for (let z = 0, at = 0; z < depth; z++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++, at++) out[axis === "y" ? (y * depth + z) * width + x : (x * depth + z) * height + y] = data[at]!;
    }
  }
  return { size, data: out };
}

/** 0 as it is, 1 to 3 quarter turns clockwise, 4 to 7 the same after mirroring left to right. */
export function turnStack<A extends Pixels>({ size: [depth, height, width], data }: Stack<A>, turn: number): Stack<A> {
  if (turn === 0) return { size: [depth, height, width], data };
  const [quarters, mirrored] = [turn & 3, turn >= 4];
  const [rows, columns] = (quarters & 1) === 1 ? [width, height] : [height, width];
  const out = emptyLike(data);
  for (let plane = 0, to = 0; plane < depth; plane++) {
    const from = plane * height * width;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++, to++) {
        const [y, x] = cameFrom(quarters, row, column, height, width);
        out[to] = data[from + y * width + (mirrored ? width - 1 - x : x)]!;
      }
    }
  }
  return { size: [depth, rows, columns], data: out };
}

/** The turn that undoes another: mirrored ones undo themselves. */
export function inverseTurn(turn: number): number {
  return turn >= 4 ? turn : (4 - turn) & 3;
}

function cameFrom(quarters: number, row: number, column: number, height: number, width: number): readonly [number, number] {
  if (quarters === 0) return [row, column];
  if (quarters === 1) return [height - 1 - column, row];
  return quarters === 2 ? [height - 1 - row, width - 1 - column] : [column, width - 1 - row];
}

/** An array of the same kind and length, to be filled. */
function emptyLike<A extends Pixels>(data: A): A {
  const copy = data.slice();
  if (isOfKind(copy, data)) return copy;
  throw MaskletError.of("internal", { why: "a copy of an array is of another kind" });
}

function isOfKind<A extends Pixels>(copy: Pixels, model: A): copy is A {
  return copy.constructor === model.constructor;
}
