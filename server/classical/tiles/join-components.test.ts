import assert from "node:assert/strict";
import test from "node:test";
import { seededRandom } from "../../../fixtures/make/seeded-random.ts";
import { labelComponents } from "../kernels/components.ts";
import type { Connectivity, Size3 } from "../kernels/size3.ts";
import { copyOverlap, cropped, wholeBox } from "./box3.ts";
import { chunkBox, chunkGrid } from "./chunk-grid.ts";
import type { FieldSources } from "./field.ts";
import { joinComponents } from "./join-components.ts";
import { componentPiece } from "./label-chunk.ts";
import type { NumberedLabels } from "./piece-table.ts";
import { relabelled } from "./relabel.ts";

const connectivities: readonly Connectivity[] = [6, 18, 26];

interface Joined extends NumberedLabels {
  readonly labels: Uint32Array;
  readonly strong: number[];
}

/** Components by chunks that arrive in a seeded order. */
function joined(inside: Uint8Array, size: Size3, connectivity: Connectivity, side: number, seed: number): Joined {
  const grid = chunkGrid(size, side);
  const none = (): never => assert.fail("nothing else is read");
  const sources: FieldSources = { size, raw: (box) => cropped(inside, wholeBox(size), box).slice(), store: none, plane: none };
  const join = joinComponents(grid);
  const own = new Uint32Array(inside.length);
  const random = seededRandom(seed);
  const order = [...Array(grid.chunks).keys()].map((chunk) => ({ chunk, key: random.uniform() })).sort((a, b) => a.key - b.key);
  for (const { chunk } of order) {
    const box = chunkBox(grid, chunk);
    const { piece, labels } = componentPiece({ kind: "components", box, inside: { op: "raw" }, connectivity }, sources);
    join.add(chunk, piece);
    copyOverlap(labels(), box, own, wholeBox(size));
  }
  const strong = join.strong();
  const roots = new Map<number, number>();
  const numbered = join.pieces.number((_, root) => {
    roots.set(root, strong[root]!);
    return true;
  });
  return { ...numbered, labels: relabelled(own, wholeBox(size), numbered.tables), strong: [...roots.values()] };
}

function assertAsWhole(inside: Uint8Array, size: Size3, sides: readonly number[], what: string): void {
  for (const connectivity of connectivities) {
    const whole = labelComponents(inside, size, connectivity);
    const strongWhole = whole.labels.reduce((set, label, at) => (inside[at] === 2 ? set.add(label) : set), new Set<number>()).size;
    for (const side of sides) {
      for (const seed of [1, 2]) {
        const found = joined(inside, size, connectivity, side, seed);
        const where = `${what}, ${connectivity} neighbours, side ${side}, order ${seed}`;
        assert.deepEqual(found.labels, whole.labels, where);
        assert.equal(found.objects.length, whole.count, where);
        assert.equal(found.strong.filter((flag) => flag === 1).length, strongWhole, where);
        for (const { id, voxels, box } of found.objects) {
          assert.equal(cropped(found.labels, wholeBox(size), box).reduce((count, label) => count + Number(label === id), 0), voxels, where);
        }
        assert.equal(found.objects.reduce((sum, { voxels }) => sum + voxels, 0), inside.reduce((sum, value) => sum + Number(value > 0), 0), where);
      }
    }
  }
}

test("a bridge of two voxels across the corner where eight chunks meet, by each of its diagonals", () => {
  const size = [6, 6, 6] as const;
  for (let mask = 0; mask < 8; mask++) {
    const inside = new Uint8Array(216);
    const place = [mask & 1, (mask >> 1) & 1, (mask >> 2) & 1].map((bit) => 2 + bit);
    inside[(place[0]! * 6 + place[1]!) * 6 + place[2]!] = 1;
    inside[((5 - place[0]!) * 6 + 5 - place[1]!) * 6 + 5 - place[2]!] = 1;
    assert.deepEqual(connectivities.map((connectivity) => joined(inside, size, connectivity, 3, mask).objects.length), [2, 2, 1], `diagonal ${mask}`);
    assertAsWhole(inside, size, [1, 2, 3, 6], `diagonal ${mask}`);
  }
});

test("a body that eight chunks cut, with one strong voxel", () => {
  const size = [5, 6, 7] as const;
  const inside = new Uint8Array(5 * 6 * 7).fill(1);
  inside[209] = 2;
  const found = joined(inside, size, 6, 3, 4);
  assert.deepEqual([found.objects, found.strong], [[{ id: 1, voxels: 210, box: { start: [0, 0, 0], end: [5, 6, 7] }, seed: 0 }], [1]]);
});

test("two spirals in each other: joined only after many chunks", () => {
  const side = 19;
  const inside = new Uint8Array(2 * side * side);
  let [y, x, way] = [0, 0, 0];
  const steps = [[0, 1], [1, 0], [0, -1], [-1, 0]] as const;
  const free = (a: number, b: number): boolean => a >= 0 && b >= 0 && a < side && b < side && inside[a * side + b] === 0;
  inside[0] = 1;
  for (let turns = 0; turns < 2;) {
    const [dy, dx] = steps[way]!;
    // Two ahead must be free, or the arms touch.
    if (free(y + dy, x + dx) && (free(y + 2 * dy, x + 2 * dx) || y + 2 * dy < 0 || x + 2 * dx < 0 || y + 2 * dy >= side || x + 2 * dx >= side)) {
      y += dy;
      x += dx;
      inside[y * side + x] = 1;
      turns = 0;
    } else {
      way = (way + 1) % 4;
      turns++;
    }
  }
  inside.set(inside.subarray(0, side * side).map((value) => 1 - value), side * side);
  assert.equal(labelComponents(inside.slice(0, side * side), [1, side, side], 6).count, 1);
  assertAsWhole(inside.slice(0, side * side), [1, side, side], [3, 5, 8, 19], "one arm");
  assertAsWhole(inside, [2, side, side], [3, 4, 7], "both arms");
});

test("seeded volumes of every density", () => {
  for (let seed = 1; seed <= 24; seed++) {
    const random = seededRandom(seed);
    const size: Size3 = [random.whole(1, 8), random.whole(1, 9), random.whole(1, 11)];
    const part = [0.08, 0.2, 0.35, 0.6, 0.9][seed % 5]!;
    const inside = Uint8Array.from({ length: size[0] * size[1] * size[2] }, () => (random.uniform() < part ? (random.uniform() < 0.1 ? 2 : 1) : 0));
    assertAsWhole(inside, size, [1, 3, 4, 5, 11], `seed ${seed}`);
  }
});

test("only the sets that are kept have numbers", () => {
  const size = [1, 1, 9] as const;
  const inside = Uint8Array.of(1, 0, 1, 1, 1, 0, 1, 1, 0);
  const grid = chunkGrid(size, 3);
  const join = joinComponents(grid);
  const sources: FieldSources = { size, raw: (box) => cropped(inside, wholeBox(size), box).slice(), store: () => assert.fail(), plane: () => assert.fail() };
  for (const chunk of [2, 0, 1]) join.add(chunk, componentPiece({ kind: "components", box: chunkBox(grid, chunk), inside: { op: "raw" }, connectivity: 6 }, sources).piece);
  const { objects, tables } = join.pieces.number(({ voxels }, root) => voxels[root]! >= 2);
  assert.deepEqual(objects.map(({ id, voxels }) => [id, voxels]), [[1, 3], [2, 2]]);
  assert.ok(tables.ofChunk[0]!.includes(0) && tables.ofChunk[0]!.includes(1));
});
