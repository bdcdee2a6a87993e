// How far the shapes of matched objects come out wrong.
import type { Schema } from "#protocol/types.ts";

/** A pair's elongation R1/R2 and flatness R2/R3 on both sides. */
export interface ShapePair {
  readonly truth: { readonly elongation: number; readonly flatness: number };
  readonly prediction: { readonly elongation: number; readonly flatness: number };
  /** Either reaches the border of the volume, so that a part of its shape may be missing. */
  readonly border: boolean;
}

export function shapeErrors(pairs: readonly ShapePair[]): Schema<"ShapeErrors"> {
  const whole = pairs.filter(({ border }) => !border);
  return { pairs: whole.length, border: pairs.length - whole.length, elongation: errorOf(whole, "elongation"), flatness: errorOf(whole, "flatness") };
}

function errorOf(pairs: readonly ShapePair[], ratio: "elongation" | "flatness"): Schema<"ShapeError"> {
  const mean = (of: (found: number, real: number) => number): number | null =>
    (pairs.length === 0 ? null : pairs.reduce((sum, { truth, prediction }) => sum + of(prediction[ratio], truth[ratio]), 0) / pairs.length);
  return {
    meanTrue: mean((_, real) => real), meanSigned: mean((found, real) => found - real), meanAbsolute: mean((found, real) => Math.abs(found - real)),
    meanRelative: mean((found, real) => Math.abs(found - real) / real),
  };
}
