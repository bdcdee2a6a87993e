// The pixels, view and weights of a bench's server in this process: no server, session or model process between.
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInProcessModels } from "#models/host/in-process.ts";
import { writeImagejTiff } from "#server/exports/tiff-writer.ts";
import type { Scene } from "#server/segmentation/contract.ts";
import { openVolume } from "#server/volumes/open-volume.ts";
import { weightsModel } from "../weights.ts";
import { freshHome, type BenchVolume } from "./bench-server.ts";

export async function openBenchScene({ shape, declaration, plane }: BenchVolume): Promise<{ readonly scene: Scene; close(): Promise<void> }> {
  const { home, remove } = await freshHome();
  const path = join(tmpdir(), `masklet-bench-${process.pid}.tif`);
  await writeImagejTiff(path, { shape, dtype: "uint16" }, Array.from({ length: shape.z }, (_, z) => plane(z)));
  const source = await openVolume(path);
  const trackers = createInProcessModels({ home });
  return {
    scene: { source, view: { range: declaration.displayRange!, invert: false, sigma: 1 }, trackers, model: weightsModel, window: "object" },
    close: async () => {
      await trackers.close();
      await source.close();
      await rm(path);
      remove();
    },
  };
}
