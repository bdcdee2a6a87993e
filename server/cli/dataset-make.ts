// masklet dataset make: crops of labelled volumes as a training set.
import { basename, resolve } from "node:path";
import { MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Axis } from "#protocol/types.ts";
import { axisAt, planeAxes } from "#server/datasets/description.ts";
import type { SetOrder } from "#server/datasets/make-set.ts";
import { checkSetTarget } from "#server/datasets/output-folder.ts";
import { setFormats } from "#server/datasets/set.ts";
import type { MarkedVolume } from "#server/datasets/source.ts";
import { writeMadeSet } from "#server/datasets/write-set.ts";
import type { Triple } from "#server/volumes/label-reader.ts";
import { packageVersion } from "../version.ts";
import { commandLine } from "./command-line.ts";
import type { CommandContext } from "./command.ts";
import { cocoOptions } from "./dataset-convert.ts";
import { datasetSourceOptions, openDatasetSources } from "./dataset-sources.ts";
import type { Options } from "./options.ts";

export const datasetMakeOptions = {
  ...datasetSourceOptions, output: "text", crops: "text", size: "text", axis: "text", seed: "text", splits: "text", margin: "text", turns: "text", "turn-all": "flag",
  "min-objects": "text", licence: "text", name: "text",
} as const;

/** Where nothing is said, crops of this side, or as large as the smallest source allows. */
const usualSide = 256;

/** @throws usage, what opening sources throws, and as makeSet */
export async function runDatasetMake(options: Options, context: CommandContext): Promise<void> {
  const { terminal, signal } = context;
  const output = options.required("output");
  const order = readOrder(options, output);
  const making = { format: options.choice("format", setFormats), coco: cocoOptions(options), command: commandLine(), version: packageVersion() };
  await checkSetTarget(output, (["image", "labels", "rois", "geojson"] as const).flatMap((name) => options.texts(name)));
  const opened = await openDatasetSources(options, context);
  try {
    const whole = { ...order, ...cropOf(options, order.axis, opened.sources) };
    const made = await writeMadeSet(output, opened.sources, whole, making, { signal, onStep: (step) => terminal.progress(step) });
    const { items } = made.dataset;
    const counts = Object.fromEntries((["train", "val", "test"] as const).map((split) => [split, items.filter((item) => item.split === split).length]));
    const told = Object.entries(counts).map(([split, count]) => `${count} ${split}`).join(", ");
    const short = made.taken.length < order.crops ? ` There were only ${made.taken.length} places of ${order.crops} for a crop with ${order.minObjects} objects or more.` : "";
    terminal.result(`${made.taken.length} crops of ${whole.crop.join(" x ")} voxels, ${items.length} with their turned copies (${told}): ${output}.${short}`,
      { output, crops: made.taken.length, items: items.length, ...counts, size: whole.crop, objects: made.objectVoxels.length, dropped: made.dropped });
  } finally {
    await opened.close();
  }
}

function readOrder(options: Options, output: string): Omit<SetOrder, "crop" | "dimensions"> {
  const parts = numbers(options, "splits", "0.8,0.1,0.1");
  if (parts.length !== 3 || parts.some((part) => part < 0) || parts.every((part) => part === 0)) throw MaskletError.of("usage", { why: `--splits must be three parts for train, val and test such as 0.8,0.1,0.1, not "${options.text("splits")}".` });
  const turns = options.choice("turns", ["8", "4", "1"]);
  return {
    name: options.text("name") ?? basename(resolve(output)), licence: options.text("licence"),
    crops: options.whole("crops", 1, 20_000) ?? 100, axis: options.choice("axis", ["z", "y", "x"]), seed: options.whole("seed", 0, 2 ** 32 - 1) ?? 1,
    parts: { train: parts[0]!, val: parts[1]!, test: parts[2]! }, margin: options.whole("margin", 0, limits.maxSide) ?? 8,
    turns: Array.from({ length: Number(turns) }, (_, turn) => turn), turnAll: options.flag("turn-all"), minObjects: options.whole("min-objects", 0, limits.maxUint16Label) ?? 1,
  };
}

/** Two numbers are rows and columns of one plane, three are z, y, x. */
function cropOf(options: Options, axis: Axis, sources: readonly MarkedVolume[]): { crop: Triple; dimensions: 2 | 3 } {
  const smallest: Triple = [0, 1, 2].reduce<[number, number, number]>((least, at) => {
    least[at] = Math.min(...sources.map(({ labels }) => labels.size[at]!));
    return least;
  }, [1, 1, 1]);
  const [v, u] = planeAxes[axis];
  const given = options.text("size") === undefined ? [Math.min(usualSide, smallest[v]), Math.min(usualSide, smallest[u])] : numbers(options, "size", "");
  if (![2, 3].includes(given.length) || given.some((side) => !Number.isInteger(side) || side < 1)) throw MaskletError.of("usage", { why: `--size must be two whole numbers (rows and columns of a plane) or three (z, y, x), not "${options.text("size")}".` });
  const flat = given.length === 2;
  const crop: [number, number, number] = [given[0]!, given[1]!, given[2] ?? 1];
  if (flat) {
    crop[axisAt[axis]] = 1;
    crop[v] = given[0]!;
    crop[u] = given[1]!;
  }
  if (crop.some((side, at) => side > smallest[at]!)) throw MaskletError.of("usage", { why: `--size ${options.text("size")} does not fit: the smallest source has ${smallest.join(" x ")} voxels (z x y x x).` });
  return { crop, dimensions: flat ? 2 : 3 };
}

/** @throws usage */
function numbers(options: Options, name: string, fallback: string): number[] {
  const text = options.text(name) ?? fallback;
  const values = text.split(",").map((part) => (part.trim() === "" ? NaN : Number(part)));
  if (!values.every(Number.isFinite)) throw MaskletError.of("usage", { why: `--${name} must be numbers separated by commas, not "${text}".` });
  return values;
}
