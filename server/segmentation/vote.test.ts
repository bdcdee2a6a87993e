import assert from "node:assert/strict";
import test from "node:test";
import type { Axis, Mask } from "#protocol/types.ts";
import { maskOfRows } from "../../test/mask-of-rows.ts";
import { seededRandom } from "../../fixtures/make/seeded-random.ts";
import { drawInto, planeBits } from "./voxels.ts";
import { vote } from "./vote.ts";

const shape = { t: 1, c: 1, z: 3, y: 4, x: 6 };
const whole = { start: [0, 0, 0], size: [3, 4, 6] } as const;
const on = (axis: Axis, index: number, u: number, v: number, rows: readonly string[], score = 0.5): Mask => maskOfRows(u, v, rows, { axis, index, score });

test("by hand: what two of three found is kept, what hangs alone is not, and the dispute is told", () => {
  const z = [on("z", 1, 0, 0, ["##...#", "##...#"], 0.9)];
  // Along y, row 0: x 0..2 on z 1; row 1: x 1 on z 1 and 2. Along x, column 5: y 0 and 1 on z 1.
  const y = [on("y", 0, 0, 1, ["###"], 0.3), on("y", 1, 1, 1, ["#", "#"], 0.6)];
  const x = [on("x", 5, 0, 1, ["##"], 0.5)];
  const found = [{ axis: "z", masks: z }, { axis: "y", masks: y }, { axis: "x", masks: x }] as const;
  const told = vote({ found, votes: 2, anchors: z, shape });
  // Voted: (1,0,0) (1,0,1) (1,1,1) and, far off, (1,0,5) (1,1,5): all are anchors here.
  assert.equal(told.kept, 5);
  assert.deepEqual([told.sizes, told.common, told.disputed, told.worst], [[6, 5, 2], [3, 2, 0], 8, { index: 1, voxels: 7 }]);
  const anchored = vote({ found, votes: 2, anchors: [on("z", 1, 0, 0, ["##"])], shape });
  assert.deepEqual(anchored.masks, [{ ...on("z", 1, 0, 0, ["##", ".#"]), score: anchored.masks[0]!.score }]);
  assert.ok(Math.abs(anchored.masks[0]!.score - (0.9 + 0.3 + 0.9 + 0.3 + 0.9 + 0.6) / 6) < 1e-12);
  assert.equal(vote({ found, votes: 3, anchors: z, shape }).kept, 0);
  assert.deepEqual(vote({ found, votes: 1, anchors: [on("z", 2, 1, 1, ["#"])], shape }).masks.map(({ index, area }) => [index, area]), [[1, 5], [2, 1]]);
});

test("planes outside the range are left out, and nothing found is nothing agreed on", () => {
  const found = [{ axis: "z", masks: [on("z", 0, 0, 0, ["##"]), on("z", 1, 0, 0, ["##"])] }, { axis: "y", masks: [on("y", 0, 0, 0, ["##", "##", "##"])] }] as const;
  const told = vote({ found, votes: 2, anchors: found[0].masks, within: { axis: "z", range: { start: 1, end: 3 } }, shape });
  assert.deepEqual([told.kept, told.disputed, told.sizes], [2, 2, [2, 4]]);
  assert.equal(vote({ found, votes: 2, anchors: found[0].masks, within: { axis: "y", range: { start: 2, end: 3 } }, shape }).kept, 0);
  assert.deepEqual(vote({ found: [{ axis: "z", masks: [] }, { axis: "x", masks: [] }], votes: 1, anchors: [], shape }), { masks: [], kept: 0, disputed: 0, sizes: [0, 0], common: [0], worst: undefined });
});

test("on seeded voxels as counting voxel by voxel, whichever axis masks come from", () => {
  for (let seed = 1; seed <= 40; seed++) {
    const random = seededRandom(seed);
    const volumes = (["z", "y", "x"] as const).map((axis) => ({ axis, data: Uint8Array.from({ length: 72 }, () => Number(random.uniform() < 0.6)) }));
    const found = volumes.map(({ axis, data }) => ({
      axis,
      masks: Array.from({ length: shape[axis] }, (_, index): Mask => ({ objectId: 1, axis, index, t: 0, score: 0.5, ...planeBits(whole, axis, index, (at) => data[at] !== 0) })),
    }));
    const votes = 1 + (seed % 3);
    const told = vote({ found, votes, anchors: found.flatMap(({ masks }) => masks), shape });
    const sums = Array.from({ length: 72 }, (_, at) => volumes.reduce((sum, { data }) => sum + data[at]!, 0));
    const kept = new Uint8Array(72);
    drawInto(kept, whole, told.masks, 1);
    assert.deepEqual([...kept], sums.map((sum) => Number(sum >= votes)), `seed ${seed}: everything is anchored, so the vote alone decides`);
    assert.equal(told.disputed, sums.filter((sum) => sum === 1 || sum === 2).length);
    assert.deepEqual(told.sizes, volumes.map(({ data }) => data.reduce((sum, value) => sum + value, 0)));
    assert.equal(told.common[1], volumes[0]!.data.reduce((sum, value, at) => sum + (value & volumes[2]!.data[at]!), 0));
  }
});
