// Planes along any axis: which volume axes (u, v) run along, how large the plane is, and how large its pixels are in space.
import type { Axis, Cut, Shape, Spacing } from "#protocol/types.ts";

/** Where a plane lies, with nothing left to a default. */
export type PlaneCut = Required<Cut>;

/** The volume axes along which the index, v and u count. */
export const planeAxes = {
  z: { normal: "z", v: "y", u: "x" },
  y: { normal: "y", v: "z", u: "x" },
  x: { normal: "x", v: "z", u: "y" },
} as const;

/** A plane's size in its own pixels, and theirs in units of the finer side of one: at least one of the two is 1. */
export interface PlaneSize {
  readonly width: number;
  readonly height: number;
  readonly pixelU: number;
  readonly pixelV: number;
}

/** Spacings this near to each other are one: calibrations are often typed in with few digits. */
const sameSpacing = 1.01;

/** Without spacing, pixels count as square. */
export function planeSize({ shape, spacing }: { readonly shape: Shape; readonly spacing: Spacing | undefined }, axis: Axis): PlaneSize {
  const { u, v } = planeAxes[axis];
  const ratio = spacing === undefined ? 1 : spacing[v] / spacing[u];
  const square = ratio < sameSpacing && ratio > 1 / sameSpacing;
  return { width: shape[u], height: shape[v], pixelU: square ? 1 : Math.max(1, 1 / ratio), pixelV: square ? 1 : Math.max(1, ratio) };
}

export function wholeCut({ axis, index, t, c }: Cut): PlaneCut {
  return { axis, index, t: t ?? 0, c: c ?? 0 };
}

/** A plane as messages name it. */
export function cutName({ axis, index, t, c }: PlaneCut): string {
  return `t=${t} c=${c} ${axis}=${index}`;
}
