// The four graphs of a SAM 2 network as functions on arrays. Everything else of the family is written against this
// interface, so that it can be tested without a graph.
import { join } from "node:path";
import type { InstalledModel } from "../installed-model.ts";
import type { NetworkOptions } from "../network.ts";
import { openGraph } from "../runtime/session.ts";
import type { Graph, GraphTensor } from "../runtime/session.ts";
import type { Sam2Config } from "./config.ts";
import { gridSide, logitSide, memoryTokens } from "./config.ts";
import { networkFiles } from "./network-description.ts";

/** What the image encoder says; g = side of the grid, D = the network's width. */
export interface Features {
  /** `[D / 8, 4g, 4g]` */
  readonly s0: Float32Array;
  /** `[D / 4, 2g, 2g]` */
  readonly s1: Float32Array;
  /** `[D, g, g]`, without anything of a memory */
  readonly s2: Float32Array;
}

/** B prompts about one picture, of P points each. */
export interface DecoderInput {
  /** `[D, g, g]`: s2 with a memory or with the vector that stands for none. */
  readonly conditioned: Float32Array;
  readonly features: Features;
  /** `[B, P, 2]` model pixels as indices (a pixel's centre is whole), padding included. */
  readonly points: Float32Array;
  /** `[B, P]`: -1 padding, 0 not the object, 1 the object, 2 and 3 a box's corners. */
  readonly labels: Float32Array;
  readonly batch: number;
  /** `[1 or B, 4g, 4g]` logits. */
  readonly maskPrompt?: Float32Array | undefined;
}

export interface Decoded {
  /** `[B, 4, 4g, 4g]` logits: one for unambiguous prompts, three alternatives. */
  readonly masks: Float32Array;
  /** `[B, 4]`, 0..1 */
  readonly ious: Float32Array;
  /** `[B, 4, D]` */
  readonly pointers: Float32Array;
  /** `[B]`, above 0 when the object is there. */
  readonly objectScores: Float32Array;
}

export interface MemoryInput {
  /** `[D, g, g]`, the raw s2. */
  readonly s2: Float32Array;
  /** `[4g, 4g]` */
  readonly logits: Float32Array;
  readonly binarise: boolean;
  readonly absent: boolean;
}

/** n memories, k object pointers. */
export interface AttentionInput {
  readonly s2: Float32Array;
  /** `[n, memoryTokens, M]` */
  readonly memory: Float32Array;
  /** `[n, M]` */
  readonly temporal: Float32Array;
  /** `[k, D]` */
  readonly pointers: Float32Array;
  /** `[k, D]`, see pointer-time.ts */
  readonly pointerTimes: Float32Array;
}

export interface Sam2Graphs {
  /** @param image `[3, S, S]`, normalised */
  encodeImage(image: Float32Array): Promise<Features>;
  decode(input: DecoderInput): Promise<Decoded>;
  /** @returns `[memoryTokens, M]`, in the order of config.ts's layout */
  encodeMemory(input: MemoryInput): Promise<Float32Array>;
  /** @returns `[D, g, g]` */
  attend(input: AttentionInput): Promise<Float32Array>;
}

export interface OpenGraphs extends Sam2Graphs {
  /** Lines for the log from opening. */
  readonly notes: readonly string[];
  close(): Promise<void>;
}

/** @throws model_failed */
export async function openSam2Graphs(installed: InstalledModel, config: Sam2Config, options: NetworkOptions): Promise<OpenGraphs> {
  const opened: Graph[] = [];
  const close = async () => {
    for (const graph of opened) await graph.close();
  };
  const open = async (file: string) => {
    const graph = await openGraph(join(installed.folder, file), { ...options, model: installed.id });
    opened.push(graph);
    return graph;
  };
  try {
    const parts = {
      imageEncoder: await open(networkFiles.imageEncoder),
      maskDecoder: await open(networkFiles.maskDecoder),
      memoryEncoder: await open(networkFiles.memoryEncoder),
      memoryAttention: await open(networkFiles.memoryAttention),
    };
    const notes = [...new Set(opened.map((graph) => graph.note).filter((note) => note !== undefined))];
    return { ...asFunctions(parts, config), notes, close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

type Parts = Readonly<Record<"imageEncoder" | "maskDecoder" | "memoryEncoder" | "memoryAttention", Pick<Graph, "run">>>;

function asFunctions(parts: Parts, config: Sam2Config): Sam2Graphs {
  const { imageSize: side, width, memoryWidth } = config;
  const grid = gridSide(config);
  const low = logitSide(config);
  const noMask = new Float32Array(low * low);
  const tensor = (data: Float32Array, ...dims: number[]): GraphTensor => ({ data, dims });
  const flag = (on: boolean) => tensor(Float32Array.of(on ? 1 : 0), 1);
  const asS2 = (s2: Float32Array) => tensor(s2, 1, width, grid, grid);
  return {
    async encodeImage(image) {
      const { s0, s1, s2 } = await parts.imageEncoder.run({ image: tensor(image, 1, 3, side, side) });
      return { s0: s0!.data, s1: s1!.data, s2: s2!.data };
    },
    async decode({ conditioned, features, points, labels, batch, maskPrompt }) {
      const count = labels.length / batch;
      const answered = await parts.maskDecoder.run({
        features: asS2(conditioned),
        s0: tensor(features.s0, 1, width / 8, 4 * grid, 4 * grid),
        s1: tensor(features.s1, 1, width / 4, 2 * grid, 2 * grid),
        points: tensor(points, batch, count, 2),
        labels: tensor(labels, batch, count),
        mask_prompt: tensor(maskPrompt ?? noMask, (maskPrompt ?? noMask).length / (low * low), 1, low, low),
        has_mask: flag(maskPrompt !== undefined),
      });
      return { masks: answered["masks"]!.data, ious: answered["ious"]!.data, pointers: answered["pointers"]!.data, objectScores: answered["object_score"]!.data };
    },
    async encodeMemory({ s2, logits, binarise, absent }) {
      const answered = await parts.memoryEncoder.run({ features: asS2(s2), logits: tensor(logits, 1, 1, low, low), binarise: flag(binarise), absent: flag(absent) });
      return answered["memory"]!.data;
    },
    async attend({ s2, memory, temporal, pointers, pointerTimes }) {
      const answered = await parts.memoryAttention.run({
        features: asS2(s2),
        memory: tensor(memory, temporal.length / memoryWidth, memoryTokens(config), memoryWidth),
        temporal: tensor(temporal, temporal.length / memoryWidth, memoryWidth),
        pointers: tensor(pointers, pointers.length / width, width),
        pointer_time: tensor(pointerTimes, pointers.length / width, width),
      });
      return answered["conditioned"]!.data;
    },
  };
}
