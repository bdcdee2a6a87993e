// masklet propagate: from a TIFF and prompts to a label image, in this process.
import { createModelHost } from "#models/host/host.ts";
import { createModelStore } from "#models/registry/store.ts";
import { asMaskletError, MaskletError } from "#protocol/errors.ts";
import type { End, Mask } from "#protocol/types.ts";
import type { Scene } from "#server/segmentation/contract.ts";
import { freezeView } from "#server/segmentation/freeze-view.ts";
import { axisAlong } from "#server/segmentation/lane.ts";
import { propagate } from "#server/segmentation/propagate.ts";
import { promptsFromFile } from "#server/sessions/prompts-file.ts";
import { openVolume } from "#server/volumes/open-volume.ts";
import type { CommandContext } from "./command.ts";
import type { Options } from "./options.ts";
import { propagateOnServer } from "./propagate-on-server.ts";
import { alongOf, readOrder } from "./propagate-order.ts";
import { maskReader, readPromptsFile } from "./read-prompts.ts";
import { checkResultPaths, resultOptions, resultPaths, writeResults } from "./write-results.ts";

export const propagateOptions = {
  input: "text", prompts: "text", output: "text", model: "text", axis: "text", direction: "text", range: "text", overlap: "text",
  window: "text", "display-range": "text", invert: "flag", sigma: "text", server: "text", ...resultOptions,
} as const;

/** @throws usage, cancelled, and what reading, the model and writing throw; what arrived before is written */
export async function runPropagate(options: Options, context: CommandContext): Promise<void> {
  const order = readOrder(options);
  const output = options.required("output");
  const overlap = options.choice("overlap", ["highest-score", "first", "last", "nearest"]);
  const server = options.text("server");
  const paths = { ...resultPaths(options), labels: output };
  await checkResultPaths(paths, [order.input, order.promptsPath]);
  if (server !== undefined) return propagateOnServer(server, order, paths, overlap, context);

  const prompts = readPromptsFile(order.promptsPath);
  if (prompts.objects.length === 0) throw MaskletError.of("nothing_prompted", {});
  const along = alongOf(order, prompts);
  const source = await openVolume(order.input, { signal: context.signal });
  const store = createModelStore({ home: context.home, onLog: context.terminal.say });
  const model = await store.resolveModel(order.model);
  const host = createModelHost({ home: context.home, onLog: context.terminal.say });
  const masks: Mask[] = [];
  const ends: End[] = [];
  const began = performance.now();
  let stopped: unknown;
  try {
    const view = await freezeView(source, order.view, context.signal);
    const objects = promptsFromFile(prompts, maskReader(order.promptsPath));
    const scene: Scene = { source, view, trackers: host, model, window: order.window };
    const followed = objects.filter((object) => object.prompts.some(({ cut }) => cut.axis === axisAlong(along)));
    await propagate(scene, { ...order.request, along, objects: followed.length > 0 ? followed : objects }, {
      signal: context.signal,
      onProgress: context.terminal.progress("propagating"),
      onMask: (mask) => void masks.push(mask),
      onEnd: (end) => void ends.push(end),
    });
  } catch (thrown) {
    // What arrived is kept: files are written before the fault is told.
    if (masks.length === 0) throw thrown;
    stopped = thrown;
  } finally {
    await host.close();
    await source.close();
  }
  // Opening the network is part of it, writing the files is not.
  const seconds = (performance.now() - began) / 1000;
  const files = await writeResults(paths, source, masks, overlap);
  if (stopped !== undefined) {
    context.terminal.say(`Stopped early (${asMaskletError(stopped).code}); ${masks.length} masks that were found are in ${files.join(", ")}`);
    throw stopped;
  }
  const objects = new Set(masks.map((mask) => mask.objectId)).size;
  context.terminal.result(`${objects} objects, ${masks.length} masks with ${model} in ${seconds.toFixed(1)} s: ${files.join(", ")}`, { model, planes: masks.length, objects, seconds, ends, files });
}
