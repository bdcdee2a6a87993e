import { roundUp, u32At, withMemory } from "./simd/core.ts";
import { createStripReader, stripPitch, stripRows } from "./simd/strip-reader.ts";
import { putRows, sameKind, voxelKind } from "./simd/voxel-kind.ts";
import { windowPlanes, windowSlots } from "./simd/window-planes.ts";
import type { Border, Size3, Voxels } from "./size3.ts";

const stripBytes = 2 ** 19;

/**
 * Each voxel becomes the median of the box of (2 radius + 1)^3 voxels around it. Radius 1 runs on networks of min and max; larger ones
 * slide a histogram (uint8, uint16) or select in each box (float32, slow: time grows with the box).
 * ImageJ's 3D median takes an ellipsoid instead of a box, so its results differ.
 * NaN has no order: the caller sees to it that there is none.
 * Memory: the answer.
 * @returns `[z, y, x]`, of the input's kind
 */
export function medianFilter<V extends Voxels>(values: V, size: Size3, radius: number, border: Border = "replicate", constant = 0): V {
  const result = sameKind(values);
  const [depth, height, width] = size;
  const side = 2 * radius + 1;
  const reach = [radius, radius] as const;
  withMemory((core, take) => {
    const kind = voxelKind(core, values);
    const inPitch = stripPitch({ values, size, reach, as: "ordered" });
    const rows = stripRows(height, radius, inPitch * (windowSlots(radius) + 3), stripBytes);
    const reader = createStripReader(core, take, { values, size, reach, border, constant, rows, as: "ordered" });
    const planes = Array.from({ length: windowSlots(radius) }, () => take(reader.sizeBytes));
    const outPitch = roundUp(width * kind.unit, 16);
    const answer = take(rows * outPitch);
    const histogram = kind.unit === 4 ? side ** 3 * 4 : (2 ** (8 * kind.unit) * 17) / 4;
    const work = take(radius === 1 ? 3 * reader.sizeBytes + 9 * inPitch + 16 : histogram);
    const table = take(side * 4);
    for (let y0 = 0; y0 < height; y0 += rows) {
      const high = Math.min(rows, height - y0);
      windowPlanes(depth, radius, border, (z, slot) => reader.read(z, y0, high, planes[slot]!), (z, window) => {
        if (radius === 1) {
          const [below, here, above] = window;
          kind.median27(answer, outPitch, planes[below!]!, planes[here!]!, planes[above!]!, inPitch, high, width * kind.unit, work);
        } else {
          for (let row = 0; row < high; row++) {
            u32At(core, table, side).set(window.map((slot) => planes[slot]! + row * inPitch));
            kind.medianBox(answer + row * outPitch, table, inPitch, radius, width, work);
          }
        }
        putRows(core, result, (z * height + y0) * width, answer, outPitch, high, width);
      });
    }
  });
  return result;
}
