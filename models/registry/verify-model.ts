// Whether an installed model works: files, graphs, and a mask of something that any such network must see.
import { MaskletError } from "#protocol/errors.ts";
import { isEmptyBox, maskIou } from "#protocol/mask.ts";
import type { Raster } from "#protocol/mask.ts";
import type { Watch } from "#protocol/types.ts";
import type { InstalledModel } from "../installed-model.ts";
import type { Network, NetworkOptions } from "../network.ts";
import { openNetwork } from "../open-network.ts";
import type { View } from "../tracker.ts";

/** Plane pixels. */
const SIDE = 128;
const CENTRE = SIDE / 2;
const RADIUS = 24;

export interface LiveCheck {
  /** Overlap of the mask with the disc that was shown, 0..1. */
  readonly iou: number;
  /** The network's own estimate. */
  readonly score: number;
}

/**
 * Loads the graphs, which checks their ports, shows the network a dark disc on a bright ground, and asks for the disc by its box.
 * @throws model_failed when a graph does not fit or run, or the answer is not finite, or empty from weights that were trained
 */
export async function checkLive(model: InstalledModel, options: NetworkOptions = {}, watch: Watch = {}): Promise<LiveCheck> {
  const network = await openNetwork(model, options);
  try {
    return await showDisc(model, network, watch);
  } finally {
    await network.close();
  }
}

async function showDisc(model: InstalledModel, network: Network, watch: Watch): Promise<LiveCheck> {
  const view = discView();
  const embedding = await network.encode(view);
  const tracker = network.createTracker(async () => embedding);
  await tracker.setPrompt(0, { box: [CENTRE - RADIUS, CENTRE - RADIUS, CENTRE + RADIUS, CENTRE + RADIUS] });
  const { mask, score } = await tracker.step(view, 0, "forward", watch);
  await tracker.close();
  const fault = (why: string): MaskletError => MaskletError.of("model_failed", { model: model.id, why });
  if (!embedding.every(Number.isFinite) || !Number.isFinite(score)) throw fault("it answered a test picture with values that are not finite");
  if (isEmptyBox(mask.box) && model.random !== true) throw fault("it sees nothing where a test picture shows a disc");
  return { iou: maskIou(mask, disc()), score };
}

function inDisc(u: number, v: number): boolean {
  return (u + 0.5 - CENTRE) ** 2 + (v + 0.5 - CENTRE) ** 2 < RADIUS ** 2;
}

function disc(): Raster {
  return { box: [0, 0, SIDE, SIDE], data: Uint8Array.from({ length: SIDE * SIDE }, (_, at) => (inDisc(at % SIDE, Math.floor(at / SIDE)) ? 1 : 0)) };
}

function discView(): View {
  // A little structure, as pictures have: bands of eight grey levels.
  const grey = (u: number, v: number): number => (inDisc(u, v) ? 60 : 190) + ((u * 3 + v * 5) % 9) - 4;
  return {
    window: { u0: 0, v0: 0, width: SIDE, height: SIDE }, box: [0, 0, SIDE, SIDE], width: SIDE, height: SIDE, channels: 1,
    pixels: Float32Array.from({ length: SIDE * SIDE }, (_, at) => grey(at % SIDE, Math.floor(at / SIDE))), key: "verify-disc",
  };
}
