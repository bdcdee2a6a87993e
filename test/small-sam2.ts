// The small trained SAM 2 network of fixtures/sam2-small, compiled into a folder of a test's own: official architecture, weights
// that know particles, and fast enough for every test.
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createModelStore } from "#models/registry/store.ts";

export const smallSam2 = "sam2-particles";
export const smallSam2File = fileURLToPath(new URL("../fixtures/sam2-small/particles.safetensors", import.meta.url));

/** Installs it under `home` (a MASKLET_HOME) under a name that no published network has. @returns its folder */
export async function installSmallSam2(home: string): Promise<string> {
  await createModelStore({ home }).add({ source: smallSam2File, id: smallSam2, int8: false });
  return join(home, "models", smallSam2);
}
