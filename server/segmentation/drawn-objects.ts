// Objects of a session drawn into boxes of voxels as they are asked for: a volume of them need not fit into memory.
import type { Mask } from "#protocol/types.ts";
import { masksAsZPlanes } from "#protocol/z-planes.ts";
import type { Box3 } from "#server/classical/contract.ts";
import type { Size3 } from "#server/classical/kernels/size3.ts";

export interface DrawnObjects {
  /** 1 where any object lies, `[z, y, x]` over the box. */
  mask(box: Box3): Uint8Array;
  /** The place of the object, from 1, in the order given; 0 where none lies, the first where several do. */
  numbers(box: Box3): Uint32Array;
}

/**
 * @param objects the masks of one frame, object by object; those of y and x planes count where they cross z planes
 * @param origin the voxel that boxes count from
 * Memory: the masks as z planes, and each answer.
 */
export function drawnObjects(objects: readonly (readonly Mask[])[], origin: Size3): DrawnObjects {
  const planes = new Map<number, { readonly mask: Mask; readonly number: number }[]>();
  objects.forEach((masks, nth) => {
    for (const mask of masksAsZPlanes(masks)) {
      if (mask.area === 0) continue;
      const there = planes.get(mask.index);
      if (there === undefined) planes.set(mask.index, [{ mask, number: nth + 1 }]);
      else there.push({ mask, number: nth + 1 });
    }
  });
  const drawInto = (data: Uint8Array | Uint32Array, { start, end }: Box3, valueOf: (number: number) => number): void => {
    const [height, width] = [end[1] - start[1], end[2] - start[2]];
    for (let z = start[0]; z < end[0]; z++) {
      for (const { mask, number } of planes.get(z + origin[0]) ?? []) {
        drawMask(mask, data, (z - start[0]) * height * width, [start[1] + origin[1], start[2] + origin[2]], height, width, valueOf(number));
      }
    }
  };
  const voxels = ({ start, end }: Box3): number => (end[0] - start[0]) * (end[1] - start[1]) * (end[2] - start[2]);
  return {
    mask: (box) => {
      const data = new Uint8Array(voxels(box));
      drawInto(data, box, () => 1);
      return data;
    },
    numbers: (box) => {
      const data = new Uint32Array(voxels(box));
      drawInto(data, box, (number) => number);
      return data;
    },
  };
}

/** Puts `value` where the mask lies and nothing else does yet; the plane's `[y, x]` window begins at `from` in `data` and at `[y0, x0]` in the volume. */
function drawMask({ box: [left, top, right, bottom], bits }: Mask, data: Uint8Array | Uint32Array, from: number, [y0, x0]: readonly [number, number], height: number, width: number, value: number): void {
  const rowBytes = (right - left + 7) >> 3;
  const [u0, u1] = [Math.max(left, x0), Math.min(right, x0 + width)];
  for (let v = Math.max(top, y0); v < Math.min(bottom, y0 + height); v++) {
    const row = (v - top) * rowBytes;
    const to = from + (v - y0) * width - x0;
    for (let u = u0; u < u1; u++) {
      if (((bits[row + ((u - left) >> 3)]! >> (7 - ((u - left) & 7))) & 1) === 1 && data[to + u] === 0) data[to + u] = value;
    }
  }
}
