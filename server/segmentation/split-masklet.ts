// Parts one object's masklet in one frame.
import { setImmediate as turn } from "node:timers/promises";
import { MaskletError, throwIfCancelled } from "#protocol/errors.ts";
import type { Mask, Schema, Shape, Spacing } from "#protocol/types.ts";
import { splitInWorker } from "#server/classical/split-in-worker.ts";
import { joinMasks } from "./join-masks.ts";
import { drawInto, planeBits, spanAround } from "./voxels.ts";
import type { Triple } from "./voxels.ts";

export interface SplitRequest {
  readonly objectId: number;
  /** Of one object in one frame. */
  readonly masks: readonly Mask[];
  readonly shape: Shape;
  /** Without it voxels are cubes. */
  readonly spacing: Spacing | undefined;
  readonly seeds?: readonly Schema<"Seed">[] | undefined;
  /** Default 1, in units of the smallest spacing. */
  readonly depth?: number | undefined;
  readonly parts?: number | undefined;
}

export interface Parted {
  /** Masks on z planes of each part, in the order of the seeds, else the part with the highest peak first. Their ids are the object's still. */
  readonly parts: readonly (readonly Mask[])[];
  /** The part that a voxel `[z, y, x]` belongs to, counted from 0; undefined off the object. */
  partAt(voxel: Triple): number | undefined;
}

/** @throws prompt_off_image and plane_off_volume for seeds, split_impossible, too_large, cancelled */
export async function splitMasklet(request: SplitRequest, signal: AbortSignal | undefined): Promise<Parted> {
  const { objectId, shape, spacing, depth = 1 } = request;
  const impossible = (why: string): MaskletError => MaskletError.of("split_impossible", { objectId, why });
  const seeds = request.seeds?.map((seed) => seedVoxel(seed, shape));
  const masks = joinMasks(request.masks, objectId);
  const span = spanAround(masks, shape, 1);
  if (span === undefined) throw impossible("it has no voxel in this frame");
  const [z0, y0, x0] = span.start;
  const inside = new Uint8Array(span.size[0] * span.size[1] * span.size[2]);
  drawInto(inside, span, masks, 1);
  const sides: Triple = spacing === undefined ? [1, 1, 1] : [spacing.z, spacing.y, spacing.x];
  const job = { inside, size: span.size, spacing: sides, seeds: seeds?.map(([z, y, x]): Triple => [z - z0, y - y0, x - x0]), depth, parts: request.parts };
  const { labels, count, twins } = await splitInWorker(job, signal);
  if (twins !== undefined) throw impossible(`seeds ${twins[0] + 1} and ${twins[1] + 1} come to lie on the same voxel of it`);
  if (count < 2) throw impossible(`it has no neck that is more than ${depth} narrower than what it joins`);
  const parts = Array.from({ length: count }, (): Mask[] => []);
  const voxels = span.size[1] * span.size[2];
  for (const mask of masks) {
    // Large planes take milliseconds each; whoever else asks comes in between.
    await turn();
    throwIfCancelled(signal);
    const from = (mask.index - z0) * voxels;
    const present = new Set(labels.subarray(from, from + voxels));
    for (const [nth, own] of parts.entries()) {
      if (present.has(nth + 1)) own.push({ ...mask, ...planeBits(span, "z", mask.index, (at) => labels[at] === nth + 1) });
    }
  }
  return {
    parts,
    partAt: ([z, y, x]) => {
      const [dz, dy, dx] = [z - z0, y - y0, x - x0];
      if (dz < 0 || dy < 0 || dx < 0 || dz >= span.size[0] || dy >= span.size[1] || dx >= span.size[2]) return undefined;
      const label = labels[(dz * span.size[1] + dy) * span.size[2] + dx]!;
      return label === 0 ? undefined : label - 1;
    },
  };
}

/** x and y are corner floats: the far edges belong to the last voxels. */
function seedVoxel([x, y, z]: Schema<"Seed">, shape: Shape): Triple {
  if (z >= shape.z) throw MaskletError.of("plane_off_volume", { axis: "z", index: z, size: shape.z });
  if (!(x >= 0 && y >= 0 && x <= shape.x && y <= shape.y)) throw MaskletError.of("prompt_off_image", { what: "seed", at: `${x}, ${y}`, width: shape.x, height: shape.y });
  return [z, Math.min(Math.floor(y), shape.y - 1), Math.min(Math.floor(x), shape.x - 1)];
}
