// Every particle of a stack: an automatic segmentation on every k-th plane, each new mask followed through the stack, and masklets that
// meet made one.
import { setImmediate as turn } from "node:timers/promises";
import { asMaskletError, throwIfCancelled } from "#protocol/errors.ts";
import { maskIou, unpackMask } from "#protocol/mask.ts";
import type { Along, Cut, IndexRange, Mask, MaskBits, PixelBox, Shape, Watch } from "#protocol/types.ts";
import { checkAutomask, type AutomaskRequest, type PlaneMask } from "./automask.ts";
import type { PromptedCut, PropagateEvents, PropagateRequest, Scene } from "./contract.ts";
import type { GridSettings } from "./grid.ts";
import { axisAlong, planeIndex } from "./lane.ts";
import { isSameMasklet } from "./masklet-overlap.ts";
import type { PlaneCut } from "./plane.ts";
import { boxIou } from "./suppress.ts";

export interface StackRequest {
  readonly along: Along;
  readonly range?: IndexRange | undefined;
  /** The frame to work in; for runs through time the slice. */
  readonly frame: number;
  readonly c: number;
  /** Planes from one automatic segmentation to the next. */
  readonly every: number;
  /** Overlap from which two masks of a plane, or two masklets, are one. */
  readonly mergeIou: number;
  readonly region?: PixelBox | undefined;
  readonly grid?: GridSettings | undefined;
}

/** Who looks and who follows; the operations give a session's segmenter. */
export interface StackWorker {
  checkRun(shape: Shape, request: PropagateRequest): unknown;
  automask(scene: Scene, request: AutomaskRequest, watch: Watch): Promise<readonly PlaneMask[]>;
  propagate(scene: Scene, request: PropagateRequest, events: PropagateEvents): Promise<unknown>;
}

export interface StackEvents extends Watch {
  /** Objects that are new: keeps their prompts and says their ids, in order. */
  readonly onObjects: (prompts: readonly PromptedCut[]) => Promise<readonly number[]>;
  /** A further prompt of an object told before. */
  readonly onPrompt: (objectId: number, prompt: PromptedCut) => Promise<void>;
  /** Masks of objects told before, each plane of each once; awaited. */
  readonly onMask: (mask: Mask) => void | Promise<void>;
}

/** Half-open. @throws what checkRun and checkAutomask throw */
export function checkStack(shape: Shape, request: StackRequest, worker: Pick<StackWorker, "checkRun">): IndexRange {
  const { along, region } = request;
  const range = request.range ?? { start: 0, end: shape[along] };
  const cut = cutOf(request, range.start);
  const box: PixelBox = region ?? [0, 0, 1, 1];
  // A stand-in for what will be found: the frame, the channel and the range are checked as those of a run.
  worker.checkRun(shape, { objects: [{ objectId: 1, prompts: [{ cut, parts: { box } }] }], along, range, direction: "both" });
  checkAutomask(shape, { cut, region });
  return range;
}

interface Masklet {
  /** Known once it was told. */
  objectId: number | undefined;
  readonly seed: PromptedCut;
  /** By plane along the axis. */
  readonly masks: Map<number, Mask>;
}

/**
 * What one plane brought is told when it has been followed to its ends, or as far as it got when something stops the work: masks told
 * never change. A masklet that meets an older one gives it the planes that it has alone.
 * Memory: the masks found, packed.
 * @throws cancelled, and what checkStack, reading and the model throw
 */
export async function automaskStack(scene: Scene, request: StackRequest, worker: StackWorker, events: StackEvents): Promise<void> {
  const { along, every, mergeIou, region, grid } = request;
  const { signal } = events;
  const range = checkStack(scene.source.shape, request, worker);
  const planes = range.end - range.start;
  const seeds = Array.from({ length: Math.ceil(planes / every) }, (_, nth) => range.start + nth * every);
  const kept: Masklet[] = [];
  for (const [nth, index] of seeds.entries()) {
    throwIfCancelled(signal);
    // Looking counts as half of a seed plane's work, following as the other.
    const half = (which: 0 | 1): Watch => ({
      signal,
      onProgress: ({ done, total }) => events.onProgress?.({ done: Math.floor((planes * (nth + (which + (total === 0 ? 1 : Math.min(1, done / total))) / 2)) / seeds.length), total: planes, unit: "planes" }),
    });
    const cut = cutOf(request, index);
    const found = await worker.automask(scene, { cut, region, grid }, half(0));
    const fresh = found.filter((mask) => !kept.some(({ masks }) => overlaps(masks.get(index), mask, mergeIou)));
    const batch = fresh.map((mask) => masklet(mask, cut, index));
    if (batch.length > 0) await follow(scene, { along, range }, batch, worker, half(1), () => keep(batch, kept, mergeIou, events));
    events.onProgress?.({ done: Math.floor((planes * (nth + 1)) / seeds.length), total: planes, unit: "planes" });
  }
}

async function follow(scene: Scene, { along, range }: { along: Along; range: IndexRange }, batch: readonly Masklet[], worker: StackWorker, watch: Watch, tell: () => Promise<void>): Promise<void> {
  try {
    // Ids of this call alone.
    const objects = batch.map(({ seed }, nth) => ({ objectId: nth + 1, prompts: [seed] }));
    await worker.propagate(scene, { objects, along, range, direction: "both" }, {
      ...watch,
      onEnd: () => undefined,
      onMask: (mask) => {
        const { masks } = batch[mask.objectId - 1]!;
        const index = planeIndex(mask, along);
        // The plane it began on keeps the mask that was prompted with.
        if (mask.area > 0 && !masks.has(index)) masks.set(index, mask);
      },
    });
  } catch (thrown) {
    // Where telling fails too, as after an undo, the first reason is the one to be told.
    await tell().catch(() => undefined);
    throw asMaskletError(thrown);
  }
  await tell();
}

async function keep(batch: readonly Masklet[], kept: Masklet[], mergeIou: number, events: StackEvents): Promise<void> {
  const fresh: Masklet[] = [];
  const additions: { to: Masklet; from: Masklet }[] = [];
  for (const one of batch) {
    // Many masklets take a while to compare; whoever else asks comes in between.
    await turn();
    const to = [...kept, ...fresh].find(({ masks }) => isSameMasklet(masks, one.masks, mergeIou));
    if (to === undefined) fresh.push(one);
    else additions.push({ to, from: one });
  }
  const ids = fresh.length === 0 ? [] : await events.onObjects(fresh.map(({ seed }) => seed));
  for (const [nth, one] of fresh.entries()) {
    one.objectId = ids[nth]!;
    kept.push(one);
  }
  for (const one of fresh) await tellMasks(one.objectId!, one.masks, events);
  for (const { to, from } of additions) {
    const more = new Map([...from.masks].filter(([index]) => !to.masks.has(index)));
    if ([...more.values()].some(({ index, t }) => index === from.seed.cut.index && t === from.seed.cut.t)) await events.onPrompt(to.objectId!, from.seed);
    for (const [index, mask] of more) to.masks.set(index, mask);
    await tellMasks(to.objectId!, more, events);
  }
}

async function tellMasks(objectId: number, masks: ReadonlyMap<number, Mask>, { onMask }: StackEvents): Promise<void> {
  for (const [, mask] of [...masks].sort(([a], [b]) => a - b)) await onMask({ ...mask, objectId });
}

function masklet({ box, bits, score, area }: PlaneMask, cut: PlaneCut, index: number): Masklet {
  return { objectId: undefined, seed: { cut, parts: { mask: { box, bits } } }, masks: new Map([[index, { objectId: 1, ...cut, box, bits, score, area }]]) };
}

function overlaps(known: MaskBits | undefined, mask: MaskBits, threshold: number): boolean {
  if (known === undefined || boxIou(known.box, mask.box) === 0) return false;
  return maskIou(unpackMask(known), unpackMask(mask)) >= threshold;
}

function cutOf({ along, frame, c }: StackRequest, index: number): Required<Cut> {
  return along === "t" ? { axis: "z", index: frame, t: index, c } : { axis: axisAlong(along), index, t: frame, c };
}
