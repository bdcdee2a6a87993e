// SAM 2's graphs without a network: the object is whatever is dark, memories and pointers carry the name of the plane they
// come from, and what is asked of the memory attention is noted. Enough to see which memories a tracker uses.
import type { AttentionInput, OpenGraphs } from "#models/sam2/graphs.ts";
import type { NetworkDescription } from "#models/sam2/network-description.ts";
import type { View } from "#models/tracker.ts";

const SIDE = 64;
const GRID = SIDE / 16;
const LOW = SIDE / 4;
const WIDTH = 8;
const MEMORY_WIDTH = 4;
/** The grey of a plane's first pixel is this and its index. */
const NAME_GREY = 100;

export const fakeDescription: NetworkDescription = {
  compilerVersion: 1,
  sourceSha256: undefined,
  int8: false,
  config: {
    imageSize: SIDE,
    trunk: { kind: "hiera", embedDim: 8, blocks: [1, 1, 1, 1], heads: [1, 1, 1, 1], windows: [8, 4, 4, 2], globalBlocks: [], positionGrid: 7, windowPositionGrid: 8 },
    width: WIDTH,
    memoryWidth: MEMORY_WIDTH,
    maskPromptWidth: 16,
    decoder: { layers: 2, heads: 1, mlpWidth: 8 },
    memoryAttention: { layers: 1, mlpWidth: 8 },
    perceiver: undefined,
    fuserLayers: 2,
    memoryFrames: 7,
    maxPointers: 16,
    occlusionMemory: true,
    pointerTime: true,
  },
  constants: {
    noMemory: new Float32Array(WIDTH),
    // Row r is filled with r, so that an attention's input tells which rows it was given.
    temporal: Float32Array.from({ length: 7 * MEMORY_WIDTH }, (_, at) => Math.floor(at / MEMORY_WIDTH)),
    noObjectPointer: new Float32Array(WIDTH).fill(-1),
    maskDownsample: { weight: new Float32Array(16).fill(1 / 16), bias: 0 },
  },
};

/** One attention in words: planes remembered with their rows, planes pointed to. */
export interface Attended {
  readonly memories: readonly string[];
  readonly pointers: readonly number[];
  readonly finiteTimes: boolean;
}

export interface FakeSam2 {
  readonly graphs: OpenGraphs;
  readonly attended: Attended[];
  /** Whether each memory was of a prompted plane, and of an absent object. */
  readonly remembered: { readonly plane: number; readonly binarise: boolean; readonly absent: boolean }[];
  /** Mask prompts of the decoder, their middle logit; undefined where there was none. */
  readonly maskPrompts: (number | undefined)[];
}

export function fakeSam2(): FakeSam2 {
  const attended: Attended[] = [];
  const remembered: FakeSam2["remembered"] = [];
  const maskPrompts: FakeSam2["maskPrompts"] = [];
  const graphs: OpenGraphs = {
    notes: [],
    async encodeImage(image) {
      const name = Math.round((image[0]! * 0.229 + 0.485) * 255) - NAME_GREY;
      const s0 = new Float32Array(LOW * LOW);
      for (let y = 0, at = 0; y < LOW; y++) for (let x = 0; x < LOW; x++, at++) s0[at] = image[(4 * y + 2) * SIDE + 4 * x + 2]!;
      return { s0, s1: new Float32Array((WIDTH / 4) * 4 * GRID * GRID), s2: new Float32Array(WIDTH * GRID * GRID).fill(name) };
    },
    async decode({ features, batch, maskPrompt }) {
      maskPrompts.push(maskPrompt?.[(LOW / 2) * LOW + LOW / 2]);
      const masks = new Float32Array(batch * 4 * LOW * LOW);
      for (let at = 0; at < masks.length; at++) masks[at] = -4 * features.s0[at % (LOW * LOW)]! - 4;
      const there = features.s0.some((value) => value < -1);
      return {
        masks,
        ious: Float32Array.from({ length: 4 * batch }, (_, at) => [0.8, 0.7, 0.9, 0.6][at % 4]!),
        pointers: new Float32Array(batch * 4 * WIDTH).fill(features.s2[0]!),
        objectScores: new Float32Array(batch).fill(there ? 5 : -5),
      };
    },
    async encodeMemory({ s2, binarise, absent }) {
      remembered.push({ plane: s2[0]!, binarise, absent });
      return new Float32Array(GRID * GRID * MEMORY_WIDTH).fill(s2[0]!);
    },
    async attend(input) {
      attended.push(inWords(input));
      return input.s2;
    },
    close: async () => {},
  };
  return { graphs, attended, remembered, maskPrompts };
}

function inWords({ memory, temporal, pointers, pointerTimes }: AttentionInput): Attended {
  const size = GRID * GRID * MEMORY_WIDTH;
  return {
    memories: Array.from({ length: memory.length / size }, (_, at) => `${memory[at * size]} row ${temporal[at * MEMORY_WIDTH]}`),
    pointers: Array.from({ length: pointers.length / WIDTH }, (_, at) => pointers[at * WIDTH]!),
    finiteTimes: pointerTimes.every(Number.isFinite),
  };
}

/** Plane `index`, 32 x 32 plane pixels: a dark square of 12 to 20, unless it is absent. */
export function fakeView(index: number, absent = false): View {
  const pixels = new Float32Array(32 * 32).fill(200);
  for (let v = 12; v < 20; v++) pixels.fill(absent ? 200 : 20, v * 32 + 12, v * 32 + 20);
  pixels.fill(NAME_GREY + index, 0, 2);
  pixels.fill(NAME_GREY + index, 32, 34);
  return { window: { u0: 0, v0: 0, width: 32, height: 32 }, box: [0, 0, 32, 32], width: 32, height: 32, channels: 1, pixels, key: `${index} ${absent}` };
}
