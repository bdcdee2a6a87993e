// The images and masks that `masklet dataset make` is given.
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { MarkedVolume } from "#server/datasets/source.ts";
import { labelReader } from "#server/volumes/label-reader.ts";
import { openVolume } from "#server/volumes/open-volume.ts";
import type { VolumeSource } from "#server/volumes/source.ts";
import type { CommandContext } from "./command.ts";
import type { Options } from "./options.ts";

export const datasetSourceOptions = { image: "texts", labels: "texts", frame: "text", channel: "text" } as const;

export interface OpenSources {
  readonly sources: readonly MarkedVolume[];
  close(): Promise<void>;
}

/** @throws usage, plane_off_volume, and what opening throws */
export async function openDatasetSources(options: Options, { signal }: CommandContext): Promise<OpenSources> {
  const images = options.texts("image");
  const labels = options.texts("labels");
  if (images.length === 0) throw MaskletError.of("usage", { why: "--image is missing." });
  if (images.length !== labels.length) throw MaskletError.of("usage", { why: `Each --image goes with a --labels: there are ${images.length} and ${labels.length}.` });
  const frame = options.whole("frame", 0, limits.maxPlanes) ?? 0;
  const given = options.whole("channel", 0, limits.maxPlanes);
  const opened: VolumeSource[] = [];
  const open = async (path: string): Promise<VolumeSource> => {
    const volume = await openVolume(path, { signal });
    opened.push(volume);
    return volume;
  };
  const close = async (): Promise<void> => { for (const volume of opened) await volume.close(); };
  try {
    const sources: MarkedVolume[] = [];
    for (const [nth, path] of images.entries()) {
      const volume = await open(path);
      const marks = await open(labels[nth]!);
      if (volume.rgb && given === undefined) throw MaskletError.of("usage", { why: `${path} is a colour image: choose its red, green or blue with --channel 0, 1 or 2.` });
      for (const [axis, index] of [["t", frame], ["c", given ?? 0]] as const) {
        if (index >= volume.shape[axis]) throw MaskletError.of("plane_off_volume", { axis, index, size: volume.shape[axis] });
      }
      const file = (await stat(path)).isFile() ? path : undefined;
      // Labels of one frame alone belong to whichever frame was chosen.
      sources.push({ volume, frame, channel: given ?? 0, labels: labelReader(marks, { frame: marks.shape.t === 1 ? 0 : frame }), file, marks: { name: basename(labels[nth]!), kind: "labels" } });
    }
    return { sources, close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}
