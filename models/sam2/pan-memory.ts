// A memory is a grid over the window it was seen through. When the window has panned since, the grid no longer lies over the
// same pixels. Windows move by eighths of their size, which is a whole number of cells where the grid's side is a multiple of
// eight, so the tokens can move with the picture; cells that come in from outside repeat the edge. Tokens that lie nowhere stay.
import { boxHeight, boxWidth } from "#protocol/mask.ts";
import type { PixelBox } from "#protocol/types.ts";

/**
 * @param tokens `[loose + side * side, width]` over `from`
 * @returns the same over `to`, moved by the nearest whole number of cells; unchanged when the boxes differ in size
 */
export function pannedMemory(tokens: Uint16Array, { loose, side }: { readonly loose: number; readonly side: number }, from: PixelBox, to: PixelBox): Uint16Array {
  if (boxWidth(from) !== boxWidth(to) || boxHeight(from) !== boxHeight(to)) return tokens;
  const cellsU = Math.round(((to[0] - from[0]) * side) / boxWidth(to));
  const cellsV = Math.round(((to[1] - from[1]) * side) / boxHeight(to));
  if (cellsU === 0 && cellsV === 0) return tokens;
  const width = tokens.length / (loose + side * side);
  const first = loose * width;
  const moved = tokens.slice();
  const inside = (at: number): number => Math.min(Math.max(at, 0), side - 1);
  for (let v = 0, at = first; v < side; v++) {
    for (let u = 0; u < side; u++, at += width) {
      const source = first + (inside(v + cellsV) * side + inside(u + cellsU)) * width;
      moved.set(tokens.subarray(source, source + width), at);
    }
  }
  return moved;
}
