// The voxel that a prompt is about.
import { unpackMask } from "#protocol/mask.ts";
import type { PromptedCut } from "./contract.ts";
import type { Triple } from "./voxels.ts";

/** Its first positive point; else the centre of its box, of its polygon's corners, or of its mask's pixels. */
export function promptCentre({ cut: { axis, index }, parts }: PromptedCut): Triple {
  const [u, v] = centre(parts).map(Math.floor);
  return axis === "z" ? [index, v!, u!] : axis === "y" ? [v!, index, u!] : [v!, u!, index];
}

function centre({ points, box, polygon, mask }: PromptedCut["parts"]): readonly [number, number] {
  const positive = points?.find(([, , label]) => label === 1);
  if (positive !== undefined) return [positive[0], positive[1]];
  if (box !== undefined) return [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
  if (polygon !== undefined) return mean(polygon);
  if (mask === undefined) return [-1, -1];
  const { box: [left, top, right], data } = unpackMask(mask);
  const pixels: [number, number][] = [];
  for (let at = 0; at < data.length; at++) if (data[at] !== 0) pixels.push([left + (at % (right - left)) + 0.5, top + Math.floor(at / (right - left)) + 0.5]);
  return mean(pixels);
}

function mean(places: readonly (readonly [number, number])[]): readonly [number, number] {
  const sum = places.reduce<readonly [number, number]>(([u, v], [du, dv]) => [u + du, v + dv], [0, 0]);
  return [sum[0] / places.length, sum[1] / places.length];
}
