// The planes of a chunk that its neighbours meet.
import type { Box3 } from "../contract.ts";
import { cropped } from "./box3.ts";

/** The last planes along z, y, x. */
export function upperPlanes(labels: Uint32Array, box: Box3): [Uint32Array, Uint32Array, Uint32Array] {
  const { start, end } = box;
  return [
    cropped(labels, box, { start: [end[0] - 1, start[1], start[2]], end }),
    cropped(labels, box, { start: [start[0], end[1] - 1, start[2]], end }),
    cropped(labels, box, { start: [start[0], start[1], end[2] - 1], end }),
  ];
}

/** The first planes along z, y, x. */
export function lowerPlanes(labels: Uint32Array, box: Box3): [Uint32Array, Uint32Array, Uint32Array] {
  const { start, end } = box;
  return [
    cropped(labels, box, { start, end: [start[0] + 1, end[1], end[2]] }),
    cropped(labels, box, { start, end: [end[0], start[1] + 1, end[2]] }),
    cropped(labels, box, { start, end: [end[0], end[1], start[2] + 1] }),
  ];
}
