// What `masklet segment` was asked.
import { MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { IndexRange, Schema } from "#protocol/types.ts";
import type { StepValue } from "#server/classical/contract.ts";
import type { Options } from "./options.ts";
import { resultOptions } from "./write-results.ts";

export const segmentOptions = {
  input: "text", output: "text", recipe: "text", set: "texts", roi: "text", frame: "text", channel: "text", step: "text", slice: "text",
  "write-prompts": "text", memory: "text", threads: "text", chunk: "text", ...resultOptions,
} as const;

export interface SegmentOrder {
  readonly input: string;
  readonly output: string;
  readonly zarr: boolean;
  readonly recipe: string;
  readonly set: Readonly<Record<string, StepValue>>;
  readonly region: Schema<"Region">;
  readonly frame: number;
  readonly c: number;
  /** The step whose output is written in place of labels; `slice` counts in the volume. */
  readonly step: string | undefined;
  readonly slice: number | undefined;
  readonly memoryBytes: number | undefined;
  readonly threads: number | undefined;
  readonly chunkSide: number | undefined;
}

/** @throws usage */
export function readSegmentOrder(options: Options): SegmentOrder {
  const usage = (why: string): MaskletError => MaskletError.of("usage", { why });
  const output = options.required("output");
  const zarr = /\.zarr\/?$/i.test(output);
  if (!zarr && !/\.tiff?$/i.test(output)) throw usage(`--output must end in .tif or .zarr, not "${output}".`);
  const step = options.text("step");
  const slice = options.whole("slice", 0, limits.maxPlanes);
  if (slice !== undefined && step === undefined) throw usage("--slice goes with --step: it says which slice of the step's output is written.");
  if (step !== undefined && zarr) throw usage("--step writes a TIFF; give an --output that ends in .tif.");
  for (const name of ["csv", "rois", "geojson", "write-prompts"]) {
    if (step !== undefined && options.text(name) !== undefined) throw usage(`--${name} needs the objects of a whole recipe, so it does not go with --step.`);
  }
  return {
    input: options.required("input"), output, zarr, step, slice,
    recipe: options.text("recipe") ?? "fds",
    set: Object.fromEntries(options.texts("set").map(readSet)),
    region: readRoi(options.text("roi")),
    frame: options.whole("frame", 0, limits.maxPlanes) ?? 0,
    c: options.whole("channel", 0, limits.maxPlanes) ?? 0,
    memoryBytes: readMemory(options.text("memory")),
    threads: options.whole("threads", 1, 1024),
    chunkSide: options.whole("chunk", 16, 1024),
  };
}

/** `step.parameter=value` @throws usage */
function readSet(text: string): [string, StepValue] {
  const [, name, value] = /^([^=.\s]+\.[^=.\s]+)=(.*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) throw MaskletError.of("usage", { why: `--set must be step.parameter=value, such as threshold.low=3, not "${text}".` });
  if (value === "true" || value === "false") return [name, value === "true"];
  return [name, value.trim() !== "" && Number.isFinite(Number(value)) ? Number(value) : value];
}

/** `z0:z1,y0:y1,x0:x1`, where `:` alone is the whole axis @throws usage */
function readRoi(text: string | undefined): Schema<"Region"> {
  if (text === undefined) return {};
  const refuse = (): MaskletError => MaskletError.of("usage", { why: `--roi must be z0:z1,y0:y1,x0:x1 in voxels counted from 0, each end above its start (: alone is the whole axis), not "${text}".` });
  const parts = text.split(",");
  if (parts.length !== 3) throw refuse();
  const [z, y, x] = parts.map((part): IndexRange | undefined => {
    if (part.trim() === ":") return undefined;
    const [, start, end] = /^\s*(\d+):(\d+)\s*$/.exec(part) ?? [];
    if (start === undefined || end === undefined || Number(start) >= Number(end)) throw refuse();
    return { start: Number(start), end: Number(end) };
  });
  return { ...(z === undefined ? {} : { z }), ...(y === undefined ? {} : { y }), ...(x === undefined ? {} : { x }) };
}

/** `4G`, `800M`, `1.5GiB`: powers of 1024 @throws usage */
function readMemory(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, amount, unit] = /^\s*(\d+(?:\.\d+)?)\s*([KMGT])(?:i?B)?\s*$/i.exec(text) ?? [];
  if (amount === undefined || unit === undefined || Number(amount) === 0) throw MaskletError.of("usage", { why: `--memory must be an amount such as 4G or 800M, not "${text}".` });
  return Math.round(Number(amount) * 1024 ** ("KMGT".indexOf(unit.toUpperCase()) + 1));
}
