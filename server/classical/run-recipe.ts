// Runs a recipe over a volume: step after step, each in passes over chunks, on all threads.
import { rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { MaskletError, throwIfCancelled } from "#protocol/errors.ts";
import { idOf, valuesOf } from "./complete-recipe.ts";
import type { ClassicalProgress, ClassicalRequest, ClassicalRun, RunRecipe, UsedStep } from "./contract.ts";
import { asRun } from "./run-in-thread.ts";
import { stepNamed } from "./steps/catalogue.ts";
import { parametersOf } from "./steps/step.ts";
import type { RunState } from "./steps/step.ts";
import { openTiles } from "./tiles/open-tiles.ts";
import type { OpenTiles } from "./tiles/open-tiles.ts";
import { openRunFolder } from "./tiles/run-folder.ts";

/** Chunks of 8 MiB of float32, 12 with a halo of ten voxels: large enough that halos cost little, and small beside any memory. */
const defaultChunkSide = 128;
/** Kept below what a laptop has beside its other programs. */
const defaultMemoryBytes = 4 * 2 ** 30;

/** Everything that is computed is the same for any chunk side, number of threads and memory. */
export const runRecipe: RunRecipe = async (request, { signal, onProgress }) => {
  const { reader, recipe, scratch, resumeKey } = request;
  const until = lastStep(request);
  throwIfCancelled(signal);
  const side = Math.min(request.chunkSide ?? defaultChunkSide, Math.max(...reader.size));
  const folder = openRunFolder(scratch, resumeKey, JSON.stringify([reader.size, reader.dtype, reader.spacing, recipe.steps, side, request.limits !== undefined, request.seeds !== undefined]));
  const warnings: string[] = [];
  const at: { step: string; nth: number } = { step: "reading", nth: 0 };
  const say = (done: number, total: number): void => onProgress?.({ done, total, unit: "voxels", step: at.step } satisfies ClassicalProgress);
  let tiles: OpenTiles | undefined;
  const close = async (keep: boolean): Promise<void> => {
    await tiles?.close();
    if (!keep) rmSync(folder, { recursive: true, force: true });
  };
  try {
    tiles = await openTiles({
      reader, folder, resumable: resumeKey !== undefined, limits: request.limits, seeds: request.seeds, signal, warnings,
      side,
      threads: request.threads ?? availableParallelism(),
      memoryBytes: request.memoryBytes ?? defaultMemoryBytes,
      nth: () => at.nth, onPass: say, passes: 1 + recipe.steps.slice(0, until + 1).reduce((sum, { step }) => sum + (stepNamed(step)!.passes ?? 0), 0),
    });
    const state = startState(tiles);
    const used: UsedStep[] = [];
    for (const [nth, given] of recipe.steps.slice(0, until + 1).entries()) {
      at.step = idOf(given);
      at.nth = nth;
      const step = stepNamed(given.step)!;
      const parameters = valuesOf(given);
      used.push({ id: idOf(given), step: given.step, parameters, found: await step.run(state, parametersOf(parameters), tiles) });
    }
    const kind = stepNamed(recipe.steps[until]!.step)!.gives;
    say(1, 1);
    return answer(kind, state, used, warnings, tiles, (kept = false) => close(kept && resumeKey !== undefined));
  } catch (thrown) {
    // What a run with a key has done is gone on with; of another nothing is left.
    await close(resumeKey !== undefined);
    throw asRun(thrown);
  }
};

/** @throws recipe_invalid */
function lastStep({ recipe, until }: ClassicalRequest): number {
  if (until === undefined) {
    const last = recipe.steps.at(-1)!;
    const { gives } = stepNamed(last.step)!;
    if (gives !== "labels") throw MaskletError.of("recipe_invalid", { why: `Recipe "${recipe.name}" ends in a ${gives} (step "${idOf(last)}"), where objects need labels. Add a step that makes objects, or ask for the output of that step.` });
    return recipe.steps.length - 1;
  }
  const nth = recipe.steps.findIndex((step) => idOf(step) === until);
  if (nth < 0) throw MaskletError.of("recipe_invalid", { why: `The recipe has no step "${until}"; it has ${recipe.steps.map(idOf).join(", ")}.` });
  return nth;
}

function startState({ grey, greyRange }: OpenTiles): RunState {
  return { grey, sharp: grey, greyRange, histogram: undefined, mask: undefined, map: undefined, bodies: undefined, labels: undefined };
}

function answer(kind: ClassicalRun["kind"], state: RunState, steps: readonly UsedStep[], warnings: readonly string[], tiles: OpenTiles, close: ClassicalRun["close"]): ClassicalRun {
  const field = kind === "labels" ? { op: "store" as const, store: state.labels!.store } : kind === "mask" ? { op: "present" as const, of: state.mask! } : kind === "map" ? state.map! : state.grey;
  return {
    kind, steps, warnings, close,
    objects: kind === "labels" ? state.labels!.objects : [],
    read: async (box) => {
      const values = await tiles.values(field, box);
      if (kind === "labels") return values instanceof Uint32Array ? values : new Uint32Array(values);
      if (kind === "mask") return values instanceof Uint8Array ? values : new Uint8Array(values);
      return values instanceof Float32Array ? values : new Float32Array(values);
    },
  };
}

