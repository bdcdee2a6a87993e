// masklet dataset convert, import and check: sets that are there already, of any format.
import { stat } from "node:fs/promises";
import { MaskletError } from "#protocol/errors.ts";
import { checkSet } from "#server/datasets/check-set.ts";
import { cocoSegmentations, type CocoOptions } from "#server/datasets/coco-write.ts";
import { openSet } from "#server/datasets/open-set.ts";
import { checkSetTarget } from "#server/datasets/output-folder.ts";
import { setFormats, type SetFormat } from "#server/datasets/set.ts";
import { writeConvertedSet } from "#server/datasets/write-set.ts";
import { packageVersion } from "../version.ts";
import type { CommandContext } from "./command.ts";
import { commandLine } from "./command-line.ts";
import type { Options } from "./options.ts";

export const datasetConvertOptions = { input: "text", output: "text", format: "text", "coco-images": "text", segmentation: "text" } as const;

/** Findings shown of each kind; `--json` has them all. */
const shownOfKind = 10;

/** @throws usage */
export function cocoOptions(options: Options): CocoOptions {
  return { images: options.choice("coco-images", ["png", "tiff"]), segmentation: options.choice("segmentation", cocoSegmentations) };
}

/** @param target stacks for `import` @throws usage, and as openSet and convertSet */
export async function runDatasetConvert(options: Options, { terminal, signal }: CommandContext, target: SetFormat | undefined): Promise<void> {
  const input = options.required("input");
  const output = options.required("output");
  if (target === undefined) options.required("format");
  const format = target ?? options.choice("format", setFormats);
  await checkInput(input);
  await checkSetTarget(output, [input]);
  const set = await openSet(input, signal);
  const making = { format, coco: cocoOptions(options), command: commandLine(), version: packageVersion() };
  const items = await writeConvertedSet(output, input, set, making, { signal, onProgress: terminal.progress("converting") });
  const objects = items.reduce((sum, item) => sum + item.objects, 0);
  const notes = set.notes().map((note) => `\n  ${note}`).join("");
  terminal.result(`${items.length} items with ${objects} objects, from ${set.format} to ${format}: ${output}.${notes}`, { output, from: set.format, format, items: items.length, objects, notes: set.notes() });
}

/** @returns the exit code: 3 when there are errors. @throws dataset_invalid, and as openSet */
export async function runDatasetCheck({ terminal, signal }: CommandContext, folder: string): Promise<number> {
  await checkInput(folder);
  const report = await checkSet(await openSet(folder, signal), { signal, onProgress: terminal.progress("checking") });
  const { findings, items, objects, splits, errors, warnings, format, notes } = report;
  const shown = [...new Set(findings.map(({ code }) => code))].flatMap((code) => {
    const kind = findings.filter((found) => found.code === code);
    const [first] = kind;
    const lines = kind.slice(0, shownOfKind).map(({ item, why }) => `    ${item}: ${why}`);
    if (kind.length > shownOfKind) lines.push(`    and ${kind.length - shownOfKind} more (--json lists them)`);
    return [`  ${first!.severity} ${first!.code} (${kind.length}): ${first!.todo}`, ...lines];
  });
  const head = `${folder} (${format}): ${items} items (${splits.train} train, ${splits.val} val, ${splits.test} test), ${objects} objects; ${errors} errors, ${warnings} warnings.`;
  terminal.result([head, ...shown, ...notes.map((note) => `  ${note}`)].join("\n"), report);
  return errors > 0 ? 3 : 0;
}

async function checkInput(folder: string): Promise<void> {
  const about = await stat(folder).catch((cause: unknown) => { throw MaskletError.of("file_missing", { file: folder }, cause); });
  if (!about.isDirectory()) throw MaskletError.of("dataset_invalid", { file: folder, why: "it is no folder" });
}
