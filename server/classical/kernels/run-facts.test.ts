import assert from "node:assert/strict";
import test from "node:test";
import { seededRandom } from "../../../fixtures/make/seeded-random.ts";
import { componentRuns, labelComponents } from "./components.ts";
import { labelFacts } from "./label-facts.ts";
import { paintPartInto, runFacts, runLabels } from "./run-facts.ts";
import type { Size3 } from "./size3.ts";

const size: Size3 = [2, 3, 4];
const inside = Uint8Array.of(
  1, 1, 0, 1,
  0, 0, 0, 1,
  1, 0, 0, 0,

  0, 1, 0, 0,
  0, 0, 0, 0,
  1, 1, 1, 0,
);

test("a part by hand: runs are cut where it ends, and a label that lies elsewhere has zeros", () => {
  const runs = componentRuns(inside, size, 6);
  const part = { start: [0, 0, 1], end: [2, 2, 4] } as const;
  assert.deepEqual([...runLabels(runs, size, part)], [1, 0, 2, 0, 0, 2, 1, 0, 0, 0, 0, 0]);
  const { voxels, first, box } = runFacts(runs, size, part);
  assert.deepEqual([[...voxels], [...first]], [[2, 2, 0], [0, 2, 0]]);
  assert.deepEqual([...box], [0, 0, 0, 2, 1, 1, 0, 0, 2, 1, 2, 3, 0, 0, 0, 0, 0, 0]);
  const out = new Uint8Array(12).fill(7);
  paintPartInto(out, runs, size, part, Uint8Array.of(0, 9, 0));
  assert.deepEqual([...out], [0, 7, 9, 7, 7, 9, 0, 7, 7, 7, 7, 7]);
});

test("as painting all and looking at it", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = seededRandom(seed);
    const whole: Size3 = [random.whole(1, 5), random.whole(1, 6), random.whole(1, 130)];
    const mask = Uint8Array.from({ length: whole[0] * whole[1] * whole[2] }, () => Number(random.uniform() < (seed % 2 === 0 ? 0.4 : 0.97)));
    const start: Size3 = [random.whole(0, whole[0] - 1), random.whole(0, whole[1] - 1), random.whole(0, whole[2] - 1)];
    const end: Size3 = [random.whole(start[0] + 1, whole[0]), random.whole(start[1] + 1, whole[1]), random.whole(start[2] + 1, whole[2])];
    const side: Size3 = [end[0] - start[0], end[1] - start[1], end[2] - start[2]];
    const { labels, count } = labelComponents(mask, whole, 26);
    const expected = Uint32Array.from({ length: side[0] * side[1] * side[2] }, (_, at) => labels[((Math.floor(at / (side[1] * side[2])) + start[0]) * whole[1] + (Math.floor(at / side[2]) % side[1]) + start[1]) * whole[2] + (at % side[2]) + start[2]]!);
    const runs = componentRuns(mask, whole, 26);
    assert.deepEqual(runLabels(runs, whole, { start, end }), expected, `seed ${seed}`);
    assert.deepEqual(runFacts(runs, whole, { start, end }), labelFacts(expected, side, count), `seed ${seed}`);
  }
});
