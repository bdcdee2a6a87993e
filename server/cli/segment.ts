// masklet segment: a volume by a classical recipe, in this process, whatever its size.
import { MaskletError, asMaskletError } from "#protocol/errors.ts";
import type { ClassicalRun, Recipe, StepValue, UsedStep } from "#server/classical/contract.ts";
import { nothingFound } from "#server/operations/found-objects.ts";
import { regionOf, regionReader, sizeOf } from "#server/segmentation/region-reader.ts";
import { openVolume } from "#server/volumes/open-volume.ts";
import type { VolumeSource } from "#server/volumes/source.ts";
import { classicalEngine } from "../classical-engine.ts";
import type { Classical } from "#server/operations/contract.ts";
import type { CommandContext } from "./command.ts";
import type { Options } from "./options.ts";
import { readRecipe } from "./read-recipe.ts";
import { readSegmentOrder } from "./segment-order.ts";
import type { SegmentOrder } from "./segment-order.ts";
import { writeRun } from "./segment-results.ts";
import type { SegmentPaths } from "./segment-results.ts";
import { openSegmentScratch } from "./segment-scratch.ts";
import { stepProgress } from "./step-progress.ts";
import { checkResultPaths, resultPaths } from "./write-results.ts";

/**
 * @param engine tests bring their own
 * @throws usage, recipe_invalid, plane_off_volume, range_invalid, labels_too_many, session_in_use, cancelled, and what reading and writing throw
 */
export async function runSegment(options: Options, context: CommandContext, engine: Classical = classicalEngine): Promise<void> {
  const order = readSegmentOrder(options);
  const { labels: _labels, ...others } = resultPaths(options);
  const paths: SegmentPaths = { ...others, prompts: options.text("write-prompts") };
  await checkResultPaths({ ...paths, labels: order.output }, [order.input, ...(/\.json$/i.test(order.recipe) ? [order.recipe] : [])]);
  const recipe = await readRecipe(engine, order.recipe, order.set);
  const source = await openVolume(order.input, { signal: context.signal });
  try {
    await segment(engine, recipe, source, order, paths, context);
  } finally {
    await source.close();
  }
}

async function segment(engine: Classical, recipe: Recipe, source: VolumeSource, order: SegmentOrder, paths: SegmentPaths, context: CommandContext): Promise<void> {
  const { terminal, signal, home } = context;
  const { input, frame, c, step, slice, memoryBytes, threads, chunkSide } = order;
  const region = regionOf(source.shape, order);
  if (slice !== undefined && (slice < region.start[0] || slice >= region.end[0])) throw MaskletError.of("plane_off_volume", { axis: "z", index: slice, size: region.end[0] });
  const scratch = await openSegmentScratch(home, input, { recipe, region, frame, c, step, chunkSide });
  if (scratch.resumed) terminal.say(`Going on from what an earlier run of the same left in ${scratch.folder}.`);
  const beganMs = performance.now();
  let wanted = false;
  let run: ClassicalRun | undefined;
  try {
    const request = { reader: regionReader(source, order, region), recipe, until: step, scratch: scratch.folder, resumeKey: scratch.resumeKey, memoryBytes, threads, chunkSide };
    run = await engine.run(request, { signal, onProgress: stepProgress(terminal, () => performance.now()) });
    const files = await writeRun(run, order, source, region, paths, context);
    const seconds = Math.round(performance.now() - beganMs) / 1000;
    const [z, y, x] = sizeOf(region);
    const missing = source.missingChunks?.() ?? 0;
    const gaps = missing === 0 ? [] : [`${missing} chunks of ${source.name} do not exist; by the format they are filled with one value.`];
    const warnings = [...gaps, ...run.warnings, ...(step === undefined && run.objects.length === 0 ? [nothingFound(run.steps)] : [])];
    const told = { recipe: recipe.name, objects: run.objects.length, steps: run.steps, warnings, files, seconds };
    terminal.result(summary(run, told, z * y * x, order), told);
  } catch (thrown) {
    wanted = goesOn(thrown);
    throw thrown;
  } finally {
    await run?.close(wanted);
    if (await scratch.leave(wanted)) terminal.say(`What is done so far is kept in ${scratch.folder}: the same command goes on from there. Remove the folder if you do not want to.`);
  }
}

/** Whether the same command, or one with another output, may end better: not where input or recipe are at fault. */
function goesOn(thrown: unknown): boolean {
  const { code, exitCode } = asMaskletError(thrown);
  return exitCode !== 3 || code === "labels_too_many" || code === "too_large";
}

/** What was found, and below it every step with the values that held. */
function summary(run: ClassicalRun, { recipe, objects, warnings, files, seconds }: { recipe: string; objects: number; warnings: readonly string[]; files: readonly string[]; seconds: number }, voxels: number, { step }: SegmentOrder): string {
  const what = step === undefined ? `${objects} ${objects === 1 ? "object" : "objects"} with ${recipe}` : `Step ${step} of ${recipe}`;
  const speed = seconds === 0 ? "" : `, ${(voxels / 1e6 / seconds).toFixed(1)} MVx/s`;
  const widest = Math.max(...run.steps.map(({ id }) => id.length));
  return [`${what} in ${seconds.toFixed(1)} s${speed}: ${files.join(", ")}`, ...run.steps.map((used) => `  ${used.id.padEnd(widest)}  ${stepLine(used)}`.trimEnd()), ...warnings.map((warning) => `  Note: ${warning}`)].join("\n");
}

function stepLine({ parameters, found }: UsedStep): string {
  const list = (values: Readonly<Record<string, StepValue>>): string => Object.entries(values).map(([name, value]) => `${name} ${typeof value === "number" ? shortNumber(value) : value}`).join(", ");
  return [list(parameters), list(found)].filter((part) => part !== "").join("  ->  ");
}

/** Six digits are enough to read. */
function shortNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
}
