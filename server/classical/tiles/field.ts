// What a pass reads, as data: an expression over the raw values and over what earlier passes left. A thread evaluates it over any box;
// neighbourhood kernels read a halo around it, so the value of a voxel is the same whatever box it is asked for in.
import { MaskletError } from "#protocol/errors.ts";
import { platesHalo, platesMap } from "#server/classical/kernels/plates.ts";
import type { Size3 } from "#server/classical/kernels/size3.ts";
import type { Box3 } from "../contract.ts";
import { arrayLike, copyOverlap, cropped, grown, max3, sizeOf, sum3, voxelsIn } from "./box3.ts";
import type { VoxelArray } from "./box3.ts";
import { applyKernel, haloOf } from "./local-kernel.ts";
import type { LocalKernel } from "./local-kernel.ts";

export type Field =
  | { readonly op: "raw" }
  | { readonly op: "store"; readonly store: string }
  /** What a kernel makes of a neighbourhood. */
  | { readonly op: "local"; readonly kernel: LocalKernel; readonly of: Field }
  /** How much a voxel of the mask `other` is the middle of a plate; 0 outside. Lengths in voxels. */
  | { readonly op: "plates"; readonly sigma: number; readonly reach: number; readonly rho: number; readonly of: Field; readonly other: Field }
  /** Values that are not finite become `fill`. */
  | { readonly op: "finite"; readonly fill: number; readonly of: Field }
  /** Values outside become the nearer end. */
  | { readonly op: "within"; readonly low: number; readonly high: number; readonly of: Field }
  /** 1 where the value is finite. */
  | { readonly op: "is-finite"; readonly of: Field }
  /** A plane `[y, x]` that is the same for every z is taken off. */
  | { readonly op: "minus-plane"; readonly plane: string; readonly of: Field }
  | { readonly op: "negated"; readonly of: Field }
  | { readonly op: "minus"; readonly of: Field; readonly other: Field }
  /** 0, 1 from `low` on, 2 from `high` on. */
  | { readonly op: "at-least"; readonly low: number; readonly high?: number | undefined; readonly of: Field }
  /** 1 where the value is above 0. */
  | { readonly op: "present"; readonly of: Field }
  | { readonly op: "not"; readonly of: Field }
  /** As it is where `other` is not 0, else 0. */
  | { readonly op: "limited"; readonly of: Field; readonly other: Field }
  | { readonly op: "or"; readonly of: Field; readonly other: Field }
  | { readonly op: "and"; readonly of: Field; readonly other: Field };

/** What a thread has at hand. */
export interface FieldSources {
  readonly size: Size3;
  /** In a new array that the caller may keep. */
  raw(box: Box3): VoxelArray;
  store(name: string, box: Box3): VoxelArray;
  plane(name: string): Float32Array;
}

/** How far around a box its values depend on raw ones; undefined when they do not at all. */
export function rawReach(field: Field): Size3 | undefined {
  if (field.op === "raw") return [0, 0, 0];
  if (field.op === "store") return undefined;
  const parts = "other" in field ? [rawReach(field.of), rawReach(field.other)] : [rawReach(field.of)];
  const known = parts.filter((part) => part !== undefined);
  if (known.length === 0) return undefined;
  const widest = known.reduce(max3);
  return field.op === "local" || field.op === "plates" ? sum3(widest, haloOfField(field)) : widest;
}

function haloOfField(field: Extract<Field, { op: "local" | "plates" }>): Size3 {
  if (field.op === "local") return haloOf(field.kernel);
  const halo = platesHalo(field.sigma, field.reach, field.rho);
  return [halo, halo, halo];
}

/**
 * `[z, y, x]` over the box; the kind of array is that of the expression's last step. May be one that a source gave, so it is only read.
 * Memory: the box with its halo, twice for each kernel.
 */
export function evaluate(field: Field, box: Box3, sources: FieldSources): VoxelArray {
  switch (field.op) {
    case "raw": return sources.raw(box);
    case "store": return sources.store(field.store, box);
    case "local": {
      const wide = grown(box, haloOfField(field), sources.size);
      return cropped(applyKernel(field.kernel, evaluate(field.of, wide, sources), sizeOf(wide)), wide, box);
    }
    case "plates": return plates(field, box, sources);
    case "minus-plane": return minusPlane(evaluate(field.of, box, sources), box, sources.plane(field.plane), sources.size);
    case "or":
    case "and":
    case "limited":
    case "minus": return combined(field.op, evaluate(field.of, box, sources), evaluate(field.other, box, sources));
    case "finite": return finite(evaluate(field.of, box, sources), field.fill);
    case "within": return within(evaluateFloat(field.of, box, sources), field.low, field.high);
    case "negated": return negated(evaluate(field.of, box, sources), isNew(field.of));
    case "at-least": return steps(evaluate(field.of, box, sources), field.low, field.high ?? NaN);
    case "is-finite":
    case "present":
    case "not": return flags(field.op, evaluate(field.of, box, sources));
  }
}

/** As `evaluate`, for expressions that give flags. @throws internal for others */
export function evaluateMask(field: Field, box: Box3, sources: FieldSources): Uint8Array {
  const values = evaluate(field, box, sources);
  if (!(values instanceof Uint8Array)) throw MaskletError.of("internal", { why: `${field.op} gives no mask` });
  return values;
}

/** As `evaluate`, as float32. */
export function evaluateFloat(field: Field, box: Box3, sources: FieldSources): Float32Array {
  const values = evaluate(field, box, sources);
  return values instanceof Float32Array ? values : new Float32Array(values);
}

function plates(field: Extract<Field, { op: "plates" }>, box: Box3, sources: FieldSources): Float32Array {
  const mask = evaluateMask(field.other, box, sources);
  // The map costs much more than the mask, and most of a volume is often empty.
  if (mask.every((value) => value === 0)) return new Float32Array(mask.length);
  const wide = grown(box, haloOfField(field), sources.size);
  const inside = new Uint8Array(voxelsIn(wide));
  copyOverlap(mask, box, inside, wide);
  const { sigma, reach, rho } = field;
  const map = platesMap({ values: evaluateFloat(field.of, wide, sources), inside, size: sizeOf(wide), origin: wide.start, volume: sources.size, sigma, reach, rho });
  return cropped(map, wide, box);
}

function minusPlane(values: VoxelArray, { start, end }: Box3, plane: Float32Array, size: Size3): Float32Array {
  const out = new Float32Array(values.length);
  let at = 0;
  for (let z = start[0]; z < end[0]; z++) {
    for (let y = start[1]; y < end[1]; y++) {
      const row = y * size[2];
      for (let x = start[2]; x < end[2]; x++, at++) out[at] = values[at]! - plane[row + x]!;
    }
  }
  return out;
}

function combined(op: "or" | "and" | "limited" | "minus", a: VoxelArray, b: VoxelArray): VoxelArray {
  if (op === "minus") {
    const out = new Float32Array(a.length);
    for (let at = 0; at < a.length; at++) out[at] = a[at]! - b[at]!;
    return out;
  }
  if (op === "limited") {
    const out = arrayLike(a, a.length);
    for (let at = 0; at < a.length; at++) if (b[at] !== 0) out[at] = a[at]!;
    return out;
  }
  const out = new Uint8Array(a.length);
  if (op === "or") for (let at = 0; at < a.length; at++) out[at] = a[at] !== 0 || b[at] !== 0 ? 1 : 0;
  else for (let at = 0; at < a.length; at++) out[at] = a[at] !== 0 && b[at] !== 0 ? 1 : 0;
  return out;
}

function finite(values: VoxelArray, fill: number): VoxelArray {
  if (!(values instanceof Float32Array)) return values;
  const out = new Float32Array(values.length);
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    out[at] = value - value === 0 ? value : fill;
  }
  return out;
}

function within(values: Float32Array, low: number, high: number): Float32Array {
  return values.map((value) => Math.min(high, Math.max(low, value)));
}

function steps(values: VoxelArray, low: number, high: number): Uint8Array {
  const out = new Uint8Array(values.length);
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    out[at] = value >= high ? 2 : value >= low ? 1 : 0;
  }
  return out;
}

function flags(op: "is-finite" | "present" | "not", values: VoxelArray): Uint8Array {
  const out = new Uint8Array(values.length);
  if (op === "present") for (let at = 0; at < values.length; at++) out[at] = values[at]! > 0 ? 1 : 0;
  else if (op === "not") for (let at = 0; at < values.length; at++) out[at] = values[at] === 0 ? 1 : 0;
  else for (let at = 0; at < values.length; at++) out[at] = values[at]! - values[at]! === 0 ? 1 : 0;
  return out;
}

/** @param own may be written to */
function negated(values: VoxelArray, own: boolean): Float32Array {
  const out = own && values instanceof Float32Array ? values : new Float32Array(values.length);
  for (let at = 0; at < values.length; at++) out[at] = -values[at]!;
  return out;
}

/** Whether the values are in an array of their own, which nobody else may read. */
function isNew(field: Field): boolean {
  if (field.op === "local") return field.kernel.kernel === "median" || field.kernel.kernel === "laplacian";
  return field.op === "minus-plane" || field.op === "minus";
}
