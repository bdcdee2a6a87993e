// Connected components of a binary volume, from runs of voxels instead of voxels.
// He, Chao and Suzuki, "A Run-Based Two-Scan Labeling Algorithm" (IEEE Trans. Image Processing 17(5), 2008), here in 3D and with one
// union-find over runs (Tarjan and van Leeuwen's path halving, the smaller root stays root): runs are numbered in raster order, so a
// component's root is the run that its first voxel lies in, and numbering the roots as they come numbers components in raster order.
import type { Connectivity, Size3 } from "./size3.ts";

export interface Components {
  /** `[z, y, x]`, 0 outside, 1..count inside. */
  readonly labels: Uint32Array<ArrayBuffer>;
  readonly count: number;
}

/** Runs at least this long are painted by `fill`, whose call costs more than painting a shorter one voxel by voxel. */
const longRun = 48;

/**
 * Components numbered 1..count in raster order of their first voxels.
 * Memory: the answer (4 bytes a voxel) and 12 bytes a run, twice that while the tables grow: up to 6 a voxel where runs of one voxel fill the volume.
 * @param inside `[z, y, x]`, 0 = outside; fewer than 2^31 voxels
 * @param connectivity which voxels hang together: 6 by faces, 18 by edges too, 26 by corners too
 * @param value if given, the inside is where `inside` has this value (0 gives the components of the background)
 */
export function labelComponents(inside: Uint8Array, size: Size3, connectivity: Connectivity, value?: number): Components {
  const runs = componentRuns(inside, size, connectivity, value);
  const labels = new Uint32Array(inside.length);
  paintRunsInto(labels, runs, size[2]);
  return { labels, count: runs.count };
}

/**
 * Writes each run's label; what lies between the runs stays as it is.
 * @param labels `[z, y, x]`, of the size whose runs these are
 * @param numbers if given, `numbers[label]` is written instead: labels of blocks may be painted once, when what they are in the whole is known
 */
export function paintRunsInto(labels: Uint32Array, { bounds, rows, labels: ofRuns }: ComponentRuns, width: number, numbers?: Uint32Array): void {
  for (let row = 0, run = 0, first = 0; row + 1 < rows.length; row++, first += width) {
    for (const end = rows[row + 1]!; run < end; run++) {
      const own = ofRuns[run]!;
      const label = numbers === undefined ? own : numbers[own]!;
      const from = first + bounds[2 * run]!;
      const to = first + bounds[2 * run + 1]!;
      if (to - from >= longRun) labels.fill(label, from, to);
      else for (let at = from; at < to; at++) labels[at] = label;
    }
  }
}

/** Components as runs along x, in raster order. */
export interface ComponentRuns {
  /** Start and end (half-open) along x of each run. */
  readonly bounds: Int32Array;
  /** The number of each row's first run; one more entry at the end. */
  readonly rows: Uint32Array;
  /** Of each run, 1..count. */
  readonly labels: Uint32Array;
  readonly count: number;
}

/** As `labelComponents`, without painting. The tables of runs are longer than what they hold. Memory: that of `labelComponents` less its answer. */
export function componentRuns(inside: Uint8Array, size: Size3, connectivity: Connectivity, value?: number): ComponentRuns {
  const { bounds, rows, parent } = joinedRuns(inside, size, connectivity, value);
  const runs = rows[size[0] * size[1]]!;
  let count = 0;
  // A parent comes before its run, so its label is known; labels take the parents' place.
  for (let run = 0; run < runs; run++) {
    const above = parent[run]!;
    parent[run] = above === run ? ++count : parent[above]!;
  }
  return { bounds, rows, labels: parent, count };
}

interface Runs {
  readonly bounds: Int32Array;
  readonly rows: Uint32Array;
  /** Of each run a run of the same component with a smaller number, or itself: its component's first. */
  readonly parent: Uint32Array;
}

function joinedRuns(inside: Uint8Array, [depth, height, width]: Size3, connectivity: Connectivity, value: number | undefined): Runs {
  const rows = new Uint32Array(depth * height + 1);
  const most = width + 1;
  let bounds = new Int32Array(Math.floor(inside.length / 64) + 2 * most);
  let parent = new Uint32Array(bounds.length >> 1);
  // Two rows of n runs in all have fewer than n touching pairs, and a row has four neighbours among those already seen.
  const pairs = new Uint32Array(8 * (width + 2));
  // `inside` by arithmetic, as the touching below: a branch would be guessed wrong at each end of a run.
  const key = value ?? 0;
  const flip = value === undefined ? 0 : 1;
  // How far apart along x two runs of neighbouring rows may be, where the rows share a face and where they share an edge.
  const byFace = connectivity === 6 ? 0 : 1;
  const byEdge = connectivity === 26 ? 1 : 0;
  for (let z = 0, row = 0, first = 0; z < depth; z++) {
    for (let y = 0; y < height; y++, row++, first += width) {
      const from = rows[row]!;
      let bound = 2 * from;
      if (bound + most >= bounds.length) {
        // As many as there will be if the rest is like what has been seen.
        bounds = grown(bounds, new Int32Array(Math.ceil(1.2 * ((bound + most) / (row + 1)) * depth * height) + 2 * most));
        parent = grown(parent, new Uint32Array(bounds.length >> 1));
      }
      let before = 0;
      for (let x = 0; x < width; x++) {
        const here = (((inside[first + x]! ^ key) + 255) >> 8) ^ flip;
        bounds[bound] = x;
        bound += here ^ before;
        before = here;
      }
      bounds[bound] = width;
      bound += before;
      const end = bound >> 1;
      rows[row + 1] = end;
      if (from === end) continue;
      for (let run = from; run < end; run++) parent[run] = run;
      let found = 0;
      const look = { bounds, pairs, from, end };
      if (y > 0) found = touching(look, found, rows[row - 1]!, from, byFace);
      if (z > 0) {
        const below = row - height;
        found = touching(look, found, rows[below]!, rows[below + 1]!, byFace);
        if (y > 0 && connectivity !== 6) found = touching(look, found, rows[below - 1]!, rows[below]!, byEdge);
        if (y < height - 1 && connectivity !== 6) found = touching(look, found, rows[below + 1]!, rows[below + 2]!, byEdge);
      }
      for (let pair = 0; pair < found; pair += 2) {
        if (parent[pairs[pair]!] !== parent[pairs[pair + 1]!]) join(parent, pairs[pair]!, pairs[pair + 1]!);
      }
    }
  }
  return { bounds, rows, parent };
}

function grown<T extends Int32Array | Uint32Array>(old: T, wider: T): T {
  wider.set(old);
  return wider;
}

interface Row {
  readonly bounds: Int32Array;
  /** Two runs each. */
  readonly pairs: Uint32Array;
  /** The row's runs, half-open. */
  readonly from: number;
  readonly end: number;
}

/** Appends the pairs of a run of the row and one of `[otherFrom, otherEnd)`, another row's, that touch: both are swept once. */
function touching({ bounds, pairs, from, end }: Row, already: number, otherFrom: number, otherEnd: number, reach: number): number {
  let found = already;
  let run = from;
  let other = otherFrom;
  while (run < end && other < otherEnd) {
    const stop = bounds[2 * run + 1]!;
    const otherStop = bounds[2 * other + 1]!;
    pairs[found] = run;
    pairs[found + 1] = other;
    // Both differences are negative if each begins before the other ends.
    found += (((bounds[2 * run]! - otherStop - reach) & (bounds[2 * other]! - stop - reach)) >>> 31) << 1;
    // Runs of one row lie apart, so the one that ends first (both, if they end together) touches nothing further on.
    const ahead = stop - otherStop;
    run -= (ahead - 1) >> 31;
    other -= ~ahead >> 31;
  }
  return found;
}

function join(parent: Uint32Array, one: number, other: number): void {
  let a = one;
  let b = other;
  while (parent[a] !== a) {
    parent[a] = parent[parent[a]!]!;
    a = parent[a]!;
  }
  while (parent[b] !== b) {
    parent[b] = parent[parent[b]!]!;
    b = parent[b]!;
  }
  if (a < b) parent[b] = a;
  else parent[a] = b;
}

/** What one pass over labels tells of each: entry `label` of each array; entry 0, the background, stays 0. */
export interface ComponentFacts {
  readonly voxels: Uint32Array;
  /** Six a label: z, y, x of its box's first corner, then of its second, half-open. */
  readonly boxes: Int32Array;
  /** The volume's faces that it touches: 1 for z = 0, 2 for the last z, 4 and 8 along y, 16 and 32 along x. */
  readonly faces: Uint8Array;
}

/**
 * Size, box and touched faces of the labels 1..count. Memory: 29 bytes a label.
 * @param labels `[z, y, x]`, none above `count`
 */
export function componentFacts(labels: Uint32Array, count: number, [depth, height, width]: Size3): ComponentFacts {
  const voxels = new Uint32Array(count + 1);
  const boxes = new Int32Array(6 * (count + 1));
  for (let z = 0, first = 0; z < depth; z++) {
    for (let y = 0; y < height; y++, first += width) {
      const end = first + width;
      for (let at = first; at < end; ) {
        const label = labels[at]!;
        const from = at - first;
        do at++;
        while (at < end && labels[at] === label);
        if (label === 0) continue;
        const box = 6 * label;
        if (voxels[label] === 0) {
          boxes[box] = z;
          boxes[box + 1] = y;
          boxes[box + 2] = from;
        }
        voxels[label]! += at - first - from;
        if (y < boxes[box + 1]!) boxes[box + 1] = y;
        if (from < boxes[box + 2]!) boxes[box + 2] = from;
        boxes[box + 3] = z + 1;
        if (y >= boxes[box + 4]!) boxes[box + 4] = y + 1;
        if (at - first > boxes[box + 5]!) boxes[box + 5] = at - first;
      }
    }
  }
  const faces = new Uint8Array(count + 1);
  const ends = [depth, height, width];
  for (let label = 1; label <= count; label++) {
    if (voxels[label] === 0) continue;
    for (let axis = 0; axis < 3; axis++) {
      if (boxes[6 * label + axis] === 0) faces[label]! |= 1 << (2 * axis);
      if (boxes[6 * label + 3 + axis] === ends[axis]) faces[label]! |= 2 << (2 * axis);
    }
  }
  return { voxels, boxes, faces };
}
