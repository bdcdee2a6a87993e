// masklet dataset: training sets from labelled volumes, as other programs want them, and looked over.
import { MaskletError } from "#protocol/errors.ts";
import type { CommandContext } from "./command.ts";
import { datasetMakeOptions, runDatasetMake } from "./dataset-make.ts";
import type { Options } from "./options.ts";

export const datasetOptions = { ...datasetMakeOptions } as const;

/** @throws usage, and what each of them throws */
export async function runDataset(options: Options, context: CommandContext): Promise<void> {
  const [what, ...more] = options.words;
  if (what === "make" && more.length === 0) return runDatasetMake(options, context);
  throw MaskletError.of("usage", { why: "Say `masklet dataset make`." });
}
