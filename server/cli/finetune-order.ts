// What `masklet finetune` is asked for, checked before Python is looked for.
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { requireModelId } from "#models/registry/model-id.ts";
import { MaskletError } from "#protocol/errors.ts";
import type { Options } from "./options.ts";

export const finetuneOptions = {
  data: "text", base: "text", output: "text", train: "text", resume: "text", add: "text", install: "flag", device: "text",
  steps: "text", epochs: "text", batch: "text", rate: "text", seed: "text", clip: "text", sigma: "text", corrections: "text", variants: "text",
  "check-every": "text", patience: "text", ema: "text", precision: "text", weights: "text", "image-size": "text", threads: "text",
} as const;

/** Whole numbers and others that are handed on as they are, with their bounds. */
const wholes = {
  steps: [1, 10_000_000], epochs: [1, 100_000], batch: [1, 4096], seed: [0, 2 ** 31 - 1], clip: [1, 64], corrections: [0, 50], variants: [1, 64],
  "check-every": [1, 1_000_000], patience: [1, 1_000_000], "image-size": [32, 4096], threads: [1, 1024],
} as const;
const numbers = { rate: [1e-12, 1], sigma: [0, 20], ema: [0, 0.99999] } as const;

export interface FinetuneOrder {
  /** Of finetune.py, but for the base. */
  readonly args: readonly string[];
  /** As given: a file or a model's id; undefined when a run is gone on with. */
  readonly base: string | undefined;
  /** The id under which the result is installed. */
  readonly add: string | undefined;
  readonly resume: string | undefined;
}

/** What a run that goes on may still be told. */
const alsoResumed: readonly string[] = ["steps", "device", "threads", "weights"];

/** @throws usage, file_missing */
export async function readFinetuneOrder(options: Options): Promise<FinetuneOrder> {
  if (options.words.length > 0) throw MaskletError.of("usage", { why: `masklet finetune takes no "${options.words.join(" ")}"; the set is --data, the network --base.` });
  const [resume, add] = [options.text("resume"), options.text("add")];
  if (add !== undefined) requireModelId(add);
  const args = [...choices(options), ...amounts(options)];
  if (resume !== undefined) {
    const given = Object.keys(finetuneOptions).filter((name) => !["resume", "add", ...alsoResumed].includes(name) && options.text(name) !== undefined);
    if (given.length > 0) throw MaskletError.of("usage", { why: `A run goes on as it was begun: --resume goes with ${alsoResumed.map((name) => `--${name}`).join(", ")} and --add, not with --${given[0]}.` });
    await requireFolder(resume, "run.json");
    return { args: ["--resume", resolve(resume), ...args], base: undefined, add, resume };
  }
  const [data, base, output] = [options.required("data"), options.required("base"), options.required("output")];
  if (!output.endsWith(".safetensors")) throw MaskletError.of("usage", { why: "--output must end in .safetensors." });
  if (options.text("steps") !== undefined && options.text("epochs") !== undefined) throw MaskletError.of("usage", { why: "Give --steps or --epochs, not both." });
  await requireFolder(data, "dataset.json");
  return { args: ["--data", resolve(data), "--output", resolve(output), ...args], base, add, resume };
}

function choices(options: Options): string[] {
  const given = (name: string, all: readonly [string, ...string[]]): string[] => (options.text(name) === undefined ? [] : [`--${name}`, options.choice(name, all)]);
  return [
    ...given("train", ["decoder", "memory", "all"]), ...given("device", ["auto", "cpu", "cuda"]), ...given("precision", ["auto", "fp32", "bf16"]), ...given("weights", ["fp16", "fp32"]),
  ];
}

function amounts(options: Options): string[] {
  const found: string[] = [];
  for (const [name, [low, high]] of Object.entries(wholes)) {
    const value = options.whole(name, low, high);
    if (value !== undefined) found.push(`--${name}`, String(value));
  }
  for (const [name, [low, high]] of Object.entries(numbers)) {
    const value = options.number(name, low, high);
    if (value !== undefined) found.push(`--${name}`, String(value));
  }
  return found;
}

async function requireFolder(folder: string, file: string): Promise<void> {
  const path = resolve(folder, file);
  if (!(await stat(path).then((found) => found.isFile(), () => false))) throw MaskletError.of("file_missing", { file: path });
}
