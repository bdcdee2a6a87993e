// What `masklet evaluate` was asked.
import { basename } from "node:path";
import { MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { PromptsFile } from "#protocol/types.ts";
import type { Triple } from "#server/volumes/label-reader.ts";
import type { Options } from "./options.ts";
import { readPromptsFile } from "./read-prompts.ts";
import { readSpacing } from "./read-spacing.ts";
import { readReportPaths, reportOptions, wantsReport } from "./write-report.ts";
import type { ReportPaths } from "./write-report.ts";

export const evaluateOptions = {
  truth: "text", prediction: "texts", name: "texts", spacing: "text", frame: "text", prompts: "text", objects: "text", output: "text", image: "text", channel: "text", ...reportOptions,
} as const;

export interface EvaluateOrder {
  readonly truth: string;
  readonly predictions: readonly { readonly path: string; readonly name: string }[];
  readonly spacing: Triple | undefined;
  readonly frame: number | undefined;
  readonly prompts: string | undefined;
  readonly objects: string | undefined;
  readonly output: string | undefined;
  /** Behind the outlines of the report. */
  readonly image: string | undefined;
  readonly channel: number;
  readonly files: ReportPaths;
}

/** @throws usage */
export function readEvaluateOrder(options: Options): EvaluateOrder {
  const truth = options.required("truth");
  const paths = options.texts("prediction");
  const names = options.texts("name");
  if (paths.length === 0 || paths.includes("")) throw MaskletError.of("usage", { why: "--prediction is missing." });
  if (names.length > 0 && names.length !== paths.length) throw MaskletError.of("usage", { why: `Give a --name for each --prediction, in the same order: there are ${paths.length} predictions and ${names.length} names.` });
  const [image, files] = [options.text("image"), readReportPaths(options)];
  if (options.text("channel") !== undefined && image === undefined) throw MaskletError.of("usage", { why: "--channel goes with --image: it says which channel is shown." });
  if (image !== undefined && !wantsReport(files)) throw MaskletError.of("usage", { why: "--image is what the report shows behind the outlines, so it goes with --report or --plots." });
  return {
    truth, predictions: named(paths, names), spacing: readSpacing(options), frame: options.whole("frame", 0, limits.maxPlanes), prompts: options.text("prompts"),
    objects: options.text("objects"), output: options.text("output"), image, channel: options.whole("channel", 0, limits.maxPlanes) ?? 0, files,
  };
}

/** File names where none are given; whole paths where these are the same. */
function named(paths: readonly string[], names: readonly string[]): { path: string; name: string }[] {
  const short = paths.map((path) => basename(path));
  return paths.map((path, nth) => ({ path, name: names[nth] ?? (short.indexOf(short[nth]!) === short.lastIndexOf(short[nth]!) ? short[nth]! : path) }));
}

/** True id -> the slices along z that it was prompted on, in the frame.
 * @throws usage when there is no such object, and what reading throws */
export function readPromptedSlices(path: string, frame: number): ReadonlyMap<number, readonly number[]> {
  const slices = slicesOf(readPromptsFile(path), frame);
  if (slices.size === 0) throw MaskletError.of("usage", { why: `${path} prompts no object on a slice along z of frame ${frame}.` });
  return slices;
}

function slicesOf({ objects }: PromptsFile, frame: number): Map<number, number[]> {
  const slices = new Map<number, number[]>();
  for (const { id, axis = "z", t = 0, prompts } of objects) {
    // Followed through time an object was prompted on a frame, not on a slice of this one.
    if (axis !== "z") continue;
    for (const prompt of prompts) if ((prompt.t ?? t) === frame) slices.set(id, [...slices.get(id) ?? [], prompt.z ?? 0]);
  }
  return slices;
}
