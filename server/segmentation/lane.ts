// One object followed along one axis: which planes it runs through, which of them are prompted, and where a plane lies in
// the volume. Prompts of one object in different frames (along z) or on different slices (along t) are separate lanes.
import { MaskletError } from "#protocol/errors.ts";
import type { Along, Cut, IndexRange, Shape } from "#protocol/types.ts";
import type { PromptedCut, PromptedObject } from "./contract.ts";
import type { ZPlane } from "./view.ts";

export interface Lane {
  readonly objectId: number;
  readonly along: "z" | "t";
  /** The frame of a lane along z, the slice of a lane along t. */
  readonly fixed: number;
  readonly c: number;
  /** Half-open. */
  readonly start: number;
  readonly end: number;
  /** Length of the volume along this axis. */
  readonly size: number;
  /** In rising order of plane; at least one. */
  readonly prompts: readonly PromptedCut[];
}

/** @throws axis_unsupported, range_invalid, object_unknown */
export function lanesOf(object: PromptedObject, along: Along, shape: Shape, range: IndexRange | undefined): Lane[] {
  if (along !== "z" && along !== "t") throw MaskletError.of("axis_unsupported", { axis: along, why: "only z and t can be followed so far" });
  if (shape[along] === 1) throw MaskletError.of("axis_unsupported", { axis: along, why: oneLong(shape, along) });
  const size = shape[along];
  const { start, end } = range ?? { start: 0, end: size };
  if (start >= end || end > size) throw MaskletError.of("range_invalid", { start, end, size, why: start >= end ? "it is empty" : "it reaches past the volume" });
  const groups = new Map<number, PromptedCut[]>();
  for (const prompt of object.prompts) {
    const at = planeIndex(prompt.cut, along);
    if (at < start || at >= end) continue;
    const fixed = along === "z" ? (prompt.cut.t ?? 0) : prompt.cut.index;
    groups.set(fixed, [...(groups.get(fixed) ?? []), prompt]);
  }
  if (object.prompts.length === 0) throw MaskletError.of("object_unknown", { objectId: object.objectId });
  if (groups.size === 0) throw MaskletError.of("range_invalid", { start, end, size, why: `object ${object.objectId} has no prompt in it` });
  return [...groups].map(([fixed, prompts]) => {
    prompts.sort((a, b) => planeIndex(a.cut, along) - planeIndex(b.cut, along));
    return { objectId: object.objectId, along, fixed, c: prompts[0]!.cut.c ?? 0, start, end, size, prompts };
  });
}

/** What there is to follow instead. */
function oneLong(shape: Shape, along: "z" | "t"): string {
  const other = along === "z" ? "t" : "z";
  const rest = shape[other] === 1 ? "it is a single picture, in which there is nothing to follow" : `but ${shape[other]} along ${other}`;
  return `the volume has one plane along ${along}${shape[other] === 1 ? "; " : ", "}${rest}`;
}

/** Where a prompt lies along the axis followed. */
export function planeIndex(cut: Cut, along: "z" | "t"): number {
  return along === "z" ? cut.index : (cut.t ?? 0);
}

/** @param index along the lane's axis */
export function planeAt(lane: Lane, index: number): ZPlane {
  return lane.along === "z" ? { t: lane.fixed, c: lane.c, z: index } : { t: index, c: lane.c, z: lane.fixed };
}
