// SAM's encoder and decoder as two functions on views and prompts.
import { join } from "node:path";
import { MaskletError } from "#protocol/errors.ts";
import type { Raster } from "#protocol/mask.ts";
import type { InstalledModel } from "../installed-model.ts";
import { openGraph } from "../runtime/session.ts";
import type { Graph, GraphOptions } from "../runtime/session.ts";
import type { View } from "../tracker.ts";
import { MULTIMASK_LOGITS, MULTIMASK_SCORES, multimaskDecoder } from "./declare-multimask.ts";
import { decoderPorts, encoderPorts, requirePorts } from "./graph-ports.ts";
import type { Ports } from "./graph-ports.ts";
import { encoderInput } from "./input.ts";
import { maskFromLogits } from "./logit-mask.ts";
import { LOGIT_SIDE, NET_SIDE } from "./net-frame.ts";
import type { NetFrame } from "./net-frame.ts";
import { promptTensors } from "./prompt-tensors.ts";
import type { DecoderPrompt } from "./prompt-tensors.ts";

/** `[256, 64, 64]` floats of one view. */
export type Embedding = Float32Array;
export const EMBEDDING_LENGTH = 256 * 64 * 64;

export interface DecodedMask {
  /** Which of the decoder's four: 0 is meant for unambiguous prompts, 1 to 3 are alternatives for ambiguous ones. */
  readonly choice: number;
  /** In whole plane pixels, cropped. */
  readonly mask: Raster;
  /** The network's estimate of its overlap with the truth, 0..1. */
  readonly score: number;
}

/** What the decoder said of one prompt, before it is read as masks. */
export interface Decoded {
  /** `[4, 256, 256]`, in the decoder's order as `DecodedMask.choice`. */
  readonly logits: Float32Array;
  /** `[4]`, 0..1. */
  readonly scores: Float32Array;
}

export interface Predictor {
  /** Equal hashes promise equal answers. */
  readonly hash: string;
  /** Lines for the log from opening. */
  readonly notes: readonly string[];
  /** About a second. @throws shape_invalid, model_failed, also when the pixels were not numbers */
  encode(view: View): Promise<Embedding>;
  /** @throws model_failed */
  decodeLogits(embedding: Embedding, prompt: DecoderPrompt, frame: NetFrame): Promise<Decoded>;
  /** The four masks, in the decoder's order. @throws model_failed */
  decode(embedding: Embedding, prompt: DecoderPrompt, frame: NetFrame): Promise<readonly DecodedMask[]>;
  close(): Promise<void>;
}

/** @throws model_failed */
export async function openPredictor(model: InstalledModel, options: Omit<GraphOptions, "model"> = {}): Promise<Predictor> {
  const encoder = await openPart(model, "encoder.onnx", encoderPorts, options);
  const decoder = await openPart(model, multimaskDecoder, decoderPorts, options).catch(async (thrown: unknown) => {
    await encoder.close();
    throw thrown;
  });
  async function decodeLogits(embedding: Embedding, prompt: DecoderPrompt, frame: NetFrame): Promise<Decoded> {
    const said = promptTensors(prompt, frame);
    const answered = await decoder.run({
      image_embeddings: { data: embedding, dims: [1, 256, 64, 64] },
      point_coords: { data: said.coords, dims: [1, said.count, 2] },
      point_labels: { data: said.labels, dims: [1, said.count] },
      mask_input: { data: said.mask, dims: [1, 1, LOGIT_SIDE, LOGIT_SIDE] },
      has_mask_input: { data: Float32Array.of(said.hasMask ? 1 : 0), dims: [1] },
      // Only the exported upscaling reads it, which this decoder leaves out.
      orig_im_size: { data: Float32Array.of(LOGIT_SIDE, LOGIT_SIDE), dims: [2] },
    });
    return { logits: answered[MULTIMASK_LOGITS]!.data, scores: answered[MULTIMASK_SCORES]!.data.map((score) => Math.min(1, Math.max(0, score))) };
  }

  return {
    hash: model.hash,
    notes: encoder.note === undefined ? [] : [encoder.note],
    async encode(view) {
      const answered = await encoder.run({ input: { data: encoderInput(view), dims: [1, 3, NET_SIDE, NET_SIDE] } });
      const embedding = answered["output"]!.data;
      // Kept, a NaN would make every later mask of this view silently empty.
      if (!embedding.every(Number.isFinite)) throw MaskletError.of("model_failed", { model: model.id, why: "its encoder answered with values that are not finite" });
      return embedding;
    },
    decodeLogits,
    async decode(embedding, prompt, frame) {
      const { logits, scores } = await decodeLogits(embedding, prompt, frame);
      return Array.from(scores, (score, choice) => ({ choice, mask: maskFromLogits(logitsOf(logits, choice), frame), score }));
    },
    async close() {
      await encoder.close();
      await decoder.close();
    },
  };
}

/** The logits of one choice. */
export function logitsOf(logits: Float32Array, choice: number): Float32Array {
  return logits.subarray(choice * LOGIT_SIDE * LOGIT_SIDE, (choice + 1) * LOGIT_SIDE * LOGIT_SIDE);
}

async function openPart(model: InstalledModel, file: string, ports: Ports, options: Omit<GraphOptions, "model">): Promise<Graph> {
  const graph = await openGraph(join(model.folder, file), { ...options, model: model.id });
  try {
    requirePorts(graph, ports, model.id);
    return graph;
  } catch (thrown) {
    await graph.close();
    throw thrown;
  }
}
