// What `masklet measure` was asked.
import { MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Triple } from "#server/volumes/label-reader.ts";
import type { Options } from "./options.ts";
import { readReportPaths, reportOptions } from "./write-report.ts";
import type { ReportPaths } from "./write-report.ts";

export const measureOptions = {
  labels: "text", image: "text", channel: "text", spacing: "text", frame: "text", confidence: "text", output: "text", clusters: "text", ...reportOptions,
} as const;

export interface MeasureOrder {
  readonly labels: string;
  readonly image: string | undefined;
  /** Of the image. */
  readonly channel: number;
  /** Micrometres. */
  readonly spacing: Triple | undefined;
  /** Undefined for all of them. */
  readonly frame: number | undefined;
  readonly confidence: string | undefined;
  readonly output: string;
  readonly clusters: string | undefined;
  readonly files: ReportPaths;
}

/** @throws usage */
export function readMeasureOrder(options: Options): MeasureOrder {
  const image = options.text("image");
  if (options.text("channel") !== undefined && image === undefined) throw MaskletError.of("usage", { why: "--channel goes with --image: it says which channel's values are measured." });
  return {
    labels: options.required("labels"), image, channel: options.whole("channel", 0, limits.maxPlanes) ?? 0,
    spacing: readSpacing(options.text("spacing")), frame: options.whole("frame", 0, limits.maxPlanes),
    confidence: options.text("confidence"), output: options.required("output"), clusters: options.text("clusters"), files: readReportPaths(options),
  };
}

/** `z,y,x` in micrometres @throws usage */
function readSpacing(text: string | undefined): Triple | undefined {
  if (text === undefined) return undefined;
  const [z = NaN, y = NaN, x = NaN, ...more] = text.split(",").map((part) => (part.trim() === "" ? NaN : Number(part)));
  if (more.length > 0 || ![z, y, x].every((side) => side > 0 && side < Infinity)) throw MaskletError.of("usage", { why: `--spacing must be the voxel size z,y,x in micrometres, such as 0.5,0.1,0.1, not "${text}".` });
  return [z, y, x];
}
