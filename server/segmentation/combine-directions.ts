// Follows an object along several axes, each on its own, and keeps what enough of them agree on.
import { setImmediate as turn } from "node:timers/promises";
import { MaskletError, throwIfCancelled } from "#protocol/errors.ts";
import type { Axis, IndexRange, Mask, Schema, Shape, Watch } from "#protocol/types.ts";
import type { PromptedCut, PromptedObject, PropagateEvents, PropagateRequest, Scene } from "./contract.ts";
import { drawInto, planeBits, spanAround } from "./voxels.ts";
import { pairs, vote } from "./vote.ts";
import type { Agreement, Found } from "./vote.ts";

export interface CombineRequest {
  readonly objects: readonly PromptedObject[];
  /** At least two different ones. */
  readonly axes: readonly Axis[];
  /** Directions that must agree on a voxel; default more than half. */
  readonly votes?: number | undefined;
  /** Planes of the axis that the prompts lie on. */
  readonly range?: IndexRange | undefined;
}

/** How objects are followed and what may be said against it; the operations give a session's segmenter. */
export interface Follower {
  checkRun(shape: Shape, request: PropagateRequest): void;
  propagate(scene: Scene, request: PropagateRequest, events: PropagateEvents): Promise<unknown>;
}

export interface CombinedObject {
  readonly objectId: number;
  /** Frames in which something was kept; in the others nothing is said of the object. */
  readonly frames: readonly number[];
  /** On z planes. */
  readonly masks: readonly Mask[];
  readonly disagreement: Schema<"Disagreement">;
}

/** Everything that can be said against it before it starts. @throws request_invalid, prompt_off_axis, and what checkRun throws */
export function checkCombine(shape: Shape, request: CombineRequest, follower: Follower): void {
  const { objects, axes, votes, range } = request;
  const invalid = (at: string, why: string): MaskletError => MaskletError.of("request_invalid", { what: "Combine", at, why });
  if (new Set(axes).size < axes.length || axes.length < 2) throw invalid("/axes", "give two or three different axes");
  if (votes !== undefined && votes > axes.length) throw invalid("/votes", `${votes} directions cannot agree where ${axes.length} are followed`);
  for (const object of objects) {
    const first = firstAxis(object, axes);
    follower.checkRun(shape, { objects: [object], along: first, range, direction: "both" });
    // Their prompts are not known before the first direction has been followed; a whole plane says that the axis can be.
    for (const along of axes.filter((axis) => axis !== first)) {
      const box: [number, number, number, number] = along === "z" ? [0, 0, shape.x, shape.y] : [0, 0, along === "y" ? shape.x : shape.y, shape.z];
      follower.checkRun(shape, { objects: [{ objectId: object.objectId, prompts: [{ cut: { axis: along, index: 0 }, parts: { box } }] }], along, direction: "both" });
    }
  }
}

/** The first of the axes that the object has a prompt on. */
function firstAxis({ objectId, prompts }: PromptedObject, axes: readonly Axis[]): Axis {
  const found = axes.find((axis) => prompts.some(({ cut }) => cut.axis === axis));
  if (found === undefined) throw MaskletError.of("prompt_off_axis", { objectId, axis: axes.join(" or "), along: axes.join(", ") });
  return found;
}

/**
 * Each object is followed along the axis of its prompts; along a further axis from its prompts there or, in frames without any, from
 * the largest cut through what was found first. Voxels with enough votes that hang together with what the first direction found
 * on the prompted planes are the object. Objects are followed together, so that those in one window share what the network sees.
 * Memory: the masks found, and two bytes a voxel of the box around one object.
 * @throws cancelled, with nothing to keep; what checkCombine, propagation and vote throw
 */
export async function combineDirections(scene: Scene, request: CombineRequest, follower: Follower, watch: Watch): Promise<CombinedObject[]> {
  const { shape } = scene.source;
  const { objects, axes, range } = request;
  checkCombine(shape, request, follower);
  const follow = followWith(scene, request, follower, watch);
  const courses = objects.map((object): Course => ({ object, first: firstAxis(object, axes), found: new Map() }));
  for (const axis of axes) {
    await follow(axis, courses.filter(({ first }) => first === axis), ({ object }) => promptsOn(object, axis), range);
  }
  for (const axis of axes) {
    await follow(axis, courses.filter(({ first }) => first !== axis), (course) => furtherPrompts(course, axis, shape), undefined);
  }
  const made: CombinedObject[] = [];
  for (const course of courses) {
    // A vote on a large object takes a while; whoever else asks comes in between.
    await turn();
    throwIfCancelled(watch.signal);
    made.push(agree(course, request, shape));
  }
  return made;
}

/** One object's way through the directions. */
interface Course {
  readonly object: PromptedObject;
  /** The axis of its prompts. */
  readonly first: Axis;
  readonly found: Map<Axis, Mask[]>;
}

type Follow = (along: Axis, courses: readonly Course[], promptsOf: (course: Course) => readonly PromptedCut[], range: IndexRange | undefined) => Promise<void>;

function followWith(scene: Scene, { objects, axes }: CombineRequest, follower: Follower, { signal, onProgress }: Watch): Follow {
  const total = objects.length * axes.reduce((sum, axis) => sum + scene.source.shape[axis], 0);
  let before = 0;
  return async (along, courses, promptsOf, range) => {
    if (courses.length === 0) return;
    const masks = new Map(courses.map(({ object, found }) => {
      const own: Mask[] = [];
      found.set(along, own);
      return [object.objectId, own];
    }));
    const from = before;
    const planes = courses.length * scene.source.shape[along];
    before += planes;
    const prompted = courses.map((course) => ({ objectId: course.object.objectId, prompts: promptsOf(course) })).filter(({ prompts }) => prompts.length > 0);
    if (prompted.length > 0) {
      await follower.propagate(scene, { objects: prompted, along, range, direction: "both" }, {
        signal,
        onMask: (mask) => void masks.get(mask.objectId)?.push(mask),
        onEnd: () => undefined,
        onProgress: ({ done, total: all }) => onProgress?.({ done: from + (all === 0 ? 0 : Math.round(Math.min(1, done / all) * planes)), total, unit: "planes" }),
      });
    }
    onProgress?.({ done: before, total, unit: "planes" });
  };
}

function promptsOn({ prompts }: PromptedObject, axis: Axis): PromptedCut[] {
  return prompts.filter(({ cut }) => cut.axis === axis);
}

function framesOf({ first, found }: Course): number[] {
  return [...new Set(found.get(first)?.filter(({ area }) => area > 0).map(({ t }) => t))].sort((a, b) => a - b);
}

function furtherPrompts(course: Course, axis: Axis, shape: Shape): PromptedCut[] {
  const frames = framesOf(course);
  const given = promptsOn(course.object, axis).filter(({ cut }) => frames.includes(cut.t ?? 0));
  const bare = frames.filter((t) => !given.some(({ cut }) => (cut.t ?? 0) === t));
  const scout = course.found.get(course.first) ?? [];
  return [...given, ...bare.map((t) => largestCut(scout.filter((mask) => mask.t === t), axis, shape)).filter((prompt) => prompt !== undefined)];
}

function agree(course: Course, { axes, votes = Math.floor(axes.length / 2) + 1, range }: CombineRequest, shape: Shape): CombinedObject {
  const { object, first, found } = course;
  const within = range === undefined ? undefined : { axis: first, range };
  const prompted = new Set(promptsOn(object, first).map(({ cut }) => `${cut.t ?? 0} ${cut.index}`));
  const anchors = (found.get(first) ?? []).filter((mask) => prompted.has(`${mask.t} ${mask.index}`));
  const agreed = framesOf(course).map((t) => {
    const at = (masks: readonly Mask[]): Mask[] => masks.filter((mask) => mask.t === t);
    const answers: Found[] = [first, ...axes.filter((axis) => axis !== first)].map((axis) => ({ axis, masks: at(found.get(axis) ?? []) }));
    return { t, agreement: vote({ found: answers, votes, anchors: at(anchors), within, shape }) };
  });
  return {
    objectId: object.objectId,
    frames: agreed.filter(({ agreement }) => agreement.kept > 0).map(({ t }) => t),
    masks: agreed.flatMap(({ agreement }) => agreement.masks),
    disagreement: disagreementOf(object.objectId, axes.length, agreed),
  };
}

/** The plane of the axis on which the masks of one frame cover most, of equal ones that nearest to their middle, as a mask prompt. */
function largestCut(masks: readonly Mask[], axis: Axis, shape: Shape): PromptedCut | undefined {
  const span = spanAround(masks, shape, 0);
  const sample = masks[0];
  if (span === undefined || sample === undefined) return undefined;
  const data = new Uint8Array(span.size[0] * span.size[1] * span.size[2]);
  drawInto(data, span, masks, 1);
  const which = ["z", "y", "x"].indexOf(axis);
  const middle = span.start[which]! + (span.size[which]! - 1) / 2;
  let best: { index: number; plane: ReturnType<typeof planeBits> } | undefined;
  for (let index = span.start[which]!; index < span.start[which]! + span.size[which]!; index++) {
    const plane = planeBits(span, axis, index, (at) => data[at] !== 0);
    const largest = best?.plane.area ?? 0;
    const nearer = best !== undefined && plane.area === largest && Math.abs(index - middle) < Math.abs(best.index - middle);
    if (plane.area > largest || nearer) best = { index, plane };
  }
  if (best === undefined) return undefined;
  const { box, bits } = best.plane;
  return { cut: { axis, index: best.index, t: sample.t, ...(sample.c === undefined ? {} : { c: sample.c }) }, parts: { mask: { box, bits } } };
}

/** All frames together. Two directions that both found nothing agree. */
function disagreementOf(objectId: number, directions: number, agreed: readonly { readonly t: number; readonly agreement: Agreement }[]): Schema<"Disagreement"> {
  const sum = (of: (agreement: Agreement) => number): number => agreed.reduce((total, { agreement }) => total + of(agreement), 0);
  const sizes = Array.from({ length: directions }, (_, nth) => sum((agreement) => agreement.sizes[nth]!));
  const dices = pairs(directions).map(([a, b], nth) => {
    const both = sizes[a]! + sizes[b]!;
    return both === 0 ? 1 : (2 * sum((agreement) => agreement.common[nth]!)) / both;
  });
  let worst: { t: number; index: number; voxels: number } | undefined;
  for (const { t, agreement } of agreed) if (agreement.worst !== undefined && agreement.worst.voxels > (worst?.voxels ?? 0)) worst = { t, ...agreement.worst };
  return {
    objectId,
    voxels: sum((agreement) => agreement.kept),
    disputed: sum((agreement) => agreement.disputed),
    dice: dices.reduce((total, dice) => total + dice, 0) / dices.length,
    ...(worst === undefined ? {} : { worst: { axis: "z", index: worst.index, t: worst.t } }),
  };
}
