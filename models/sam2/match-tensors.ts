// Finds a network's tensors in a checkpoint, under either naming, and its dimensions from their shapes.
import { MaskletError } from "#protocol/errors.ts";
import type { Checkpoint, CheckpointTensor } from "../checkpoints/checkpoint.ts";
import { networkPrefixes, sam2TensorNames, unusedTensors, type NetworkParts, type Side, type TensorName } from "./tensor-names.ts";

export interface MatchedTensor {
  readonly source: CheckpointTensor;
  /** As the official checkpoints have it. */
  readonly shape: readonly number[];
  /** Which row of the source it is; undefined for all of it. */
  readonly row: number | undefined;
}

export interface MatchedTensors {
  readonly parts: NetworkParts;
  /** By official name. */
  readonly tensors: ReadonlyMap<string, MatchedTensor>;
  /** By the names in tensor-names.ts. */
  readonly dimensions: ReadonlyMap<string, number>;
}

type Naming = "official" | "transformers";

const patchEmbedding: Readonly<Record<Naming, string>> = {
  official: "image_encoder.trunk.patch_embed.proj.weight",
  transformers: "vision_encoder.backbone.patch_embed.projection.weight",
};

/**
 * Leftovers of a training beside the network's modules are ignored; an unknown tensor inside them is refused, because the
 * network it was trained in computes something else.
 * @throws checkpoint_mismatch with the names that are missing and unknown, or with the tensor whose shape does not fit
 */
export function matchSam2Tensors(checkpoint: Checkpoint): MatchedTensors {
  const naming = namingOf(checkpoint);
  const parts = partsOf([...checkpoint.tensors.keys()], naming);
  const found = new Map<TensorName, CheckpointTensor>();
  const missing: string[] = [];
  const known = new Set<string>();
  for (const name of sam2TensorNames(parts)) {
    const candidates = naming === "official" ? [name.official] : name.transformers;
    for (const candidate of candidates) known.add(candidate);
    const source = candidates.map((candidate) => checkpoint.tensors.get(candidate)).find((tensor) => tensor !== undefined);
    if (source === undefined) missing.push(candidates[0]!);
    else found.set(naming === "official" ? { ...name, row: undefined } : name, source);
  }
  const unknown = [...checkpoint.tensors.keys()].filter((name) => !known.has(name) && !unusedTensors.has(name));
  const foreign = unknown.filter((name) => networkPrefixes.some((prefix) => name.startsWith(prefix)) && isFloat(checkpoint.tensors.get(name)!));
  if (missing.length > 0) throw mismatch(checkpoint.file, `${missing.length} tensors are missing (${listed(missing)})${unknown.length > 0 ? `, and ${unknown.length} are unknown (${listed(unknown)})` : ""}`);
  if (foreign.length > 0) throw mismatch(checkpoint.file, `its modules have ${foreign.length} unknown tensors (${listed(foreign)}), so it computes something else`);
  return { parts, ...fitShapes(found, checkpoint.file) };
}

export function mismatch(file: string, why: string): MaskletError {
  return MaskletError.of("checkpoint_mismatch", { file, network: "SAM 2", why });
}

function namingOf({ file, tensors }: Checkpoint): Naming {
  if (tensors.has(patchEmbedding.official)) return "official";
  if (tensors.has(patchEmbedding.transformers)) return "transformers";
  throw mismatch(file, `it has neither ${patchEmbedding.official} nor ${patchEmbedding.transformers}, but ${listed([...tensors.keys()])}`);
}

function partsOf(names: readonly string[], naming: Naming): NetworkParts {
  const official = naming === "official";
  const trunk = official ? "image_encoder.trunk.blocks." : "vision_encoder.backbone.blocks.";
  const decoder = official ? "sam_mask_decoder.transformer.layers." : "mask_decoder.transformer.layers.";
  const has = new Set(names);
  return {
    trunkBlocks: indicesAfter(trunk, names).size,
    openingBlocks: [...indicesAfter(trunk, names)].filter((block) => has.has(`${trunk}${block}.proj.weight`)).sort((a, b) => a - b),
    memoryLayers: indicesAfter("memory_attention.layers.", names).size,
    fuserLayers: indicesAfter(official ? "memory_encoder.fuser.layers." : "memory_encoder.memory_fuser.layers.", names).size,
    decoderLayers: indicesAfter(decoder, names).size,
    occlusionMemory: has.has(official ? "no_obj_embed_spatial" : "occlusion_spatial_embedding_parameter"),
    pointerTime: has.has(`${official ? "obj_ptr_tpos_proj" : "temporal_positional_encoding_projection_layer"}.weight`),
  };
}

/** Distinct numbers right after a prefix. Counting them, not taking the highest, keeps a name with a huge one harmless. */
function indicesAfter(prefix: string, names: readonly string[]): ReadonlySet<number> {
  return new Set(names.filter((name) => name.startsWith(prefix)).map((name) => Number.parseInt(name.slice(prefix.length), 10)).filter(Number.isSafeInteger));
}

/** Each dimension is told by the first tensor that has it; all others must agree. */
function fitShapes(found: ReadonlyMap<TensorName, CheckpointTensor>, file: string): Pick<MatchedTensors, "tensors" | "dimensions"> {
  const tensors = new Map<string, MatchedTensor>();
  const dimensions = new Map<string, number>();
  for (const [{ official, shape, row }, source] of found) {
    const wanted = row === undefined ? shape : [row.of, ...shape.slice(1)];
    const fits = source.shape.length === wanted.length && wanted.every((side, axis) => fitSide(side, source.shape[axis]!, dimensions));
    if (!fits) throw mismatch(file, `${official} has the shape [${source.shape.join(", ")}] where [${wanted.map((side) => said(side, dimensions)).join(", ")}] is needed`);
    if (!isFloat(source)) throw mismatch(file, `${official} holds ${source.dtype}, not floating-point numbers`);
    tensors.set(official, { source, shape: row === undefined ? source.shape : [1, ...source.shape.slice(1)], row: row?.index });
  }
  return { tensors, dimensions };
}

function fitSide(side: Side, given: number, dimensions: Map<string, number>): boolean {
  if (typeof side === "number") return given === side;
  const value = given / side.times;
  if (!Number.isInteger(value) || value < 1) return false;
  const before = dimensions.get(side.of);
  if (before === undefined) dimensions.set(side.of, value);
  return before === undefined || before === value;
}

function said(side: Side, dimensions: ReadonlyMap<string, number>): string {
  if (typeof side === "number") return String(side);
  const value = dimensions.get(side.of);
  return value === undefined ? side.of : String(value * side.times);
}

function isFloat({ dtype }: CheckpointTensor): boolean {
  return dtype.includes("float");
}

/** The first few. */
function listed(names: readonly string[]): string {
  const most = 8;
  const shown = names.slice(0, most).map((name) => name.slice(0, 120)).join(", ");
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
