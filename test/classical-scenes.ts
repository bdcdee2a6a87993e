// Small seeded volumes for tests of the classical engine, read as a server reads them, and what a run of one leaves.
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seededRandom } from "../fixtures/make/seeded-random.ts";
import { completeRecipe } from "../server/classical/complete-recipe.ts";
import type { Box3, ClassicalRequest, ClassicalRun, Recipe, StepValue, VoxelReader } from "../server/classical/contract.ts";
import type { Size3, Voxels } from "../server/classical/kernels/size3.ts";
import { runRecipe } from "../server/classical/run-recipe.ts";
import { cropped, wholeBox } from "../server/classical/tiles/box3.ts";

export interface Scene {
  readonly size: Size3;
  readonly values: Voxels;
}

/** Bright ellipsoids, some of which touch, on noise; uint16. */
export function blobs(seed: number, size: Size3 = [40, 46, 52], count = 14): Scene {
  const random = seededRandom(seed);
  const values = Uint16Array.from({ length: size[0] * size[1] * size[2] }, () => Math.round(1000 + 60 * random.normal()));
  for (let nth = 0; nth < count; nth++) {
    const middle = size.map((side) => random.between(0, side));
    const radii = size.map(() => random.between(3, 8));
    const bright = random.between(500, 900);
    for (let z = 0, at = 0; z < size[0]; z++) for (let y = 0; y < size[1]; y++) for (let x = 0; x < size[2]; x++, at++) {
      const away = [z, y, x].reduce((sum, place, axis) => sum + ((place - middle[axis]!) / radii[axis]!) ** 2, 0);
      if (away < 1) values[at] = Math.max(values[at]!, Math.round(1000 + bright * (1.3 - away) + 60 * random.normal()));
    }
  }
  return { size, values };
}

/** @param onRead before each read; may throw or wait */
export function readerOf({ size, values }: Scene, options: { spacing?: Size3; onRead?: (box: Box3, signal: AbortSignal | undefined) => Promise<void> | void } = {}): VoxelReader {
  return {
    size, spacing: options.spacing,
    dtype: values instanceof Uint8Array ? "uint8" : values instanceof Uint16Array ? "uint16" : "float32",
    read: async (box, signal) => {
      await options.onRead?.(box, signal);
      return cropped(values, wholeBox(size), box).slice();
    },
  };
}

export interface Left {
  readonly kind: ClassicalRun["kind"];
  readonly values: Uint8Array | Uint32Array | Float32Array;
  readonly objects: ClassicalRun["objects"];
  readonly steps: ClassicalRun["steps"];
  readonly warnings: ClassicalRun["warnings"];
}

/** Runs, reads the whole answer, closes; the scratch folder must be empty then. */
export async function runOf(request: Omit<ClassicalRequest, "scratch">, signal?: AbortSignal): Promise<Left> {
  return withScratch(async (scratch) => {
    const run = await runRecipe({ threads: 1, ...request, scratch }, { signal });
    const { kind, objects, steps, warnings } = run;
    const values = await run.read(wholeBox(request.reader.size)).finally(() => run.close());
    if (readdirSync(scratch).length > 0) throw new Error(`the run left ${readdirSync(scratch).join(", ")}`);
    return { kind, values, objects, steps, warnings };
  });
}

/** A folder for the while of `use`. */
export async function withScratch<T>(use: (scratch: string) => Promise<T>): Promise<T> {
  const scratch = mkdtempSync(join(tmpdir(), "masklet-classical-"));
  try {
    return await use(scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

export function recipeOf(name: string | Recipe, set: Readonly<Record<string, StepValue>> = {}): Recipe {
  return completeRecipe(name, set);
}
