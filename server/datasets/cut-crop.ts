// A box of a marked volume as the voxels of an item, and what there is to say of its objects.
import { limits } from "#protocol/limits.ts";
import type { Axis } from "#protocol/types.ts";
import type { Triple } from "#server/volumes/label-reader.ts";
import type { Crop } from "./crop-files.ts";
import { axisAt } from "./description.ts";
import type { MarkedVolume } from "./source.ts";
import { stackAlong } from "./stack.ts";

export interface CutObjects {
  /** `[z, y, x]` over the box: numbers that fit 16 bits. */
  readonly numbers: Uint16Array;
  /** Voxels of each number in the box, smallest number first. */
  readonly voxels: ReadonlyMap<number, number>;
  /** Numbers on the box's border: its six sides, or the four edges of a single plane. */
  readonly border: readonly number[];
  /** The source's ids of numbers 1, 2, ..., where they had to be renumbered. */
  readonly ids: readonly number[] | undefined;
}

/** @throws what reading labels throws */
export async function cutObjects({ labels }: MarkedVolume, start: Triple, size: Triple, axis: Axis, signal?: AbortSignal): Promise<CutObjects> {
  return describeObjects(await labels.read(start, endOf(start, size), signal), size, size[axisAt[axis]] === 1 ? axis : undefined);
}

/** @param flat the axis along which there is one plane, so that its two sides are no border */
export function describeObjects(ids: Uint32Array, size: Triple, flat: Axis | undefined): CutObjects {
  const counted = new Map<number, number>();
  for (const id of ids) if (id !== 0) counted.set(id, (counted.get(id) ?? 0) + 1);
  const sorted = [...counted.keys()].sort((a, b) => a - b);
  const renumbered = (sorted.at(-1) ?? 0) > limits.maxUint16Label;
  const numberOf = new Map(sorted.map((id, nth) => [id, renumbered ? nth + 1 : id]));
  const numbers = Uint16Array.from(ids, (id) => (id === 0 ? 0 : numberOf.get(id)!));
  return {
    numbers, border: borderOf(numbers, size, flat), ids: renumbered ? sorted : undefined,
    voxels: new Map(sorted.map((id) => [numberOf.get(id)!, counted.get(id)!])),
  };
}

/** @throws what reading pixels throws */
export async function cutCrop(source: MarkedVolume, objects: CutObjects, start: Triple, size: Triple, axis: Axis, signal?: AbortSignal): Promise<Crop> {
  const end = endOf(start, size);
  const image = await source.volume.read({ t: source.frame, c: source.channel, z: [start[0], end[0]], y: [start[1], end[1]], x: [start[2], end[2]] }, signal);
  return { image: stackAlong(image, size, axis), labels: stackAlong(objects.numbers, size, axis) };
}

function endOf(start: Triple, size: Triple): Triple {
  return [start[0] + size[0], start[1] + size[1], start[2] + size[2]];
}

function borderOf(numbers: Uint16Array, [depth, height, width]: Triple, flat: Axis | undefined): number[] {
  const found = new Set<number>();
  const side = (axis: Axis, at: number, length: number): boolean => axis !== flat && (at === 0 || at === length - 1);
  for (let z = 0, at = 0; z < depth; z++) {
    for (let y = 0; y < height; y++) {
      const edge = side("z", z, depth) || side("y", y, height);
      for (let x = 0; x < width; x++, at++) if (numbers[at] !== 0 && (edge || side("x", x, width))) found.add(numbers[at]!);
    }
  }
  return [...found].sort((a, b) => a - b);
}
