// Finds a network's tensors in a checkpoint, under either naming, and its dimensions from their shapes.
import { MaskletError } from "#protocol/errors.ts";
import type { Checkpoint, CheckpointTensor } from "../checkpoints/checkpoint.ts";
import { landmarks, partsOf, type Layout } from "./network-parts.ts";
import type { Side, TensorName } from "./table-rows.ts";
import { networkPrefixes, sam2TensorNames, unusedTensors, type NetworkParts } from "./tensor-names.ts";

export interface MatchedTensor {
  /** Several follow one another along the first axis. */
  readonly sources: readonly CheckpointTensor[];
  /** As the official checkpoints have it. */
  readonly shape: readonly number[];
  /** Which row of the source it is; undefined for all of it. */
  readonly row: number | undefined;
}

export interface MatchedTensors {
  readonly parts: NetworkParts;
  /** By official name. */
  readonly tensors: ReadonlyMap<string, MatchedTensor>;
  /** By the names in table-rows.ts. */
  readonly dimensions: ReadonlyMap<string, number>;
}

/**
 * Leftovers of a training beside the network's modules are ignored; an unknown tensor inside them is refused, because the
 * network it was trained in computes something else.
 * @throws checkpoint_mismatch with the names that are missing and unknown, or with the tensor whose shape does not fit
 */
export function matchSam2Tensors(checkpoint: Checkpoint): MatchedTensors {
  const layout = layoutOf(checkpoint);
  const parts = partsOf([...checkpoint.tensors.keys()], layout);
  const official = layout.naming === "official";
  const found = new Map<TensorName, readonly CheckpointTensor[]>();
  const missing: string[] = [];
  const known = new Set<string>();
  for (const name of sam2TensorNames(parts)) {
    const own: TensorName = official ? { official: name.official, transformers: [], shape: name.shape } : name;
    const candidates = own.joined ?? (official ? [own.official] : own.transformers);
    for (const candidate of candidates) known.add(candidate);
    const there = candidates.map((candidate) => checkpoint.tensors.get(candidate)).filter((tensor) => tensor !== undefined);
    const needed = own.joined?.length ?? 1;
    if (there.length < needed) missing.push(candidates.find((candidate) => !checkpoint.tensors.has(candidate))!);
    else found.set(own, there.slice(0, needed));
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

function layoutOf({ file, tensors }: Checkpoint): Layout {
  for (const [name, layout] of landmarks) if (tensors.has(name)) return layout;
  throw mismatch(file, `it has neither ${[...landmarks.keys()].join(" nor ")}, but ${listed([...tensors.keys()])}`);
}

/** Each dimension is told by the first tensor that has it; all others must agree. */
function fitShapes(found: ReadonlyMap<TensorName, readonly CheckpointTensor[]>, file: string): Pick<MatchedTensors, "tensors" | "dimensions"> {
  const tensors = new Map<string, MatchedTensor>();
  const dimensions = new Map<string, number>();
  for (const [{ official, shape, row }, sources] of found) {
    const wanted = [scaled(shape[0]!, (row?.of ?? 1) / sources.length), ...shape.slice(1)];
    for (const source of sources) {
      const fits = source.shape.length === wanted.length && wanted.every((side, axis) => fitSide(side, source.shape[axis]!, dimensions));
      if (!fits) throw mismatch(file, `${official} has the shape [${source.shape.join(", ")}] where [${wanted.map((side) => said(side, dimensions)).join(", ")}] is needed`);
      if (!isFloat(source)) throw mismatch(file, `${official} holds ${source.dtype}, not floating-point numbers`);
    }
    const [first, ...rest] = sources[0]!.shape;
    tensors.set(official, { sources, shape: row === undefined ? [first! * sources.length, ...rest] : [1, ...rest], row: row?.index });
  }
  return { tensors, dimensions };
}

function scaled(side: Side, factor: number): Side {
  return typeof side === "number" ? side * factor : { of: side.of, times: side.times * factor };
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
