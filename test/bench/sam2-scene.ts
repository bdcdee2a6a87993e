// Networks, pixels and trackers that the parts of the SAM 2 bench share.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { openCheckpoint } from "#models/checkpoints/open-checkpoint.ts";
import type { InstalledModel } from "#models/installed-model.ts";
import type { Embedding, Network } from "#models/network.ts";
import { compileSam2 } from "#models/sam2/compile/compile.ts";
import type { OpenGraphs } from "#models/sam2/graphs.ts";
import { openSam2Graphs } from "#models/sam2/graphs.ts";
import type { NetworkDescription } from "#models/sam2/network-description.ts";
import { readNetworkDescription } from "#models/sam2/network-description.ts";
import { sam2Network } from "#models/sam2/network.ts";
import type { Sam2Weights } from "#models/sam2/weights.ts";
import { sam2Weights } from "#models/sam2/weights.ts";
import type { TrackerSource, View } from "#models/tracker.ts";
import type { PropagateRequest, Scene } from "#server/segmentation/contract.ts";
import { renderView } from "#server/segmentation/view.ts";
import { windowAround, windowSize } from "#server/segmentation/window.ts";
import type { VolumeSource } from "#server/volumes/source.ts";
import { memoryVolume } from "../contracts/memory-volume.ts";

export interface OpenedSam2 {
  readonly description: NetworkDescription;
  readonly graphs: OpenGraphs;
  /** Closes the graphs with itself. */
  readonly network: Network;
}

export interface OpenAs {
  /** Where the compiled graphs go, in a folder of their own. */
  readonly folder: string;
  readonly imageSize?: number;
  readonly threads: number;
  /** Weights that shall be others than the file's. */
  readonly changed?: (weights: Sam2Weights) => Sam2Weights;
}

export async function openCompiled(checkpointFile: string, { folder, imageSize, threads, changed = (weights) => weights }: OpenAs): Promise<OpenedSam2> {
  const checkpoint = await openCheckpoint(checkpointFile);
  try {
    const weights = changed(await sam2Weights(checkpoint, imageSize === undefined ? {} : { imageSize }));
    return await openWeights(weights, join(folder, `compiled-${imageSize ?? "as-is"}`), threads);
  } finally {
    await checkpoint.close();
  }
}

/** @param compiled a folder to be made */
export async function openWeights(weights: Sam2Weights, compiled: string, threads: number): Promise<OpenedSam2> {
  await mkdir(compiled);
  await compileSam2(weights, compiled);
  const installed: InstalledModel = { id: "sam2-bench", family: "sam2", folder: compiled, hash: compiled };
  const description = await readNetworkDescription(compiled, installed.id);
  const graphs = await openSam2Graphs(installed, description.config, { provider: "cpu", threads });
  return { description, graphs, network: sam2Network(installed, description, graphs) };
}

/** Remembers the last view's embedding, so that objects which share a view share its encoding, and nothing grows. */
export function encodingOnce(network: Network): (view: View) => Promise<Embedding> {
  let last: { readonly key: string; readonly embedding: Promise<Embedding> } | undefined;
  return (view) => {
    if (last?.key !== view.key) last = { key: view.key, embedding: network.encode(view) };
    return last.embedding;
  };
}

function trackersOf(network: Network): TrackerSource {
  const encode = encodingOnce(network);
  return {
    openTracker: async () => network.createTracker(encode),
    clicks: async (_model, view, request, watch) => network.clicks(await encode(view), view, request, watch),
    encodeAhead: async (_model, view) => void (await encode(view)),
  };
}

/** A bright disc of 40 pixels in the middle of every plane, on a weave that differs from plane to plane; 0..255. */
export function discVolume(planes: number, side: number): VolumeSource {
  const middle = side / 2;
  return memoryVolume({ t: 1, c: 1, z: planes, y: side, x: side }, (_t, _c, z, y, x) => {
    const weave = ((x * 7 + y * 13 + z * 5) % 64) - 32;
    return ((x - middle) ** 2 + (y - middle) ** 2 < 400 ? 200 : 90) + weave;
  });
}

/** Around the disc. */
export function discBox(side: number): [number, number, number, number] {
  return [side / 2 - 20, side / 2 - 20, side / 2 + 20, side / 2 + 20];
}

/** Of the plane that `discView` shows a part of. */
export const discSide = 512;

/** The disc of one plane through its window, as the product renders it. */
export async function discView(): Promise<View> {
  const side = discSide;
  const source = discVolume(1, side);
  const [u0, v0, u1, v1] = discBox(side);
  const window = windowAround([u0, v0, u1, v1], windowSize(u1 - u0), { width: side, height: side, pixelU: 1, pixelV: 1 });
  return renderView(source, { range: [0, 255], invert: false, sigma: 1 }, { axis: "z", index: 0, t: 0, c: 0 }, window);
}

/** The disc on plane 0, followed to the last. */
export function discRun(network: Network, planes: number, side: number): { readonly scene: Scene; readonly request: PropagateRequest } {
  return {
    scene: { source: discVolume(planes, side), view: { range: [0, 255], invert: false, sigma: 1 }, trackers: trackersOf(network), model: "sam2-bench", window: "object" },
    request: { objects: [{ objectId: 1, prompts: [{ cut: { axis: "z", index: 0 }, parts: { box: discBox(side) } }] }], along: "z", direction: "forward" },
  };
}
