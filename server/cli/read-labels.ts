// A label image as masks.
import type { Mask } from "#protocol/types.ts";
import { labelsToMasks } from "#server/exports/labels-to-masks.ts";
import type { VolumeSource } from "#server/volumes/source.ts";
import type { CommandContext } from "./command.ts";

/** All masks, frame by frame and plane by plane. @throws request_invalid, labels_too_many, cancelled, and what reading throws */
export async function readLabels(source: VolumeSource, { terminal, signal }: CommandContext): Promise<Mask[]> {
  const { t: frames, z: slices, y, x } = source.shape;
  const masks: Mask[] = [];
  const show = terminal.progress("reading labels");
  for (let t = 0; t < frames; t++) {
    for (let z = 0; z < slices; z++) {
      const ids = await source.read({ t, c: 0, z: [z, z + 1], y: [0, y], x: [0, x] }, signal);
      masks.push(...labelsToMasks({ ids, width: x, t, z }));
      show({ done: t * slices + z + 1, total: frames * slices, unit: "planes" });
    }
  }
  return masks;
}
