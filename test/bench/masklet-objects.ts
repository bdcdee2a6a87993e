// Which of a volume's true objects are followed, and what is said of each: a box around it, or one click, on its middle slice.
import type { Box, PixelBox, PromptParts } from "#protocol/types.ts";
import type { Raster } from "#protocol/mask.ts";
import type { Size3 } from "#server/classical/kernels/size3.ts";
import { seededRandom } from "../../fixtures/make/seeded-random.ts";
import { deepestPixel } from "./deepest-pixel.ts";

/** Smaller ones are decided by a voxel or two. */
const least = { voxels: 150, slices: 5 };
/** Of the four around the slices: what is cut more often is mostly elsewhere. Where a stack begins and ends, many an object does not. */
const mostSides = 1;

export interface TrueObject {
  readonly id: number;
  readonly voxels: number;
  /** Its pixels on each slice that has any. */
  readonly slices: ReadonlyMap<number, Raster>;
  /** The slice on which half of its voxels are reached. */
  readonly middle: number;
}

export interface Choice {
  readonly chosen: readonly TrueObject[];
  /** How many there are, and of them how many are too small or cut by several sides of the slices. */
  readonly all: number;
  readonly small: number;
  readonly cut: number;
}

/** The same for the same seed. @param truth `[z, y, x]` ids, 0 = ground @param most objects */
export function chooseObjects(truth: ArrayLike<number>, size: Size3, most: number, seed: number): Choice {
  const facts = factsOf(truth, size);
  const large = facts.filter(({ voxels, slices }) => voxels >= least.voxels && slices >= least.slices);
  const fit = large.filter((object) => sidesTouched(object, size) <= mostSides);
  const random = seededRandom(seed);
  const drawn = fit.map((object) => ({ object, turn: random.uniform() })).sort((a, b) => a.turn - b.turn).slice(0, most).map(({ object }) => object);
  const chosen = drawn.sort((a, b) => a.id - b.id).map((object) => trueObject(object, truth, size));
  return { chosen, all: facts.length, small: facts.length - large.length, cut: large.length - fit.length };
}

/** Exactly around the object. */
export function boxPrompt({ slices, middle }: TrueObject): PromptParts {
  const [u0, v0, u1, v1] = slices.get(middle)!.box;
  const box: Box = [u0, v0, u1, v1];
  return { box };
}

/** Where the object is deepest. @param size of the volume: what a side of it cuts is not thinner there */
export function clickPrompt({ slices, middle }: TrueObject, [, height, width]: Size3): PromptParts {
  const [u, v] = deepestPixel(slices.get(middle)!, { width, height })!;
  return { points: [[u + 0.5, v + 0.5, 1]] };
}

interface Facts {
  readonly id: number;
  voxels: number;
  slices: number;
  lastSlice: number;
  /** Half-open. */
  readonly start: [number, number, number];
  readonly end: [number, number, number];
}

/** In rising order of id. */
function factsOf(truth: ArrayLike<number>, [depth, height, width]: Size3): Facts[] {
  const found = new Map<number, Facts>();
  for (let z = 0, at = 0; z < depth; z++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++, at++) {
        const id = truth[at]!;
        if (id === 0) continue;
        let facts = found.get(id);
        if (facts === undefined) found.set(id, (facts = { id, voxels: 0, slices: 0, lastSlice: -1, start: [z, y, x], end: [0, 0, 0] }));
        facts.voxels++;
        if (facts.lastSlice !== z) facts.slices++;
        facts.lastSlice = z;
        const [start, end] = [facts.start, facts.end];
        if (y < start[1]) start[1] = y;
        if (x < start[2]) start[2] = x;
        end[0] = z + 1;
        if (y >= end[1]) end[1] = y + 1;
        if (x >= end[2]) end[2] = x + 1;
      }
    }
  }
  return [...found.values()].sort((a, b) => a.id - b.id);
}

function sidesTouched({ start, end }: Facts, size: Size3): number {
  return [1, 2].reduce((sum, axis) => sum + Number(start[axis] === 0) + Number(end[axis] === size[axis]), 0);
}

function trueObject({ id, voxels, start, end }: Facts, truth: ArrayLike<number>, [, height, width]: Size3): TrueObject {
  const slices = new Map<number, Raster>();
  let middle: number | undefined;
  for (let z = start[0], passed = 0; z < end[0]; z++) {
    const tight: [number, number, number, number] = [width, height, 0, 0];
    for (let y = start[1]; y < end[1]; y++) {
      for (let x = start[2], at = (z * height + y) * width + x; x < end[2]; x++, at++) {
        if (truth[at] !== id) continue;
        passed++;
        if (x < tight[0]) tight[0] = x;
        if (y < tight[1]) tight[1] = y;
        if (x >= tight[2]) tight[2] = x + 1;
        if (y >= tight[3]) tight[3] = y + 1;
      }
    }
    if (tight[2] > 0) slices.set(z, sliceOf(truth, id, z, tight, height, width));
    if (2 * passed >= voxels) middle ??= z;
  }
  return { id, voxels, slices, middle: middle! };
}

function sliceOf(truth: ArrayLike<number>, id: number, z: number, box: PixelBox, height: number, width: number): Raster {
  const data = new Uint8Array((box[2] - box[0]) * (box[3] - box[1]));
  for (let y = box[1], to = 0; y < box[3]; y++) {
    for (let x = box[0], at = (z * height + y) * width + x; x < box[2]; x++, at++, to++) data[to] = Number(truth[at] === id);
  }
  return { box, data };
}
