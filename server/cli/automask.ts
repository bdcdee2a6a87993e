// masklet automask: objects that nobody pointed at, on one plane or through a stack, in this process.
import { createModelHost } from "#models/host/host.ts";
import { createModelStore } from "#models/registry/store.ts";
import { asMaskletError, MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Along, IndexRange, Mask, PixelBox } from "#protocol/types.ts";
import { automask, checkAutomask, type AutomaskRequest } from "#server/segmentation/automask.ts";
import { automaskStack, checkStack, type StackRequest } from "#server/segmentation/automask-stack.ts";
import type { Scene } from "#server/segmentation/contract.ts";
import { freezeView } from "#server/segmentation/freeze-view.ts";
import type { GridSettings } from "#server/segmentation/grid.ts";
import { checkRun, propagate } from "#server/segmentation/propagate.ts";
import { openVolume } from "#server/volumes/open-volume.ts";
import type { CommandContext } from "./command.ts";
import type { Options } from "./options.ts";
import { readRange, readView } from "./propagate-order.ts";
import { checkResultPaths, resultOptions, resultPaths, writeResults } from "./write-results.ts";

export const automaskOptions = {
  input: "text", output: "text", slice: "text", every: "text", range: "text", axis: "text", frame: "text", channel: "text", region: "text",
  "points-per-side": "text", "pred-iou": "text", stability: "text", "crop-layers": "text", "min-area": "text", "max-area-part": "text", "merge-iou": "text",
  model: "text", "display-range": "text", invert: "flag", sigma: "text", overlap: "text", ...resultOptions,
} as const;

type Order = { readonly plane: AutomaskRequest } | { readonly stack: StackRequest };

/** @throws usage, cancelled, and what reading, the model and writing throw; what arrived before is written */
export async function runAutomask(options: Options, context: CommandContext): Promise<void> {
  const { terminal, signal, home } = context;
  const input = options.required("input");
  const paths = { ...resultPaths(options), labels: options.required("output") };
  const order = readOrder(options);
  const settings = readView(options);
  const overlap = options.choice("overlap", ["highest-score", "first", "last", "nearest"]);
  await checkResultPaths(paths, [input]);
  const source = await openVolume(input, { signal });
  const host = createModelHost({ home, onLog: terminal.say });
  const masks: Mask[] = [];
  let model = "";
  let stopped: unknown;
  try {
    if ("plane" in order) checkAutomask(source.shape, order.plane);
    else checkStack(source.shape, order.stack, { checkRun });
    model = await createModelStore({ home, onLog: terminal.say }).resolveModel(options.text("model") ?? "auto");
    const scene: Scene = { source, view: await freezeView(source, settings, signal), trackers: host, model, window: "object" };
    await find(scene, order, masks, context);
  } catch (thrown) {
    // What arrived is kept: files are written before the fault is told.
    if (masks.length === 0) throw thrown;
    stopped = thrown;
  } finally {
    await host.close();
    await source.close();
  }
  const objects = new Set(masks.map((mask) => mask.objectId)).size;
  if (objects === 0) {
    // A picture without ROIs or features is no file; that nothing was found is said, and the label image shows it.
    const files = await writeResults({ labels: paths.labels }, source, [], overlap);
    return terminal.result(`Nothing was found with ${model}: ${files.join(", ")} is empty`, { model, objects: 0, planes: 0, files });
  }
  const files = await writeResults(paths, source, masks, overlap);
  if (stopped !== undefined) {
    terminal.say(`Stopped early (${asMaskletError(stopped).code}); ${objects} objects that were found are in ${files.join(", ")}`);
    throw stopped;
  }
  terminal.result(`${objects} objects, ${masks.length} masks with ${model}: ${files.join(", ")}`, { model, objects, planes: masks.length, files });
}

async function find(scene: Scene, order: Order, masks: Mask[], { terminal, signal }: CommandContext): Promise<void> {
  const onProgress = terminal.progress("looking");
  if ("plane" in order) {
    const { axis, index, t = 0, c = 0 } = order.plane.cut;
    const found = await automask(scene, order.plane, { signal, onProgress });
    for (const [nth, mask] of found.entries()) masks.push({ objectId: nth + 1, axis, index, t, c, ...mask });
    return;
  }
  let last = 0;
  await automaskStack(scene, order.stack, { checkRun, automask, propagate }, {
    signal, onProgress,
    onObjects: async (prompts) => prompts.map(() => ++last),
    onPrompt: async () => undefined,
    onMask: (mask) => void masks.push(mask),
  });
}

/** @throws usage */
function readOrder(options: Options): Order {
  const along = options.choice<Along>("axis", ["z", "y", "x", "t"]);
  const index = options.whole("slice", 0, limits.maxSide);
  const every = options.whole("every", 1, 1000);
  const range: IndexRange | undefined = readRange(options);
  const mergeIou = options.number("merge-iou", 0.05, 1);
  const frame = options.whole("frame", 0, limits.maxPlanes) ?? 0;
  const c = options.whole("channel", 0, limits.maxPlanes) ?? 0;
  const region = readRegion(options.text("region"));
  const grid = readGrid(options);
  if ((index === undefined) === (every === undefined)) throw MaskletError.of("usage", { why: "Give --slice N for one plane, or --every K for a stack." });
  if (index === undefined) return { stack: { along, range, frame, c, every: every!, mergeIou: mergeIou ?? 0.5, region, grid } };
  if (range !== undefined || mergeIou !== undefined) throw MaskletError.of("usage", { why: "--range and --merge-iou go with --every; --slice looks at one plane." });
  if (along === "t") throw MaskletError.of("usage", { why: "--axis t goes with --every; one plane is named by --slice N and --frame T." });
  return { plane: { cut: { axis: along, index, t: frame, c }, region, grid } };
}

function readGrid(options: Options): GridSettings {
  const given = {
    pointsPerSide: options.whole("points-per-side", 1, 256),
    predIouThresh: options.number("pred-iou", 0, 1),
    stabilityScoreThresh: options.number("stability", 0, 1),
    cropNLayers: options.whole("crop-layers", 0, 4),
    minArea: options.whole("min-area", 1, Number.MAX_SAFE_INTEGER),
    maxAreaPart: options.number("max-area-part", Number.MIN_VALUE, 1),
  };
  const { pointsPerSide, predIouThresh, stabilityScoreThresh, cropNLayers, minArea, maxAreaPart } = given;
  return {
    ...(pointsPerSide === undefined ? {} : { pointsPerSide }), ...(predIouThresh === undefined ? {} : { predIouThresh }),
    ...(stabilityScoreThresh === undefined ? {} : { stabilityScoreThresh }), ...(cropNLayers === undefined ? {} : { cropNLayers }),
    ...(minArea === undefined ? {} : { minArea }), ...(maxAreaPart === undefined ? {} : { maxAreaPart }),
  };
}

/** `u0,v0,u1,v1` @throws usage */
function readRegion(text: string | undefined): PixelBox | undefined {
  if (text === undefined) return undefined;
  const [u0, v0, u1, v1, ...more] = text.split(",").map((part) => (/^\s*\d+\s*$/.test(part) ? Number(part) : NaN));
  if (u0 === undefined || v0 === undefined || u1 === undefined || v1 === undefined || more.length > 0 || !(u1 > u0 && v1 > v0)) {
    throw MaskletError.of("usage", { why: `--region must be u0,v0,u1,v1 in whole pixels with u0 below u1 and v0 below v1, not "${text}".` });
  }
  return [u0, v0, u1, v1];
}
