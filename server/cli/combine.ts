// masklet combine: objects followed along several axes and put to the vote, or objects of a label image made one.
import { createModelHost } from "#models/host/host.ts";
import { createModelStore } from "#models/registry/store.ts";
import { MaskletError } from "#protocol/errors.ts";
import type { Axis, Mask } from "#protocol/types.ts";
import { combineDirections } from "#server/segmentation/combine-directions.ts";
import type { CombinedObject } from "#server/segmentation/combine-directions.ts";
import type { Scene } from "#server/segmentation/contract.ts";
import { freezeView } from "#server/segmentation/freeze-view.ts";
import { joinMasks } from "#server/segmentation/join-masks.ts";
import { checkRun, propagate } from "#server/segmentation/propagate.ts";
import { promptsFromFile } from "#server/sessions/prompts-file.ts";
import { openVolume } from "#server/volumes/open-volume.ts";
import type { CommandContext } from "./command.ts";
import type { Options } from "./options.ts";
import { readOrder } from "./propagate-order.ts";
import { readLabels } from "./read-labels.ts";
import { maskReader, readPromptsFile } from "./read-prompts.ts";
import { checkResultPaths, resultOptions, resultPaths, writeResult, writeResults } from "./write-results.ts";

export const combineOptions = {
  input: "text", prompts: "text", output: "text", axes: "text", votes: "text", range: "text", report: "text", model: "text", window: "text",
  "display-range": "text", invert: "flag", sigma: "text", overlap: "text", labels: "text", union: "text", ...resultOptions,
} as const;

/** @throws usage, cancelled (then nothing is written), and what reading, the model and writing throw */
export async function runCombine(options: Options, context: CommandContext): Promise<void> {
  if (options.text("labels") === undefined && options.text("union") === undefined) return combineVolume(options, context);
  for (const name of ["input", "prompts", "axes", "votes", "report", "model"]) {
    if (options.text(name) !== undefined) throw MaskletError.of("usage", { why: `--${name} does not go with --labels and --union: a union needs no image.` });
  }
  return uniteLabels(options, context);
}

async function combineVolume(options: Options, context: CommandContext): Promise<void> {
  const { terminal, signal, home } = context;
  const order = readOrder(options);
  const axes = readAxes(options.text("axes") ?? "z,y,x");
  const votes = options.whole("votes", 1, axes.length);
  const overlap = options.choice("overlap", ["highest-score", "first", "last", "nearest"]);
  const paths = { ...resultPaths(options), labels: options.required("output") };
  const report = options.text("report");
  await checkResultPaths({ ...paths, report }, [order.input, order.promptsPath]);
  const prompts = readPromptsFile(order.promptsPath);
  if (prompts.objects.length === 0) throw MaskletError.of("nothing_prompted", {});
  const source = await openVolume(order.input, { signal });
  const model = await createModelStore({ home, onLog: terminal.say }).resolveModel(order.model);
  const host = createModelHost({ home, onLog: terminal.say });
  let found: CombinedObject[];
  try {
    const view = await freezeView(source, order.view, signal);
    const scene: Scene = { source, view, trackers: host, model, window: order.window };
    const objects = promptsFromFile(prompts, maskReader(order.promptsPath));
    const follower = { checkRun: (...given: Parameters<typeof checkRun>): void => void checkRun(...given), propagate };
    found = await combineDirections(scene, { objects, axes, votes, range: order.request.range }, follower, { signal, onProgress: terminal.progress("combining") });
  } finally {
    await host.close();
    await source.close();
  }
  const masks = found.flatMap((object) => object.masks);
  const disagreements = found.map(({ disagreement }) => disagreement);
  const files = await writeResults(paths, source, masks, overlap);
  if (report !== undefined) {
    await writeResult(report, `${JSON.stringify({ model, axes, votes: votes ?? Math.floor(axes.length / 2) + 1, disagreements }, null, 2)}\n`);
    files.push(report);
  }
  const lines = disagreements.map(({ objectId, voxels, disputed, dice, worst }) =>
    `object ${objectId}: ${voxels} voxels, ${disputed} disputed, overlap of the directions ${dice.toFixed(3)}${worst === undefined ? "" : `, most disputed on z ${worst.index}`}`);
  const objects = found.filter((object) => object.masks.length > 0).length;
  terminal.result([...lines, `${objects} objects on ${masks.length} planes with ${model}: ${files.join(", ")}`].join("\n"), { model, planes: masks.length, objects, disagreements, files });
}

/** @throws usage */
function readAxes(text: string): Axis[] {
  const axes = text.split(",").map((name) => (["z", "y", "x"] as const).find((axis) => axis === name));
  const named = axes.filter((axis) => axis !== undefined);
  if (named.length < axes.length || named.length < 2 || new Set(named).size < named.length) throw MaskletError.of("usage", { why: `--axes must be two or three of z, y and x with commas between, not "${text}".` });
  return named;
}

async function uniteLabels(options: Options, context: CommandContext): Promise<void> {
  const { terminal, signal } = context;
  const path = options.required("labels");
  const ids = readIds(options.required("union"));
  const paths = { ...resultPaths(options), labels: options.required("output") };
  await checkResultPaths(paths, [path]);
  const source = await openVolume(path, { signal });
  try {
    const masks = await readLabels(source, context);
    for (const id of ids) if (!masks.some((mask) => mask.objectId === id)) throw MaskletError.of("not_found", { what: "object", id: String(id) });
    const wanted = new Set(ids);
    const first = ids[0]!;
    const joined: Mask[] = [...masks.filter((mask) => !wanted.has(mask.objectId)), ...joinMasks(masks.filter((mask) => wanted.has(mask.objectId)), first)];
    const files = await writeResults(paths, source, joined, "first");
    const objects = new Set(joined.map((mask) => mask.objectId)).size;
    terminal.result(`Objects ${ids.join(", ")} are now object ${first}; ${objects} objects: ${files.join(", ")}`, { object: first, joined: ids, objects, files });
  } finally {
    await source.close();
  }
}

/** @throws usage */
function readIds(text: string): number[] {
  const ids = [...new Set(text.split(",").map((part) => (/^\d+$/.test(part) ? Number(part) : 0)))];
  if (ids.length < 2 || ids.includes(0)) throw MaskletError.of("usage", { why: `--union must be two or more different object ids with commas between, not "${text}".` });
  return ids;
}
