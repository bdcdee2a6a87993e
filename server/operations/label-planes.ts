// The output of a run plane by plane, read in slabs: one plane at a time would open every chunk again and again.
import { throwIfCancelled } from "#protocol/errors.ts";
import type { Box3, ClassicalRun } from "#server/classical/contract.ts";
import { sizeOf } from "#server/segmentation/region-reader.ts";

/** Values read at once: 128 MiB of labels, or one plane where that is more. */
const slabVoxels = 2 ** 25;

export type PlaneValues = Uint8Array | Uint32Array | Float32Array;

/** @param region of the run; planes count from its start. @throws cancelled, and what reading throws */
export async function* planesOf(run: ClassicalRun, region: Box3, signal: AbortSignal | undefined): AsyncGenerator<PlaneValues> {
  const [depth, height, width] = sizeOf(region);
  const planes = Math.max(1, Math.floor(slabVoxels / (height * width)));
  for (let z = 0; z < depth; z += planes) {
    throwIfCancelled(signal);
    const end = Math.min(depth, z + planes);
    const values = await run.read({ start: [z, 0, 0], end: [end, height, width] });
    for (let at = z; at < end; at++) yield values.subarray((at - z) * height * width, (at - z + 1) * height * width);
  }
}
