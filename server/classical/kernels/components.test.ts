import assert from "node:assert/strict";
import test from "node:test";
import { seededRandom } from "../../../fixtures/make/seeded-random.ts";
import { componentFacts, componentRuns, labelComponents, paintRunsInto } from "./components.ts";
import type { Connectivity, Size3 } from "./size3.ts";

const connectivities = [6, 18, 26] as const;

/** One text a row, one list a plane; `#` is inside. */
const inside = (...rows: string[]): Uint8Array => Uint8Array.from(rows.join(""), (mark) => (mark === "#" ? 1 : 0));

/** Fills component after component, in raster order, by looking at all neighbours of one voxel after another. */
function slow(given: Uint8Array, [depth, height, width]: Size3, connectivity: Connectivity): { labels: Uint32Array; count: number } {
  const labels = new Uint32Array(given.length);
  let count = 0;
  for (let start = 0; start < given.length; start++) {
    if (given[start] === 0 || labels[start] !== 0) continue;
    labels[start] = ++count;
    for (const open = [start]; open.length > 0; ) {
      const at = open.pop()!;
      const [z, y, x] = [Math.floor(at / (width * height)), Math.floor(at / width) % height, at % width];
      for (let near = 0; near < given.length; near++) {
        const away = [Math.abs(Math.floor(near / (width * height)) - z), Math.abs((Math.floor(near / width) % height) - y), Math.abs((near % width) - x)];
        const steps = away.reduce((sum, one) => sum + one);
        if (Math.max(...away) > 1 || steps > (connectivity === 6 ? 1 : connectivity === 18 ? 2 : 3) || given[near] === 0 || labels[near] !== 0) continue;
        labels[near] = count;
        open.push(near);
      }
    }
  }
  assert.equal(given.length, depth * height * width);
  return { labels, count };
}

function seeded(seed: number): { data: Uint8Array; size: Size3 } {
  const random = seededRandom(seed);
  const size = [random.whole(1, 4), random.whole(1, 6), random.whole(1, 9)] as const;
  const part = random.between(0.1, 0.7);
  return { size, data: Uint8Array.from({ length: size[0] * size[1] * size[2] }, () => (random.uniform() < part ? random.whole(1, 255) : 0)) };
}

test("two planes by hand: a face, an edge and a corner join what hangs together by them", () => {
  const data = inside("##..", "..#.", "...#", "....", "...#", "#...");
  assert.deepEqual([...labelComponents(data, [2, 3, 4], 6).labels], [1, 1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 4, 5, 0, 0, 0]);
  assert.deepEqual([...labelComponents(data, [2, 3, 4], 18).labels], [1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0]);
  const corner = inside("#..", "...", "...", ".#.");
  assert.equal(labelComponents(corner, [2, 2, 3], 18).count, 2);
  assert.deepEqual(labelComponents(corner, [2, 2, 3], 26), { count: 1, labels: Uint32Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0) });
});

test("a comb whose teeth meet late is one component from its first voxel on", () => {
  assert.deepEqual([...labelComponents(inside("#.#.#", "#.#.#", "#####"), [1, 3, 5], 6).labels], [1, 0, 1, 0, 1, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1]);
});

test("runs by hand, and painted under other numbers over what is there", () => {
  const runs = componentRuns(inside("##.#", "....", "#..#"), [1, 3, 4], 6);
  assert.equal(runs.count, 4);
  assert.deepEqual([...runs.rows], [0, 2, 2, 4]);
  assert.deepEqual([...runs.bounds.subarray(0, 8)], [0, 2, 3, 4, 0, 1, 3, 4]);
  assert.deepEqual([...runs.labels.subarray(0, 4)], [1, 2, 3, 4]);
  const labels = new Uint32Array(12).fill(7);
  paintRunsInto(labels, runs, 4, Uint32Array.of(0, 90, 80, 90, 60));
  assert.deepEqual([...labels], [90, 90, 7, 80, 7, 7, 7, 7, 90, 7, 7, 60]);
});

test("nothing, everything, one voxel, and no voxel at all", () => {
  for (const connectivity of connectivities) {
    assert.deepEqual(labelComponents(new Uint8Array(24), [2, 3, 4], connectivity), { count: 0, labels: new Uint32Array(24) });
    assert.deepEqual(labelComponents(new Uint8Array(24).fill(7), [2, 3, 4], connectivity), { count: 1, labels: new Uint32Array(24).fill(1) });
    assert.deepEqual(labelComponents(Uint8Array.of(1), [1, 1, 1], connectivity), { count: 1, labels: Uint32Array.of(1) });
    assert.deepEqual(labelComponents(new Uint8Array(0), [0, 3, 4], connectivity), { count: 0, labels: new Uint32Array(0) });
  }
});

for (const connectivity of connectivities) {
  test(`${connectivity} neighbours: as filling one component after another, also of one value, and the input is untouched`, () => {
    for (let seed = 1; seed <= 150; seed++) {
      const { data, size } = seeded(seed);
      const before = data.slice();
      assert.deepEqual(labelComponents(data, size, connectivity), slow(data, size, connectivity), `seed ${seed}`);
      for (const value of [0, data[0]!]) {
        assert.deepEqual(labelComponents(data, size, connectivity, value), slow(data.map((one) => Number(one === value)), size, connectivity), `seed ${seed}, value ${value}`);
      }
      assert.deepEqual(data, before);
    }
  });
}

test("the finest patterns: single voxels everywhere, and stripes, whose runs outgrow what is set aside for them", () => {
  const size = [6, 7, 41] as const;
  const board = Uint8Array.from({ length: 6 * 7 * 41 }, (_, at) => (Math.floor(at / (7 * 41)) + (Math.floor(at / 41) % 7) + (at % 41)) % 2);
  assert.deepEqual(labelComponents(board, size, 6).count, board.reduce((sum, one) => sum + one));
  assert.deepEqual(labelComponents(board, size, 18).count, 1);
  const stripes = Uint8Array.from(board, (_, at) => (at % 41) % 2);
  for (const connectivity of connectivities) assert.deepEqual(labelComponents(stripes, size, connectivity), slow(stripes, size, connectivity));
});

test("a flipped volume has the same components, numbered anew", () => {
  for (let seed = 200; seed < 230; seed++) {
    const { data, size } = seeded(seed);
    const straight = labelComponents(data, size, 26);
    const flipped = labelComponents(data.slice().reverse(), size, 26);
    const pairs = new Set(Array.from(straight.labels, (label, at) => `${label} ${flipped.labels[data.length - 1 - at]}`));
    assert.equal(straight.count, flipped.count);
    assert.equal(pairs.size, straight.count + (data.includes(0) ? 1 : 0));
  }
});

test("facts by hand: voxels, boxes, and the faces touched", () => {
  const labels = Uint32Array.of(0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 3, 0, 0, 0);
  const facts = componentFacts(labels, 3, [2, 3, 4]);
  assert.deepEqual([...facts.voxels], [0, 3, 0, 1]);
  assert.deepEqual([...facts.boxes], [0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 2, 3, 0, 0, 0, 0, 0, 0, 1, 2, 0, 2, 3, 1]);
  assert.deepEqual([...facts.faces], [0, 1 + 2, 0, 2 + 8 + 16]);
});

test("facts as looking at each label's voxels", () => {
  for (let seed = 300; seed < 340; seed++) {
    const { data, size } = seeded(seed);
    const { labels, count } = labelComponents(data, size, 6);
    const facts = componentFacts(labels, count, size);
    for (let label = 1; label <= count; label++) {
      const places = Array.from(labels.keys()).filter((at) => labels[at] === label).map((at) => [Math.floor(at / (size[1] * size[2])), Math.floor(at / size[2]) % size[1], at % size[2]]);
      const box = [0, 1, 2].map((axis) => Math.min(...places.map((place) => place[axis]!))).concat([0, 1, 2].map((axis) => Math.max(...places.map((place) => place[axis]!)) + 1));
      assert.equal(facts.voxels[label], places.length);
      assert.deepEqual([...facts.boxes.subarray(6 * label, 6 * label + 6)], box);
      assert.deepEqual([1, 2, 4, 8, 16, 32].map((bit) => (facts.faces[label]! & bit) > 0), [box[0] === 0, box[3] === size[0], box[1] === 0, box[4] === size[1], box[2] === 0, box[5] === size[2]]);
    }
  }
});
