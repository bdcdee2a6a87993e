// masklet interpolate: a label image with some slices annotated becomes one with all slices in between.
import { MaskletError } from "#protocol/errors.ts";
import { interpolateSlices } from "#server/classical/kernels/interpolate-slices.ts";
import { writeLabelsTiff } from "#server/exports/labels-tiff.ts";
import { openVolume } from "#server/volumes/open-volume.ts";
import type { VolumeSource } from "#server/volumes/source.ts";
import type { CommandContext } from "./command.ts";
import type { Options } from "./options.ts";
import { checkResultPaths } from "./write-results.ts";

export const interpolateOptions = { labels: "text", output: "text", axis: "text" } as const;

/** @throws usage, request_invalid, export_empty, too_large, cancelled, and what reading and writing throw */
export async function runInterpolate(options: Options, { terminal, signal }: CommandContext): Promise<void> {
  const path = options.required("labels");
  const output = options.required("output");
  const axis = options.choice("axis", ["z", "y", "x"]);
  await checkResultPaths({ labels: output }, [path]);
  const source = await openVolume(path, { signal });
  try {
    const { shape, spacing } = source;
    const size = [shape.z, shape.y, shape.x] as const;
    const ids = new Set<number>();
    let given = 0;
    for (let t = 0; t < shape.t; t++) {
      const frame = await readFrame(source, t, signal);
      for (const id of frame) if (id !== 0) { ids.add(id); given++; }
    }
    if (ids.size === 0) throw MaskletError.of("export_empty", {});
    let full = new Uint32Array(0);
    let voxels = 0;
    const greatest = [...ids].reduce((most, id) => Math.max(most, id), 0);
    const onProgress = terminal.progress("interpolating");
    await writeLabelsTiff(output, { shape, spacing }, greatest, async (t, z) => {
      if (z === 0) {
        full = await interpolateSlices(await readFrame(source, t, signal), size, axis, signal);
        for (const id of full) if (id !== 0) voxels++;
      }
      return full.subarray(z * shape.y * shape.x, (z + 1) * shape.y * shape.x);
    }, { signal, onProgress });
    terminal.result(`${ids.size} labels, ${given} voxels given and ${voxels - given} filled in along ${axis}: ${output}`, { objects: ids.size, given, filled: voxels - given, axis, files: [output] });
  } finally {
    await source.close();
  }
}

/** `[z, y, x]`. @throws request_invalid where a value is no id */
async function readFrame(source: VolumeSource, t: number, signal: AbortSignal | undefined): Promise<Uint32Array> {
  const { z: slices, y, x } = source.shape;
  const frame = new Uint32Array(slices * y * x);
  for (let z = 0; z < slices; z++) {
    const values = await source.read({ t, c: 0, z: [z, z + 1], y: [0, y], x: [0, x] }, signal);
    const odd = values.findIndex((value) => !Number.isInteger(value) || value < 0);
    if (odd >= 0) throw MaskletError.of("request_invalid", { what: "label image", at: `/t=${t}/z=${z}/y=${Math.floor(odd / x)}/x=${odd % x}`, why: `${values[odd]} is no object id` });
    frame.set(values, z * y * x);
  }
  return frame;
}
