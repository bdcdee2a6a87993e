// Splits as parts of space: blocks first, then crops, so that crops of different splits are never neighbours.
import { MaskletError } from "#protocol/errors.ts";
import type { Triple } from "#server/volumes/label-reader.ts";
import { splits, type Split } from "./description.ts";
import { shuffled, type Random } from "./seeded-random.ts";

export interface Block {
  readonly source: number;
  readonly start: Triple;
  readonly end: Triple;
  readonly split: Split;
}

export interface SplitSpace {
  readonly blocks: readonly Block[];
  /** The split that a crop may go to; undefined when it lies on, or too near to, a border between two. */
  splitOf(source: number, start: Triple): Split | undefined;
}

export type Parts = Readonly<Record<Split, number>>;

interface Grid {
  readonly extent: Triple;
  readonly counts: Triple;
}

/** A block is so many crops long where there is room: shorter ones lose much to their borders, longer ones mix the splits less. */
const roomy = 1.6;

/**
 * Every source is cut into equal blocks that have room for a crop and its distance to both sides; those that hold objects, then the empty
 * ones, are dealt in a random order to whichever split lacks most voxels. A crop belongs to a split when the box around it, half the margin wider, meets no other's block.
 * Then boxes of different splits are at least the margin apart along an axis: half of it lies on each side of a border.
 * @param extents `[z, y, x]` of the sources
 * @param margin voxels
 * @param holds whether a box of a source has an object in it
 * @throws dataset_impossible when there are fewer blocks than splits
 */
export function splitSpace(extents: readonly Triple[], crop: Triple, margin: number, parts: Parts, holds: (source: number, start: Triple, size: Triple) => boolean, random: Random): SplitSpace {
  const half = Math.ceil(margin / 2);
  const wanted = splits.filter((split) => parts[split] > 0);
  let grids = extents.map((extent) => gridOf(extent, crop, half, roomy));
  if (blockCount(grids) < 2 * wanted.length) grids = extents.map((extent) => gridOf(extent, crop, half, 1));
  const boxes = grids.flatMap(({ extent, counts }, source) => blocksOf(extent, counts).map((box) => ({ source, ...box })));
  if (boxes.length < wanted.length) {
    const sizes = extents.map((extent) => extent.join(" x ")).join(", ");
    throw MaskletError.of("dataset_impossible", { why: `crops of ${crop.join(" x ")} voxels with ${margin} between splits leave room for ${boxes.length} of ${wanted.length} splits in ${sizes} (z x y x x)` });
  }
  // Only what a crop can show of a block whose neighbours are another split's.
  const isFull = ({ source, start, end }: Omit<Block, "split">): boolean => {
    const low = start.map((at) => (at === 0 ? 0 : at + half));
    const size = end.map((at, axis) => (at === extents[source]![axis] ? at : at - half) - low[axis]!);
    return holds(source, [low[0]!, low[1]!, low[2]!], [size[0]!, size[1]!, size[2]!]);
  };
  const full = new Set(boxes.filter(isFull));
  const owners = new Map([...deal([...full], wanted, parts, random), ...deal(boxes.filter((box) => !full.has(box)), wanted, parts, random)]);
  const blocks = boxes.map((box) => ({ ...box, split: owners.get(box)! }));
  const bySource = grids.map((grid, source) => ({ ...grid, owners: blocks.filter((block) => block.source === source).map((block) => block.split) }));

  return {
    blocks,
    splitOf: (source, start) => {
      const { extent, counts, owners } = bySource[source]!;
      const ranges = start.map((at, axis) => {
        const low = Math.max(0, at - half);
        const high = Math.min(extent[axis]!, at + crop[axis]! + half) - 1;
        return [blockAt(low, extent[axis]!, counts[axis]!), blockAt(high, extent[axis]!, counts[axis]!)] as const;
      });
      let found: Split | undefined;
      for (let z = ranges[0]![0]; z <= ranges[0]![1]; z++) {
        for (let y = ranges[1]![0]; y <= ranges[1]![1]; y++) {
          for (let x = ranges[2]![0]; x <= ranges[2]![1]; x++) {
            const owner = owners[(z * counts[1] + y) * counts[2] + x]!;
            if (found !== undefined && owner !== found) return undefined;
            found = owner;
          }
        }
      }
      return found;
    },
  };
}

function gridOf(extent: Triple, crop: Triple, half: number, room: number): Grid {
  const along = (axis: 0 | 1 | 2): number => Math.max(1, Math.floor(extent[axis] / Math.ceil(room * (crop[axis] + 2 * half))));
  return { extent, counts: [along(0), along(1), along(2)] };
}

function blockCount(grids: readonly Grid[]): number {
  return grids.reduce((sum, { counts }) => sum + counts[0] * counts[1] * counts[2], 0);
}

/** Borders lie at whole voxels, so that blocks differ by one voxel at most. */
function borderAt(nth: number, extent: number, count: number): number {
  return Math.floor((nth * extent) / count);
}

function blockAt(index: number, extent: number, count: number): number {
  const guess = Math.min(count - 1, Math.floor((index * count) / extent));
  return index >= borderAt(guess + 1, extent, count) ? guess + 1 : index < borderAt(guess, extent, count) ? guess - 1 : guess;
}

function blocksOf(extent: Triple, counts: Triple): { start: Triple; end: Triple }[] {
  const blocks: { start: Triple; end: Triple }[] = [];
  const border = (nth: number, axis: 0 | 1 | 2): number => borderAt(nth, extent[axis], counts[axis]);
  for (let z = 0; z < counts[0]; z++) {
    for (let y = 0; y < counts[1]; y++) {
      for (let x = 0; x < counts[2]; x++) blocks.push({ start: [border(z, 0), border(y, 1), border(x, 2)], end: [border(z + 1, 0), border(y + 1, 1), border(x + 1, 2)] });
    }
  }
  return blocks;
}

/** The smallest split takes first, so that each has a block; then whoever lacks most. */
function deal(boxes: readonly Omit<Block, "split">[], wanted: readonly Split[], parts: Parts, random: Random): Map<Omit<Block, "split">, Split> {
  const voxels = (box: Omit<Block, "split">): number => box.end.reduce((product, end, axis) => product * (end - box.start[axis]!), 1);
  const total = boxes.reduce((sum, box) => sum + voxels(box), 0);
  const whole = wanted.reduce((sum, split) => sum + parts[split], 0);
  const lacks = new Map(wanted.map((split) => [split, (total * parts[split]) / whole]));
  const without = new Set([...wanted].sort((a, b) => parts[a] - parts[b]));
  const owners = new Map<Omit<Block, "split">, Split>();
  for (const box of shuffled(boxes, random)) {
    const next = [...without][0] ?? [...lacks].reduce((most, one) => (one[1] > most[1] ? one : most))[0];
    without.delete(next);
    lacks.set(next, lacks.get(next)! - voxels(box));
    owners.set(box, next);
  }
  return owners;
}
