// masklet dataset: training sets from labelled volumes, in the formats other programs want, and looked over.
import { MaskletError } from "#protocol/errors.ts";
import type { CommandContext } from "./command.ts";
import { datasetConvertOptions, runDatasetCheck, runDatasetConvert } from "./dataset-convert.ts";
import { datasetMakeOptions, runDatasetMake } from "./dataset-make.ts";
import type { Options } from "./options.ts";

export const datasetOptions = { ...datasetMakeOptions, ...datasetConvertOptions } as const;

/** @throws usage, and what each of them throws */
export async function runDataset(options: Options, context: CommandContext): Promise<number | void> {
  const [what, folder, ...more] = options.words;
  if (what === "check" && folder !== undefined && more.length === 0) return runDatasetCheck(context, folder);
  if (what === "make" && folder === undefined) return runDatasetMake(options, context);
  if (what === "convert" && folder === undefined) return runDatasetConvert(options, context, undefined);
  if (what === "import" && folder === undefined) return runDatasetConvert(options, context, "stacks");
  throw MaskletError.of("usage", { why: "Say `masklet dataset make`, `check DIR`, `convert` or `import`." });
}
