// What the objects that a recipe found make of a session: new objects, parts of old ones, seeds that grew. One edit.
import { packMask, unpackMask } from "#protocol/mask.ts";
import type { Mask } from "#protocol/types.ts";
import { masksAsZPlanes } from "#protocol/z-planes.ts";
import type { Box3 } from "#server/classical/contract.ts";
import { drawnObjects } from "#server/segmentation/drawn-objects.ts";
import { joinMasks } from "#server/segmentation/join-masks.ts";
import type { SessionState } from "#server/sessions/fold.ts";
import { newObjectIds } from "#server/sessions/object-ids.ts";
import type { HeldPrompt, PromptedObject, Remake } from "#server/sessions/record.ts";

/** One object of a run. */
export interface FoundObject {
  /** The session's object that it grew from; undefined for none. */
  readonly seed: number | undefined;
  /** On z planes, one each, lowest first. */
  readonly masks: readonly Mask[];
}

export interface ChangeOrder {
  readonly frame: number;
  readonly c: number;
  readonly region: Box3;
  readonly width: number;
  readonly height: number;
  readonly within: readonly number[];
  readonly seeds: readonly number[];
  readonly prompts: "box" | "mask" | "none";
}

export interface ClassicalChange {
  /** Undefined when nothing was found: there is nothing to change. */
  readonly change: Remake | undefined;
  /** Made or changed, in the order of what was found. */
  readonly objects: readonly number[];
  readonly warnings: readonly string[];
}

/**
 * A seed keeps its id and its prompts. Of the objects that limited the run each is replaced by its parts, the first of which keeps its
 * id; a part belongs to the first of them that holds its first voxel. What the old objects are in other frames and outside the region
 * stays theirs, and one that nothing was found of stays as it was.
 * @throws labels_too_many
 */
export function classicalChange(state: SessionState, found: readonly FoundObject[], order: ChangeOrder): ClassicalChange {
  const { frame, within, seeds } = order;
  const ownerOf = ownersOf(state, order);
  const grown = new Set<number>();
  const replaced = new Set<number>();
  const kept = new Set<number>();
  const givenIds = found.map(({ seed, masks }) => {
    const owner = ownerOf(masks[0]!);
    if (owner !== undefined) replaced.add(owner);
    if (seed !== undefined) grown.add(seed);
    if (seed !== undefined || owner === undefined || kept.has(owner)) return seed;
    kept.add(owner);
    return owner;
  });
  const made = newObjectIds(state, givenIds.filter((id) => id === undefined).length).values();
  const ids = givenIds.map((id) => id ?? made.next().value!);
  const changed = [...replaced, ...grown];
  const masks = [...found.flatMap((object, nth) => object.masks.map((mask) => ({ ...mask, objectId: ids[nth]! }))), ...changed.flatMap((id) => outside(masksIn(state, id, frame), order.region))];
  const prompts = [
    ...[...replaced].map((objectId) => ({ objectId, prompts: [...(state.objects.get(objectId)?.prompts.values() ?? [])].filter(({ cut }) => cut.t !== frame) })),
    ...found.flatMap((object, nth): PromptedObject[] => (object.seed === undefined ? promptedBy(ids[nth]!, object.masks, order) : [])),
  ];
  const objects = [...new Set(ids)];
  return {
    change: found.length === 0 ? undefined : {
      kind: "classical",
      removes: { masks: changed.map((objectId) => ({ objectId, t: frame })), prompts: [...replaced] },
      prompts: prompts.filter((one) => one.prompts.length > 0),
      masks: oneEachPlane(masks, new Set(changed)),
    },
    objects,
    warnings: [
      ...within.filter((id) => !replaced.has(id)).map((id) => `Nothing was found in object ${id}; it stays as it was.`),
      ...seeds.filter((id) => !grown.has(id)).map((id) => `Seed ${id} grew to nothing, for no voxel of it is in the mask; it stays as it was.`),
    ],
  };
}

/** The masks of an object in one frame. */
export function masksIn(state: SessionState, objectId: number, frame: number): Mask[] {
  return [...(state.objects.get(objectId)?.masks.values() ?? [])].map((held) => held.mask).filter((mask) => mask.t === frame);
}

/** Which of the objects that limited the run holds the first voxel of a mask. */
function ownersOf(state: SessionState, { within, frame }: ChangeOrder): (first: Mask) => number | undefined {
  if (within.length === 0) return () => undefined;
  const drawn = drawnObjects(within.map((id) => masksIn(state, id, frame)), [0, 0, 0]);
  return ({ index, box: [left, top], bits }) => {
    const byte = bits.findIndex((value) => value !== 0);
    const x = left + byte * 8 + Math.clz32(bits[byte]!) - 24;
    return within[drawn.numbers({ start: [index, top, x], end: [index + 1, top + 1, x + 1] })[0]! - 1];
  };
}

/** What of the masks lies outside the region, on z planes. */
function outside(masks: readonly Mask[], { start: [z0, y0, x0], end: [z1, y1, x1] }: Box3): Mask[] {
  return masksAsZPlanes(masks).flatMap((mask) => {
    if (mask.index < z0 || mask.index >= z1) return [mask];
    const { box, data } = unpackMask(mask);
    const width = box[2] - box[0];
    for (let v = Math.max(box[1], y0); v < Math.min(box[3], y1); v++) {
      const [u0, u1] = [Math.max(box[0], x0), Math.min(box[2], x1)];
      if (u0 < u1) data.fill(0, (v - box[1]) * width + u0 - box[0], (v - box[1]) * width + u1 - box[0]);
    }
    const left = packMask({ box, data });
    const { roi: _roi, geojson: _geojson, ...plain } = mask;
    return left.area === 0 ? [] : [{ ...plain, ...left }];
  });
}

/** Only what an old object is outside the region can meet what was found, and only under its own id. */
function oneEachPlane(masks: readonly Mask[], changed: ReadonlySet<number>): Mask[] {
  const old = new Map<number, Mask[]>([...changed].map((id) => [id, []]));
  for (const mask of masks) old.get(mask.objectId)?.push(mask);
  return [...masks.filter((mask) => !changed.has(mask.objectId)), ...[...old].flatMap(([id, own]) => joinMasks(own, id))];
}

/** One prompt, on the slice where the object is largest, the first of equal ones. */
function promptedBy(objectId: number, masks: readonly Mask[], { prompts, frame: t, c, width, height }: ChangeOrder): PromptedObject[] {
  if (prompts === "none") return [];
  const largest = masks.reduce((best, mask) => (mask.area > best.area ? mask : best));
  return [{ objectId, prompts: [{ cut: { axis: "z", index: largest.index, t, c }, parts: promptOf(largest, prompts, width, height) }] }];
}

/** The mask itself, or a box one pixel wider than it where the plane goes on: networks are used to boxes with some air. */
export function promptOf({ box, bits }: Mask, as: "box" | "mask", width: number, height: number): HeldPrompt["parts"] {
  if (as === "mask") return { mask: { box, bits } };
  return { box: [Math.max(0, box[0] - 1), Math.max(0, box[1] - 1), Math.min(width, box[2] + 1), Math.min(height, box[3] + 1)] };
}
