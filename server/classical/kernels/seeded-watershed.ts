// Parts a volume among seeds by flooding a map from high to low.
// Priority flood after Meyer, "Un algorithme optimal de ligne de partage des eaux" (1991): of all voxels beside what is flooded, the
// one reached at the highest level comes next, of equal ones the one reached first; what lies behind it is reached no higher
// than that. No dam lines: every voxel that can be reached belongs to a seed.
import type { Connectivity, Size3 } from "./size3.ts";

/**
 * @param map `[z, y, x]`, flooded where it is above 0; no NaN
 * @param seeds `[z, y, x]`, 0 or the seed's label; seeds outside what is flooded keep their voxels and spread no further
 * @param neighbours by faces alone, by edges too, or by corners too
 * @returns labels, 0 where no seed reaches. The same input gives the same labels: equal seeds flood in rising order of position
 * Memory: the answer and 16 bytes a flooded voxel.
 */
export function seededWatershed(map: Float32Array, seeds: Uint32Array, size: Size3, neighbours: Connectivity): Uint32Array<ArrayBuffer> {
  const [depth, height, width] = size;
  const labels = Uint32Array.from(seeds);
  let capacity = 0;
  for (let at = 0; at < map.length; at++) if (map[at]! > 0) capacity++;
  const steps = neighbours === 6 ? 1 : neighbours === 18 ? 2 : 3;
  const queue = createQueue(capacity);
  for (let at = 0; at < map.length; at++) if (labels[at] !== 0 && map[at]! > 0) queue.push(at, map[at]!);
  while (queue.size() > 0) {
    const level = queue.level();
    const at = queue.pop();
    const label = labels[at]!;
    const x = at % width;
    const y = ((at - x) / width) % height;
    const z = Math.floor(at / (width * height));
    const [zEnd, yEnd, xEnd] = [Math.min(z + 1, depth - 1), Math.min(y + 1, height - 1), Math.min(x + 1, width - 1)];
    for (let z1 = Math.max(z - 1, 0); z1 <= zEnd; z1++) {
      for (let y1 = Math.max(y - 1, 0); y1 <= yEnd; y1++) {
        const row = (z1 * height + y1) * width;
        for (let near = row + Math.max(x - 1, 0); near <= row + xEnd; near++) {
          if (labels[near] !== 0 || !(map[near]! > 0)) continue;
          if (steps < 3 && Math.abs(z1 - z) + Math.abs(y1 - y) + Math.abs(near - row - x) > steps) continue;
          labels[near] = label;
          queue.push(near, Math.min(level, map[near]!));
        }
      }
    }
  }
  return labels;
}

interface Queue {
  size(): number;
  /** Of the entry that `pop` gives next. */
  level(): number;
  push(at: number, level: number): void;
  pop(): number;
}

/** A binary heap: the highest level first, of equal ones the first pushed. */
function createQueue(capacity: number): Queue {
  const levels = new Float32Array(capacity);
  const turns = new Uint32Array(capacity);
  const places = new Uint32Array(capacity);
  let size = 0;
  let turn = 0;
  const set = (to: number, level: number, own: number, at: number): void => {
    levels[to] = level;
    turns[to] = own;
    places[to] = at;
  };
  const before = (level: number, own: number, other: number): boolean => level > levels[other]! || (level === levels[other] && own < turns[other]!);
  return {
    size: () => size,
    level: () => levels[0]!,
    push: (at, level) => {
      const own = turn++;
      let hole = size++;
      while (hole > 0) {
        const up = (hole - 1) >> 1;
        if (!before(level, own, up)) break;
        set(hole, levels[up]!, turns[up]!, places[up]!);
        hole = up;
      }
      set(hole, level, own, at);
    },
    pop: () => {
      const first = places[0]!;
      size--;
      const level = levels[size]!;
      const own = turns[size]!;
      const at = places[size]!;
      let hole = 0;
      for (let down = 1; down < size; down = 2 * hole + 1) {
        if (down + 1 < size && before(levels[down + 1]!, turns[down + 1]!, down)) down++;
        if (!(down < size) || before(level, own, down)) break;
        set(hole, levels[down]!, turns[down]!, places[down]!);
        hole = down;
      }
      if (size > 0) set(hole, level, own, at);
      return first;
    },
  };
}
