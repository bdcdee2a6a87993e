// Networks of the fixtures, compiled and opened as the product does, once for each test file.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { openCheckpoint } from "#models/checkpoints/open-checkpoint.ts";
import type { InstalledModel } from "#models/installed-model.ts";
import { compileSam2 } from "#models/sam2/compile/compile.ts";
import { openSam2Graphs } from "#models/sam2/graphs.ts";
import type { OpenGraphs } from "#models/sam2/graphs.ts";
import { readNetworkDescription } from "#models/sam2/network-description.ts";
import type { NetworkDescription } from "#models/sam2/network-description.ts";
import { sam2Weights } from "#models/sam2/weights.ts";

export type Generation = "sam2.1" | "sam2";

export interface Compiled {
  readonly installed: InstalledModel;
  readonly description: NetworkDescription;
  readonly graphs: OpenGraphs;
}

export function fixture(name: string): string {
  return fileURLToPath(new URL(`../../fixtures/sam2/${name}`, import.meta.url));
}

/** @param imageSize default: what the file says. Closed and removed after the tests of the calling file. */
export async function compileFixture(name: string, imageSize?: number): Promise<Compiled> {
  return compileFile(fixture(name), name, imageSize);
}

/** @param name what it is called in messages. As `compileFixture`. */
export async function compileFile(path: string, name: string, imageSize?: number): Promise<Compiled> {
  const folder = mkdtempSync(join(tmpdir(), "masklet-parity-"));
  const checkpoint = await openCheckpoint(path);
  try {
    await compileSam2(await sam2Weights(checkpoint, imageSize === undefined ? {} : { imageSize }), folder);
  } finally {
    await checkpoint.close();
  }
  const installed: InstalledModel = { id: name, family: "sam2", folder, hash: name };
  const description = await readNetworkDescription(folder, name);
  const graphs = await openSam2Graphs(installed, description.config, { provider: "cpu" });
  after(async () => {
    await graphs.close();
    rmSync(folder, { recursive: true });
  });
  return { installed, description, graphs };
}
