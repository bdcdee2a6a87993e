// Grey-scale reconstruction: a marker grows under a mask (dilation) or sinks onto it (erosion) until nothing changes.
// Vincent, "Morphological grayscale reconstruction in image analysis" (IEEE Trans. Image Processing 2(2), 1993), the hybrid algorithm: one
// raster scan, one back, then a queue of what can still spread.
import { neighbourSteps, padded, rowOf, unpadInto } from "./padded.ts";
import type { Connectivity, Size3, Voxels } from "./size3.ts";

/**
 * Where the marker is on the wrong side of the mask (above it for a dilation) the mask counts instead.
 * Memory: the answer, 8 bytes a voxel with its padding, and 4 bytes for each voxel waiting.
 * @param marker `[z, y, x]`, no NaN
 * @param mask `[z, y, x]`, no NaN
 */
export function reconstruct(marker: Voxels, mask: Voxels, size: Size3, connectivity: Connectivity, by: "dilation" | "erosion"): Float32Array<ArrayBuffer> {
  // An erosion is the dilation of the negatives.
  const sign = by === "dilation" ? 1 : -1;
  const below = padded(mask, size, -Infinity, sign);
  const grown = padded(marker, size, -Infinity, sign);
  for (let at = 0; at < grown.length; at++) if (grown[at]! > below[at]!) grown[at] = below[at]!;
  const steps = neighbourSteps(size, connectivity);
  const half = steps.length / 2;
  const queue = createQueue();
  const [depth, height, width] = size;
  for (let row = 0; row < depth * height; row++) {
    const first = rowOf(row, height, width);
    for (let at = first; at < first + width; at++) raise(grown, below, at, steps, 0, half);
  }
  for (let row = depth * height - 1; row >= 0; row--) {
    const first = rowOf(row, height, width);
    for (let at = first + width - 1; at >= first; at--) {
      raise(grown, below, at, steps, half, steps.length);
      const value = grown[at]!;
      for (let nth = half; nth < steps.length; nth++) {
        const near = at + steps[nth]!;
        if (grown[near]! < value && grown[near]! < below[near]!) {
          queue.push(at);
          break;
        }
      }
    }
  }
  while (queue.size() > 0) {
    const at = queue.shift();
    const value = grown[at]!;
    for (let nth = 0; nth < steps.length; nth++) {
      const near = at + steps[nth]!;
      const most = below[near]!;
      if (grown[near]! >= value || grown[near] === most) continue;
      grown[near] = value < most ? value : most;
      queue.push(near);
    }
  }
  const answer = new Float32Array(mask.length);
  unpadInto(grown, answer, size, sign);
  return answer;
}

/** To the highest of itself and some of its neighbours, as far as the mask allows. */
function raise(grown: Float32Array, below: Float32Array, at: number, steps: Int32Array, from: number, to: number): void {
  let most = grown[at]!;
  for (let nth = from; nth < to; nth++) {
    const near = grown[at + steps[nth]!]!;
    if (near > most) most = near;
  }
  grown[at] = most < below[at]! ? most : below[at]!;
}

interface Queue {
  size(): number;
  push(at: number): void;
  shift(): number;
}

/** First in, first out, in a ring that doubles when it is full. */
function createQueue(): Queue {
  let ring = new Uint32Array(1024);
  let first = 0;
  let count = 0;
  return {
    size: () => count,
    push: (at) => {
      if (count === ring.length) {
        const wider = new Uint32Array(2 * count);
        wider.set(ring.subarray(first));
        wider.set(ring.subarray(0, first), count - first);
        ring = wider;
        first = 0;
      }
      ring[(first + count++) & (ring.length - 1)] = at;
    },
    shift: () => {
      const at = ring[first]!;
      first = (first + 1) & (ring.length - 1);
      count--;
      return at;
    },
  };
}
