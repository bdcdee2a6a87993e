// Thousands of planes with the committed shrunken network: time and memory of the last hundreds beside those of the first. The
// embeddings' cache, which grows to a limit of its own, is left out.
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Sam2Weights } from "#models/sam2/weights.ts";
import { propagate } from "#server/segmentation/propagate.ts";
import { discRun, openCompiled } from "./sam2-scene.ts";
import type { Row } from "./table.ts";

const checkpoint = fileURLToPath(new URL("../../fixtures/sam2/sam2.1_shrunken.safetensors", import.meta.url));
const SIDE = 256;
/** Left out at the start, while memories fill and the machine's code warms up. */
const WARMING = 200;
const COMPARED = 300;
const MiB = 2 ** 20;

/** @param planes more than twice those compared */
export async function longRunRows(planes: number, threads: number, folder: string): Promise<Row[]> {
  const opened = await openCompiled(checkpoint, { folder, threads, changed: alwaysPresent });
  const [times, memory]: [number[], number[]] = [[], []];
  let seen = 0;
  let begun = performance.now();
  try {
    const { scene, request } = discRun(opened.network, planes, SIDE);
    const { ends } = await propagate(scene, request, {
      onEnd: () => undefined,
      onMask: ({ index }) => {
        const ms = performance.now() - begun;
        // Planes on which the object is hidden bring no mask.
        for (const passed = index + 1 - seen; seen <= index; seen++) {
          times.push(ms / passed);
          memory.push(process.memoryUsage.rss() / MiB);
        }
        begun = performance.now();
      },
    });
    if (seen !== planes) throw new Error(`the object ended on plane ${seen} of ${planes}: ${ends.map(({ reason }) => reason).join(", ")}`);
  } finally {
    await opened.network.close();
    await rm(folder, { recursive: true });
  }
  const row = (what: string, unit: Row["unit"], values: readonly number[]): Row => ({
    bench: "sam2", unit,
    measured: { what: `${what}, last ${COMPARED} of ${planes} planes, shrunken network`, values: values.slice(-COMPARED) },
    reference: { what: `planes ${WARMING} to ${WARMING + COMPARED}`, values: values.slice(WARMING, WARMING + COMPARED) },
  });
  return [row("time for a plane", "ms", times), row("memory of the process", "MiB", memory)];
}

/** A random network may lose its object; with these two tensors it always says that it is there. */
export function alwaysPresent(weights: Sam2Weights): Sam2Weights {
  const last = "sam_mask_decoder.pred_obj_score_head.layers.2";
  return {
    ...weights,
    async read(name) {
      const values = await weights.read(name);
      return name === `${last}.weight` ? values.fill(0) : name === `${last}.bias` ? values.fill(4) : values;
    },
  };
}
