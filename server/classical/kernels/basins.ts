// The basins of a map: every inside voxel belongs to the peak that steepest ascent leads it to. Basins of a block and the saddles between
// them, with what is needed to go on in the neighbouring blocks.
// Steepest ascent gives a watershed by the drop-of-water principle; merging its basins along the highest saddles gives the same cuts as
// flooding does (Cousty et al., "Watershed Cuts: Minimum Spanning Forests and the Drop of Water Principle", IEEE TPAMI 31, 2009).
import type { Size3 } from "./size3.ts";

/** Bin i begins at `from + i step`; the last one has no end, and what is below `from` is in none. */
export interface HeightBins {
  readonly from: number;
  readonly step: number;
  readonly count: number;
}

export interface BasinBlock {
  /** The map `[z, y, x]` over the block: the core, and one voxel around it where the volume goes on. */
  readonly map: Float32Array;
  /** 0 = outside. */
  readonly inside: Uint8Array;
  /** 0, or the number of the seed a voxel belongs to: it is a peak of its own, and neighbours climb to it first. */
  readonly seeds?: Uint32Array | undefined;
  readonly size: Size3;
  /** Where the core lies in the block. */
  readonly coreStart: Size3;
  readonly coreSize: Size3;
  /** Heights that each basin's voxels are counted by. */
  readonly bins: HeightBins;
}

export interface Basins {
  /** `[z, y, x]` over the core: 1..count, 0 outside. Numbered in raster order of their first voxels. */
  readonly labels: Uint32Array<ArrayBuffer>;
  readonly count: number;
  /** For each basin (number 1 first): the height of its peak; -Infinity where the way leads out of the core. */
  readonly peak: Float32Array;
  /** Flat index in the block of its peak, or of the voxel outside the core that its voxels climb to. */
  readonly summit: Uint32Array;
  readonly voxels: Uint32Array;
  /** Voxels in each bin of heights, `bins.count` numbers a basin. */
  readonly heights: Uint32Array;
  readonly seed: Uint32Array;
  /** Pairs of basins that meet inside the core, and the highest place where they do: the least of the two voxels' heights. */
  readonly edges: { readonly a: Uint32Array; readonly b: Uint32Array; readonly saddle: Float32Array };
}

/**
 * Neighbours are those by faces. Of equally high voxels the one with the lower index counts as higher, so that a plateau has one order
 * whatever block it is seen in; parts of a plateau are joined again at a saddle as high as they are.
 * Memory: 4 bytes a voxel of the block, the answer, and 12 bytes for each pair of basins.
 */
export function basinsOf({ map, inside, seeds, size, coreStart, coreSize, bins }: BasinBlock): Basins {
  const [depth, height, width] = size;
  const plane = height * width;
  const [z0, y0, x0] = coreStart;
  const [cores, rows, columns] = coreSize;
  const labels = new Uint32Array(cores * rows * columns);
  // Position + 1 of the voxel that each core voxel climbs to, its own where it is a peak; 0: not looked at, which ends a way as well. A voxel
  // whose basin is known has minus the number of that.
  const up = new Int32Array(map.length);
  const steps = [-plane, -width, -1, 1, width, plane];
  for (let z = z0; z < z0 + cores; z++) {
    for (let y = y0; y < y0 + rows; y++) {
      const within = z > 0 && y > 0 && y + 1 < height && z + 1 < depth;
      for (let x = x0, at = (z * height + y) * width + x0; x < x0 + columns; x++, at++) {
        if (inside[at] === 0) continue;
        if (seeds !== undefined && seeds[at] !== 0) {
          up[at] = at + 1;
          continue;
        }
        const hasAll = within && x > 0 && x + 1 < width;
        let best = at;
        let top = map[at]!;
        for (let side = 0; side < 6; side++) {
          if (!hasAll && (side === 0 ? z === 0 : side === 1 ? y === 0 : side === 2 ? x === 0 : side === 3 ? x + 1 === width : side === 4 ? y + 1 === height : z + 1 === depth)) continue;
          const near = at + steps[side]!;
          if (inside[near] === 0) continue;
          const value = seeds !== undefined && seeds[near] !== 0 ? Infinity : map[near]!;
          if (value > top || (value === top && near < best)) {
            best = near;
            top = value;
          }
        }
        up[at] = best + 1;
      }
    }
  }
  // Seeds have one number each, wherever they are.
  const numbers = new Map<number, number>();
  const found = createFacts(bins.count);
  for (let z = 0, to = 0; z < cores; z++) {
    for (let y = 0; y < rows; y++) {
      for (let x = 0, at = ((z + z0) * height + y + y0) * width + x0; x < columns; x++, at++, to++) {
        if (inside[at] === 0) continue;
        let summit = at;
        while (up[summit]! > 0 && up[summit] !== summit + 1) summit = up[summit]! - 1;
        let number = -up[summit]!;
        if (number <= 0) {
          const seed = seeds === undefined ? 0 : seeds[summit]!;
          const leaves = number === 0;
          const known = seed === 0 || leaves ? undefined : numbers.get(seed);
          number = known ?? found.add(leaves ? -Infinity : seed === 0 ? map[summit]! : Infinity, summit, leaves ? 0 : seed);
          if (seed !== 0 && !leaves) numbers.set(seed, number);
          up[summit] = -number;
        }
        // The whole way gets the number, so that no way is gone twice.
        for (let step = at; up[step]! > 0;) {
          const next = up[step]! - 1;
          up[step] = -number;
          step = next;
        }
        labels[to] = number;
        const over = map[at]! - bins.from;
        found.count(number, over >= 0 ? Math.min(bins.count - 1, Math.floor(over / bins.step)) : -1);
      }
    }
  }
  return { labels, ...found.done(), edges: edgesOf(labels, coreSize, { map, size, coreStart }) };
}

function createFacts(bins: number) {
  let capacity = 1024;
  let count = 0;
  let peak = new Float32Array(capacity);
  let summit = new Uint32Array(capacity);
  let voxels = new Uint32Array(capacity);
  let heights = new Uint32Array(capacity * bins);
  let seed = new Uint32Array(capacity);
  const grow = (): void => {
    capacity *= 2;
    const wider = <T extends Float32Array | Uint32Array>(old: T, made: T): T => (made.set(old), made);
    peak = wider(peak, new Float32Array(capacity));
    summit = wider(summit, new Uint32Array(capacity));
    voxels = wider(voxels, new Uint32Array(capacity));
    heights = wider(heights, new Uint32Array(capacity * bins));
    seed = wider(seed, new Uint32Array(capacity));
  };
  return {
    add: (top: number, at: number, ofSeed: number): number => {
      if (count === capacity) grow();
      peak[count] = top;
      summit[count] = at;
      seed[count] = ofSeed;
      return ++count;
    },
    count: (number: number, bin: number): void => {
      voxels[number - 1]!++;
      if (bin >= 0) heights[(number - 1) * bins + bin]!++;
    },
    done: () => ({ count, peak: peak.slice(0, count), summit: summit.slice(0, count), voxels: voxels.slice(0, count), heights: heights.slice(0, count * bins), seed: seed.slice(0, count) }),
  };
}

/** Highest saddle of each pair of labels that meet by faces, in an open hash table. */
function edgesOf(labels: Uint32Array, [depth, height, width]: Size3, block: { map: Float32Array; size: Size3; coreStart: Size3 }): Basins["edges"] {
  const table = createPairs();
  const plane = height * width;
  for (let z = 0, at = 0; z < depth; z++) {
    for (let y = 0; y < height; y++) {
      const shift = ((z + block.coreStart[0]) * block.size[1] + y + block.coreStart[1]) * block.size[2] + block.coreStart[2] - (z * height + y) * width;
      for (let x = 0; x < width; x++, at++) {
        const own = labels[at]!;
        if (own === 0) continue;
        const value = block.map[at + shift]!;
        if (x + 1 < width) {
          const other = labels[at + 1]!;
          if (other !== own && other !== 0) table.raise(own, other, Math.min(value, block.map[at + shift + 1]!));
        }
        if (y + 1 < height) {
          const other = labels[at + width]!;
          if (other !== own && other !== 0) table.raise(own, other, Math.min(value, block.map[at + shift + block.size[2]]!));
        }
        if (z + 1 < depth) {
          const other = labels[at + plane]!;
          if (other !== own && other !== 0) table.raise(own, other, Math.min(value, block.map[at + shift + block.size[1] * block.size[2]]!));
        }
      }
    }
  }
  return table.done();
}

function createPairs() {
  let capacity = 4096;
  let count = 0;
  let a = new Uint32Array(capacity);
  let b = new Uint32Array(capacity);
  let saddle = new Float32Array(capacity);
  const slot = (low: number, high: number): number => {
    let at = (Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b)) >>> 0;
    for (at = (at ^ (at >>> 15)) & (capacity - 1); a[at] !== 0 && (a[at] !== low || b[at] !== high);) at = (at + 1) & (capacity - 1);
    return at;
  };
  const grow = (): void => {
    const old = { a, b, saddle };
    capacity *= 2;
    a = new Uint32Array(capacity);
    b = new Uint32Array(capacity);
    saddle = new Float32Array(capacity);
    for (let at = 0; at < old.a.length; at++) {
      if (old.a[at] === 0) continue;
      const to = slot(old.a[at]!, old.b[at]!);
      a[to] = old.a[at]!;
      b[to] = old.b[at]!;
      saddle[to] = old.saddle[at]!;
    }
  };
  return {
    raise: (one: number, other: number, value: number): void => {
      const low = Math.min(one, other);
      const high = Math.max(one, other);
      const at = slot(low, high);
      if (a[at] === 0) {
        a[at] = low;
        b[at] = high;
        saddle[at] = value;
        if (++count * 2 > capacity) grow();
      } else if (value > saddle[at]!) saddle[at] = value;
    },
    done: (): Basins["edges"] => {
      const kept = { a: new Uint32Array(count), b: new Uint32Array(count), saddle: new Float32Array(count) };
      for (let at = 0, to = 0; at < capacity; at++) {
        if (a[at] === 0) continue;
        kept.a[to] = a[at]!;
        kept.b[to] = b[at]!;
        kept.saddle[to++] = saddle[at]!;
      }
      return kept;
    },
  };
}
