// Outlines of masks, exactly along the pixel edges.
//
// Rule: pixels that meet only at a corner are apart (4-connected). Every 4-connected part has one shell and any number of
// holes. Where a part meets *itself* at a corner, the walk turns to the left, so that it stays on one side of the
// corner; where it meets another part, to the right. So no ring passes a corner twice: rings may touch each other at
// single corners and never cross, which is what OGC calls valid, and filling them gives back the same pixels under
// both the even-odd and the non-zero rule.
//
// Why no ring touches itself: a part that meets itself at a corner closes a loop through its own inside there, and the two
// free pixels of that corner lie on different sides of the loop; turning left never crosses it.
import type { Raster } from "#protocol/mask.ts";

/** Corners `x0, y0, x1, y1, ...` in pixel-corner coordinates of the plane; the last corner is not repeated, no three in a row
 * lie on one line. */
export type Ring = Int32Array;

export interface OutlinePart {
  /** Counter-clockwise by the numbers (positive shoelace sum); with y pointing down that looks clockwise. */
  readonly shell: Ring;
  /** The other way round. */
  readonly holes: readonly Ring[];
}

/**
 * The parts of a mask in the order of their first pixels, row by row. Time and memory are linear in the box: 6 bytes a pixel.
 * Shells minus holes cover as many unit squares as the mask has pixels.
 */
export function traceOutline(raster: Raster): OutlinePart[] {
  const width = raster.box[2] - raster.box[0];
  const height = raster.box[3] - raster.box[1];
  if (width <= 0 || height <= 0) return [];
  // One empty pixel all around spares the walk its bounds checks.
  const stride = width + 2;
  const labels = labelParts(raster.data, width, height);
  const walked = new Uint8Array(labels.length);
  const shells: Ring[] = [];
  const holes: Ring[][] = [];
  for (let y = 1; y <= height; y++) {
    for (let x = 1; x <= width; x++) {
      const at = y * stride + x;
      const part = labels[at]!;
      if (part === 0 || labels[at - stride] === part || walked[at] !== 0) continue;
      const ring = walkRing(labels, walked, stride, at, raster.box[0] - 1, raster.box[1] - 1);
      if (part > shells.length) {
        shells.push(ring);
        holes.push([]);
      } else {
        holes[part - 1]!.push(ring);
      }
    }
  }
  return shells.map((shell, at) => ({ shell, holes: holes[at]! }));
}

/** 4-connected parts, numbered from 1 in the order of their first pixels, in a frame one pixel wider on each side. */
function labelParts(data: Uint8Array, width: number, height: number): Int32Array {
  const stride = width + 2;
  const labels = new Int32Array(stride * (height + 2));
  const parent = [0];
  const rootOf = (label: number): number => {
    let root = label;
    while (parent[root] !== root) {
      parent[root] = parent[parent[root]!]!;
      root = parent[root]!;
    }
    return root;
  };
  for (let y = 0, from = 0; y < height; y++) {
    for (let x = 0, at = (y + 1) * stride + 1; x < width; x++, at++, from++) {
      if (data[from] === 0) continue;
      const left = labels[at - 1]!;
      const above = labels[at - stride]!;
      if (left === 0 && above === 0) {
        labels[at] = parent.length;
        parent.push(parent.length);
      } else if (left === 0 || above === 0) {
        labels[at] = left + above;
      } else {
        const a = rootOf(left);
        const b = rootOf(above);
        labels[at] = Math.min(a, b);
        parent[Math.max(a, b)] = Math.min(a, b);
      }
    }
  }
  // A root is the smallest of its labels, so roots come in the order of first pixels.
  const numbers = new Int32Array(parent.length);
  let count = 0;
  for (let label = 1; label < parent.length; label++) {
    const root = rootOf(label);
    if (root === label) count++;
    numbers[label] = root === label ? count : numbers[root]!;
  }
  for (let at = 0; at < labels.length; at++) labels[at] = numbers[labels[at]!]!;
  return labels;
}

/** Walks one ring with its part on the right hand, from the top edge of the pixel `start`; marks the top edges it passes. */
function walkRing(labels: Int32Array, walked: Uint8Array, stride: number, start: number, u: number, v: number): Ring {
  const part = labels[start]!;
  // Directions 0 right, 1 down, 2 left, 3 up. A corner is named by the pixel to its lower right.
  const step = [1, stride, -1, -stride];
  const aheadLeft = [-stride, 0, -1, -stride - 1];
  const aheadRight = [0, -1, -stride - 1, -stride];
  const corners: number[] = [];
  let corner = start;
  let direction = 0;
  do {
    if (direction === 0) walked[corner] = 1;
    corner += step[direction]!;
    let turn = 0;
    if (labels[corner + aheadLeft[direction]!] === part) turn = 3;
    else if (labels[corner + aheadRight[direction]!] !== part) turn = 1;
    if (turn !== 0) corners.push((corner % stride) + u, Math.floor(corner / stride) + v);
    direction = (direction + turn) & 3;
  } while (corner !== start || direction !== 0);
  return Int32Array.from(corners);
}

/** Pixels inside a ring: half its shoelace sum, negative for holes. */
export function ringArea(ring: Ring): number {
  let sum = 0;
  for (let at = 0; at < ring.length; at += 2) {
    const next = (at + 2) % ring.length;
    sum += ring[at]! * ring[next + 1]! - ring[next]! * ring[at + 1]!;
  }
  return sum / 2;
}
