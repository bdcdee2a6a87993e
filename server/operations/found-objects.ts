// From the labels that a recipe leaves to masks on z planes.
import { MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Mask } from "#protocol/types.ts";
import type { Box3, ClassicalRun, UsedStep } from "#server/classical/contract.ts";
import { labelsToMasks } from "#server/exports/labels-to-masks.ts";
import { sizeOf } from "#server/segmentation/region-reader.ts";
import { planesOf } from "./label-planes.ts";

/** What a mask takes in the journal beside its bits. */
const maskBytes = 120;

/** Where a run's voxels lie in the volume. */
export interface FoundPlace {
  readonly region: Box3;
  readonly t: number;
  readonly c: number;
}

/**
 * The masks of each object, in the order of the objects, plane by plane; `objectId` is the label.
 * Memory: the masks, and what `planesOf` reads.
 * @throws labels_too_many, too_large beyond maxEditBytes, cancelled, and what reading throws
 */
export async function foundMasks(run: ClassicalRun, place: FoundPlace, signal: AbortSignal | undefined): Promise<Map<number, Mask[]>> {
  const count = run.objects.length;
  if (count > limits.maxObjectId) throw MaskletError.of("labels_too_many", { objectId: count, limit: limits.maxObjectId });
  const found = new Map<number, Mask[]>(run.objects.map(({ id }) => [id, []]));
  let sizeBytes = 0;
  for await (const mask of masksOfRun(run, place, signal)) {
    sizeBytes += maskBytes + mask.bits.length;
    if (sizeBytes > limits.maxEditBytes) throw MaskletError.of("too_large", { what: `sum of the masks of ${count} objects, in bytes,`, size: sizeBytes, limit: limits.maxEditBytes, limitName: "maxEditBytes" });
    const own = found.get(mask.objectId);
    if (own === undefined) found.set(mask.objectId, [mask]);
    else own.push(mask);
  }
  return found;
}

async function* masksOfRun(run: ClassicalRun, { region, t, c }: FoundPlace, signal: AbortSignal | undefined): AsyncGenerator<Mask> {
  if (run.objects.length === 0) return;
  const [, , width] = sizeOf(region);
  let z = region.start[0];
  for await (const ids of planesOf(run, region, signal)) {
    for (const mask of labelsToMasks({ ids, width, t, z })) yield moved(mask, region, c);
    z++;
  }
}

/** A mask of the region's plane, where it is in the volume. */
export function moved(mask: Mask, { start: [, y0, x0] }: Box3, c: number): Mask {
  const [u0, v0, u1, v1] = mask.box;
  return { ...mask, c, box: [u0 + x0, v0 + y0, u1 + x0, v1 + y0] };
}

/** Why nothing was found, as a sentence for a person: the first step that says it came to nothing. */
export function nothingFound(steps: readonly UsedStep[]): string {
  for (const { id, found } of steps) {
    const nothing = Object.entries(found).find(([name, value]) => value === 0 && /voxels|objects|components|markers|parts|kept/i.test(name));
    if (nothing !== undefined) return `No object was found: step "${id}" left nothing (${nothing[0]} 0).`;
  }
  return "No object was found: look at the steps one by one, each with a preview.";
}
