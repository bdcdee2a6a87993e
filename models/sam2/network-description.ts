// network.json: what a compiled network's folder says about itself, beside its graphs. The small tensors that the tracker
// needs outside the graphs stand in it as numbers.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { MaskletError, reasonOf } from "#protocol/errors.ts";
import type { Sam2Config, TrunkConfig } from "./config.ts";

/** Changes whenever the compiler writes other graphs or another description; folders of other versions are compiled again. */
export const COMPILER_VERSION = 2;

export const networkFiles = {
  description: "network.json",
  weights: "weights.bin",
  imageEncoder: "image-encoder.onnx",
  maskDecoder: "mask-decoder.onnx",
  memoryEncoder: "memory-encoder.onnx",
  memoryAttention: "memory-attention.onnx",
} as const;

/** Small tensors, row-major. */
export interface NetworkConstants {
  /** [width] added to features that no memory conditions (no_mem_embed). */
  readonly noMemory: Float32Array;
  /** [memoryFrames, memoryWidth], the temporal code of a memory frame: row `memoryFrames - 1` of conditioning ones, row d - 1 at distance d (maskmem_tpos_enc). */
  readonly temporal: Float32Array;
  /** [width] the pointer of an absent object (no_obj_ptr). */
  readonly noObjectPointer: Float32Array;
  /** A mask given as prompt passes this 4 x 4 convolution of stride 4, to become a mask prompt of the decoder (mask_downsample). */
  readonly maskDownsample: { readonly weight: Float32Array; readonly bias: number };
}

export interface NetworkDescription {
  readonly compilerVersion: number;
  /** Of the checkpoint, lower-case hex, where known. */
  readonly sourceSha256: string | undefined;
  /** Linear layers of the image encoder were rounded to eight bits. */
  readonly int8: boolean;
  readonly config: Sam2Config;
  readonly constants: NetworkConstants;
}

export function encodeNetworkDescription(description: NetworkDescription): string {
  return `${JSON.stringify(description, (_key, value: unknown) => (value instanceof Float32Array ? [...value] : value), 1)}\n`;
}

/** @param model its id, for messages. @throws model_damaged when the file is missing, of another compiler, or not a description */
export async function readNetworkDescription(folder: string, model: string): Promise<NetworkDescription> {
  let text: string;
  try {
    text = await readFile(join(folder, networkFiles.description), "utf8");
  } catch (thrown) {
    throw damaged(model, reasonOf(thrown), thrown);
  }
  return parseNetworkDescription(text, model);
}

/** @throws model_damaged */
export function parseNetworkDescription(text: string, model: string): NetworkDescription {
  const read = fields(model, parsed(text, model), "");
  const compilerVersion = read.count("compilerVersion");
  if (compilerVersion !== COMPILER_VERSION) throw damaged(model, `written by version ${compilerVersion} of the compiler, this is ${COMPILER_VERSION}`);
  const config = readConfig(read.inner("config"));
  const constants = read.inner("constants");
  const maskDownsample = constants.inner("maskDownsample");
  return {
    compilerVersion,
    sourceSha256: read.hash("sourceSha256"),
    int8: read.flag("int8"),
    config,
    constants: {
      noMemory: constants.floats("noMemory", config.width),
      temporal: constants.floats("temporal", config.memoryFrames * config.memoryWidth),
      noObjectPointer: constants.floats("noObjectPointer", config.width),
      maskDownsample: { weight: maskDownsample.floats("weight", 16), bias: maskDownsample.number("bias") },
    },
  };
}

function readConfig(read: Fields): Sam2Config {
  const [trunk, decoder, memoryAttention] = [read.inner("trunk"), read.inner("decoder"), read.inner("memoryAttention")];
  const perceiver = read.maybe("perceiver");
  return {
    imageSize: read.count("imageSize"),
    trunk: readTrunk(trunk),
    width: read.count("width"),
    memoryWidth: read.count("memoryWidth"),
    maskPromptWidth: read.count("maskPromptWidth"),
    decoder: { layers: decoder.count("layers"), heads: decoder.count("heads"), mlpWidth: decoder.count("mlpWidth") },
    memoryAttention: { layers: memoryAttention.count("layers"), mlpWidth: memoryAttention.count("mlpWidth") },
    perceiver: perceiver && { layers: perceiver.count("layers"), loose: perceiver.count("loose"), side: perceiver.count("side") },
    fuserLayers: read.count("fuserLayers"),
    memoryFrames: read.count("memoryFrames"),
    maxPointers: read.count("maxPointers"),
    occlusionMemory: read.flag("occlusionMemory"),
    pointerTime: read.flag("pointerTime"),
  };
}

function readTrunk(read: Fields): TrunkConfig {
  const shared = { embedDim: read.count("embedDim"), blocks: read.counts("blocks") };
  const kind = read.oneOf("kind", ["hiera", "repvit"]);
  if (kind === "repvit") return { kind, ...shared };
  return {
    kind, ...shared,
    heads: read.counts("heads"),
    windows: read.counts("windows"),
    globalBlocks: read.counts("globalBlocks"),
    positionGrid: read.count("positionGrid"),
    windowPositionGrid: read.count("windowPositionGrid"),
  };
}

interface Fields {
  inner(key: string): Fields;
  /** A record, or absent. */
  maybe(key: string): Fields | undefined;
  oneOf<T extends string>(key: string, values: readonly T[]): T;
  number(key: string): number;
  /** A whole number from 0. */
  count(key: string): number;
  counts(key: string): number[];
  flag(key: string): boolean;
  floats(key: string, length: number): Float32Array;
  /** A SHA-256 in hex, or absent. */
  hash(key: string): string | undefined;
}

function fields(model: string, value: unknown, path: string): Fields {
  const entries = typeof value === "object" && value !== null && !Array.isArray(value) ? new Map<string, unknown>(Object.entries(value)) : undefined;
  if (entries === undefined) throw damaged(model, `${path || "the whole"} is not a record`);
  const checked = <T>(key: string, is: (value: unknown) => value is T): T => {
    const found = entries.get(key);
    if (!is(found)) throw damaged(model, `${path}${key} is missing or wrong`);
    return found;
  };
  return {
    inner: (key) => fields(model, entries.get(key), `${path}${key}.`),
    maybe: (key) => (entries.has(key) ? fields(model, entries.get(key), `${path}${key}.`) : undefined),
    oneOf: (key, values) => checked(key, (value): value is (typeof values)[number] => values.some((one) => one === value)),
    number: (key) => checked(key, isNumber),
    count: (key) => checked(key, isCount),
    counts: (key) => checked(key, (value) => Array.isArray(value) && value.every(isCount)),
    flag: (key) => checked(key, (value) => typeof value === "boolean"),
    floats: (key, length) => Float32Array.from(checked(key, (value): value is number[] => Array.isArray(value) && value.length === length && value.every(isNumber))),
    hash: (key) => (entries.has(key) ? checked(key, (value): value is string => typeof value === "string" && /^[0-9a-f]{64}$/.test(value)) : undefined),
  };
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && isNumber(value) && value >= 0;
}

function parsed(text: string, model: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw damaged(model, "not JSON", thrown);
  }
}

function damaged(model: string, why: string, cause?: unknown): MaskletError {
  return MaskletError.of("model_damaged", { model, file: networkFiles.description, why }, cause);
}
