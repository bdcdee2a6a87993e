// What both ways of tracking do on one plane: see the object by points, by what is remembered or by a given mask, and
// turn what was seen into a memory. No state; the equations are those of facebookresearch/sam2: sam2/modeling/sam2_base.py.
import { toBfloat16, fromBfloat16Into } from "./bfloat16.ts";
import { logitSide, memoryTokens } from "./config.ts";
import type { Decoded, Features, Sam2Graphs } from "./graphs.ts";
import { logitsOfGiven, maskPromptOfGiven } from "./mask-logits.ts";
import type { NetworkDescription } from "./network-description.ts";
import { pointerTimes } from "./pointer-time.ts";
import type { ModelPoints } from "./prompt-tensors.ts";
import { noPoints, paddedPoints } from "./prompt-tensors.ts";
import { chooseAnswer, gated, isAmbiguous } from "./sam-heads.ts";
import type { Sight } from "./sam-heads.ts";

/** A given mask's object score, where any pixel is set and where none is. */
const GIVEN_PRESENT = 10;
const GIVEN_ABSENT = -10;
/** Logits are fed back within this, to avoid rare numerical trouble. */
const FED_BACK = 32;

export interface Memory {
  /** `[memoryTokens, M]` bfloat16 */
  readonly tokens: Uint16Array;
  /** Row of the temporal code; see NetworkConstants. */
  readonly row: number;
}

export interface Pointer {
  /** `[D]` */
  readonly vector: Float32Array;
  /** Planes, in the direction of travel. */
  readonly distance: number;
}

/** What a plane is seen in the light of. */
export interface Recollection {
  readonly memories: readonly Memory[];
  readonly pointers: readonly Pointer[];
  /** How many frames pointers are taken from. */
  readonly pointerFrames: number;
}

export interface PlaneCore {
  readonly description: NetworkDescription;
  /** @param recollection undefined: nothing is remembered */
  condition(features: Features, recollection: Recollection | undefined): Promise<Float32Array>;
  /** @param previous `[4g, 4g]` logits to start from. All four answers, none chosen. */
  decode(features: Features, conditioned: Float32Array, points: ModelPoints, previous?: Float32Array): Promise<Decoded>;
  /** Points, or none on a plane that is tracked. @returns gated by the object score. */
  see(features: Features, recollection: Recollection | undefined, points: ModelPoints, previous?: Float32Array): Promise<Sight>;
  /** What a person points at, who is not told that it is not there: ungated, and with nothing remembered. */
  seePrompted(features: Features, points: ModelPoints, previous?: Float32Array): Promise<Sight>;
  /** @param mask `[S, S]` of 0 and 1. Its mask is the answer; the network is asked for the pointer alone. */
  accept(features: Features, mask: Float32Array): Promise<Sight>;
  /** @param binarise for what a person prompted. @returns `[memoryTokens, M]` bfloat16 */
  remember(features: Features, logits: Float32Array, binarise: boolean, absent: boolean): Promise<Uint16Array>;
}

export function createPlaneCore(graphs: Sam2Graphs, description: NetworkDescription): PlaneCore {
  const { config, constants } = description;
  const places = (config.imageSize / 16) ** 2;

  async function condition(features: Features, recollection: Recollection | undefined): Promise<Float32Array> {
    if (recollection === undefined) return withVector(features.s2, constants.noMemory, places);
    const { memories, pointers, pointerFrames } = recollection;
    const memory = new Float32Array(memories.length * memoryTokens(config) * config.memoryWidth);
    const temporal = new Float32Array(memories.length * config.memoryWidth);
    for (const [at, { tokens, row }] of memories.entries()) {
      fromBfloat16Into(tokens, memory, at * tokens.length);
      temporal.set(constants.temporal.subarray(row * config.memoryWidth, (row + 1) * config.memoryWidth), at * config.memoryWidth);
    }
    const vectors = new Float32Array(pointers.length * config.width);
    for (const [at, { vector }] of pointers.entries()) vectors.set(vector, at * config.width);
    const times = pointerTimes(pointers.map(({ distance }) => distance), pointerFrames, config);
    return graphs.attend({ s2: features.s2, memory, temporal, pointers: vectors, pointerTimes: times });
  }

  async function decode(features: Features, conditioned: Float32Array, points: ModelPoints, previous?: Float32Array): Promise<Decoded> {
    const { coords, labels } = paddedPoints(points);
    return graphs.decode({ conditioned, features, points: coords, labels, batch: 1, maskPrompt: previous });
  }

  async function choose(features: Features, recollection: Recollection | undefined, points: ModelPoints, previous?: Float32Array): Promise<Sight> {
    const decoded = await decode(features, await condition(features, recollection), points, previous && fedBack(previous));
    return chooseAnswer(decoded, isAmbiguous(points.labels.length), config);
  }

  return {
    description,
    condition,
    decode,
    see: async (features, recollection, points, previous) => gated(await choose(features, recollection, points, previous), constants.noObjectPointer),
    seePrompted: (features, points, previous) => choose(features, undefined, points, previous),
    async accept(features, mask) {
      const present = mask.includes(1);
      const prompt = maskPromptOfGiven(mask, constants.maskDownsample);
      // The raw features, without even the vector for no memory: so the network was trained.
      const decoded = await decode(features, features.s2, noPoints, prompt);
      const own = gated(chooseAnswer(decoded, false, config), constants.noObjectPointer);
      return {
        logits: logitsOfGiven(mask),
        iou: 1,
        pointer: present ? own.pointer : constants.noObjectPointer,
        objectScore: present ? GIVEN_PRESENT : GIVEN_ABSENT,
      };
    },
    async remember(features, logits, binarise, absent) {
      return toBfloat16(await graphs.encodeMemory({ s2: features.s2, logits, binarise, absent }));
    },
  };
}

/** Logits as they may come back as a mask prompt. */
export function fedBack(logits: Float32Array): Float32Array {
  return logits.map((logit) => Math.min(FED_BACK, Math.max(-FED_BACK, logit)));
}

/** `vector` added at every place. @param features `[D, places]` */
export function withVector(features: Float32Array, vector: Float32Array, places: number): Float32Array {
  const sum = new Float32Array(features.length);
  for (let at = 0; at < features.length; at++) sum[at] = features[at]! + vector[Math.floor(at / places)]!;
  return sum;
}

/** An embedding's parts, s0 | s1 | s2 in one array. */
export function featuresOf(embedding: Float32Array, config: NetworkDescription["config"]): Features {
  const low = logitSide(config) ** 2;
  const s1 = (config.width / 8) * low;
  const s2 = s1 + (config.width / 4) * (low / 4);
  return { s0: embedding.subarray(0, s1), s1: embedding.subarray(s1, s2), s2: embedding.subarray(s2) };
}
