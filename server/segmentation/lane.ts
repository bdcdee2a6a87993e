// One object followed along one axis: which planes it runs through, which of them are prompted, which gaps between them are
// to be walked, and where a plane lies in the volume. Prompts of one object in different frames (along z, y and x) or on
// different slices (along t) are separate lanes.
import { MaskletError } from "#protocol/errors.ts";
import type { Along, Axis, Cut, Direction, IndexRange, PromptParts, Shape } from "#protocol/types.ts";
import type { PromptedCut, PromptedObject } from "./contract.ts";
import type { PlaneCut } from "./plane.ts";

export interface LanePrompt {
  /** Along the lane's axis. */
  readonly index: number;
  readonly parts: PromptParts;
  /** Its mask is part of the answer; the others only tell the tracker what the object looks like. */
  readonly shown: boolean;
}

/** Planes without a prompt between two prompted ones, or between one and the end of what is walked; half-open. */
export interface GapSpan {
  readonly start: number;
  readonly end: number;
  /** Positions in the lane's prompts. */
  readonly left: number | undefined;
  readonly right: number | undefined;
}

export interface Lane {
  readonly objectId: number;
  readonly along: Along;
  /** The frame of a lane along z, y or x; the z plane of a lane along t. */
  readonly fixed: number;
  readonly c: number;
  /** Half-open. */
  readonly start: number;
  readonly end: number;
  /** Length of the volume along this axis. */
  readonly size: number;
  /** In rising order of plane; at least one. */
  readonly prompts: readonly LanePrompt[];
  /** In rising order. */
  readonly gaps: readonly GapSpan[];
}

/** The normal of the planes that are followed along an axis. */
export function axisAlong(along: Along): Axis {
  return along === "t" ? "z" : along;
}

/** @throws axis_unsupported, range_invalid, object_unknown, prompt_off_axis */
export function lanesOf(object: PromptedObject, along: Along, shape: Shape, range: IndexRange | undefined): Lane[] {
  if (shape[along] === 1) throw MaskletError.of("axis_unsupported", { axis: along, why: oneLong(shape, along) });
  const size = shape[along];
  const { start, end } = range ?? { start: 0, end: size };
  if (start >= end || end > size) throw MaskletError.of("range_invalid", { start, end, size, why: start >= end ? "it is empty" : "it reaches past the volume" });
  if (object.prompts.length === 0) throw MaskletError.of("object_unknown", { objectId: object.objectId });
  const groups = new Map<number, PromptedCut[]>();
  for (const prompt of object.prompts) {
    if (prompt.cut.axis !== axisAlong(along)) continue;
    const fixed = fixedIndex(prompt.cut, along);
    groups.set(fixed, [...(groups.get(fixed) ?? []), prompt]);
  }
  if (groups.size === 0) throw MaskletError.of("prompt_off_axis", { objectId: object.objectId, axis: axisAlong(along), along });
  const within = ({ cut }: PromptedCut): boolean => planeIndex(cut, along) >= start && planeIndex(cut, along) < end;
  const walked = [...groups].filter(([, prompts]) => prompts.some(within));
  if (walked.length === 0) throw MaskletError.of("range_invalid", { start, end, size, why: `object ${object.objectId} has no prompt in it` });
  return walked.flatMap(([fixed, given]) => {
    const edited = object.edited?.filter((cut) => cut.axis === axisAlong(along) && fixedIndex(cut, along) === fixed).map((cut) => planeIndex(cut, along));
    // One prompt a plane, the last given.
    const byPlane = new Map(given.map(({ cut, parts }) => [planeIndex(cut, along), parts]));
    const prompts = [...byPlane].sort(([a], [b]) => a - b).map(([index, parts]): LanePrompt => {
      return { index, parts, shown: index >= start && index < end && (edited?.includes(index) ?? true) };
    });
    const gaps = gapsOf(prompts, start, end).filter((gap) => edited === undefined || edited.some((index) => beside(gap, index)));
    if (gaps.length === 0 && !prompts.some((prompt) => prompt.shown)) return [];
    return [{ objectId: object.objectId, along, fixed, c: given[0]!.cut.c ?? 0, start, end, size, prompts, gaps }];
  });
}

/** Prompts outside the range start nothing; those inside part it into gaps, which may be empty. */
function gapsOf(prompts: readonly LanePrompt[], start: number, end: number): GapSpan[] {
  const inside = [...prompts.keys()].filter((at) => prompts[at]!.index >= start && prompts[at]!.index < end);
  return [...inside, undefined].map((right, at) => {
    const left = inside[at - 1];
    return { start: left === undefined ? start : prompts[left]!.index + 1, end: right === undefined ? end : prompts[right]!.index, left, right };
  });
}

/** A front can come into it, for a run in that direction. */
export function isEntered({ left, right }: GapSpan, direction: Direction): boolean {
  return (left !== undefined && direction !== "backward") || (right !== undefined && direction !== "forward");
}

/** A prompt that changed has a gap on either side; one that was removed lies in its gap. */
function beside(gap: GapSpan, index: number): boolean {
  return index >= gap.start - 1 && index <= gap.end;
}

/** What there is to follow instead. */
function oneLong(shape: Shape, along: Along): string {
  if (along === "y" || along === "x") return `the volume is one pixel long along ${along}`;
  const other = along === "z" ? "t" : "z";
  const rest = shape[other] === 1 ? "it is a single picture, in which there is nothing to follow" : `but ${shape[other]} along ${other}`;
  return `the volume has one plane along ${along}${shape[other] === 1 ? "; " : ", "}${rest}`;
}

/** Where a prompt lies along the axis followed. */
export function planeIndex(cut: Cut, along: Along): number {
  return along === "t" ? (cut.t ?? 0) : cut.index;
}

function fixedIndex(cut: Cut, along: Along): number {
  return along === "t" ? cut.index : (cut.t ?? 0);
}

/** @param index along the lane's axis */
export function cutAt(lane: Lane, index: number): PlaneCut {
  return lane.along === "t" ? { axis: "z", index: lane.fixed, t: index, c: lane.c } : { axis: lane.along, index, t: lane.fixed, c: lane.c };
}
