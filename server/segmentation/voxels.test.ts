import assert from "node:assert/strict";
import test from "node:test";
import { limits } from "#protocol/limits.ts";
import { maskOfRows } from "../../test/mask-of-rows.ts";
import { joinMasks } from "./join-masks.ts";
import { drawInto, planeBits, spanAround } from "./voxels.ts";
import { promptCentre } from "./prompt-centre.ts";

const shape = { t: 1, c: 1, z: 4, y: 5, x: 6 };

test("masks of every axis land on the same voxels, and come back as planes of any axis", () => {
  // The voxels (z, y, x) = (2, 1, 3) and (2, 2, 3).
  const z = maskOfRows(3, 1, ["#", "#"], { axis: "z", index: 2 });
  const x = maskOfRows(1, 2, ["##"], { axis: "x", index: 3 });
  const y = [1, 2].map((index) => maskOfRows(3, 2, ["#"], { axis: "y", index }));
  for (const masks of [[z], [x], y]) {
    const span = spanAround(masks, shape, 0)!;
    assert.deepEqual(span, { start: [2, 1, 3], size: [1, 2, 1] });
    const wide = spanAround(masks, shape, 3)!;
    assert.deepEqual(wide, { start: [0, 0, 0], size: [4, 5, 6] });
    const data = new Uint8Array(120);
    drawInto(data, wide, masks, 2);
    assert.deepEqual([...data.keys()].filter((at) => data[at] === 2), [(2 * 5 + 1) * 6 + 3, (2 * 5 + 2) * 6 + 3]);
    const plane = (axis: "z" | "y" | "x", index: number) => planeBits(wide, axis, index, (at) => data[at] !== 0);
    assert.deepEqual(plane("z", 2), { box: z.box, bits: z.bits, area: 2 });
    assert.deepEqual(plane("x", 3), { box: x.box, bits: x.bits, area: 2 });
    assert.deepEqual(plane("y", 1), { box: y[0]!.box, bits: y[0]!.bits, area: 1 });
    assert.equal(plane("y", 3).area, 0);
  }
});

test("a span that cuts masks takes what lies in it", () => {
  const mask = maskOfRows(1, 1, ["####", "#..#", "####"], { index: 1 });
  const span = { start: [1, 2, 2], size: [2, 2, 2] } as const;
  const data = new Uint8Array(8);
  drawInto(data, span, [mask, { ...mask, index: 0 }], 1);
  assert.deepEqual([...data], [0, 0, 1, 1, 0, 0, 0, 0]);
});

test("nothing is drawn of nothing, and a box beyond the limit is refused before memory is taken", () => {
  assert.equal(spanAround([maskOfRows(0, 0, ["."])], shape, 1), undefined);
  const far = [maskOfRows(0, 0, ["#"]), maskOfRows(60_000, 60_000, ["#"], { index: 3 })];
  assert.throws(() => spanAround(far, { ...shape, x: 65_000, y: 65_000 }, 0), { code: "too_large", details: { what: "box around the object, in voxels,", size: 4 * 60_001 ** 2, limit: limits.maxObjectVoxels, limitName: "maxObjectVoxels" } });
});

test("joined masks: one a plane, scores by area, warnings of all, the channel where it is one", () => {
  const a = maskOfRows(0, 0, ["##"], { objectId: 3, index: 1, score: 0.9, c: 0, warnings: ["drift"] });
  const b = maskOfRows(1, 0, ["###", "###"], { objectId: 7, index: 1, score: 0.5, c: 1, warnings: ["drift", "low-score"] });
  const alone = maskOfRows(2, 2, ["#"], { objectId: 7, index: 0, score: 0.25, c: 1, roi: new Uint8Array([1]) });
  const column = maskOfRows(4, 1, ["#"], { objectId: 7, axis: "y", index: 3, score: 1 });
  const whole = maskOfRows(0, 0, ["####", ".###"], { objectId: 3, index: 1, score: 0.6, warnings: ["drift", "low-score"] });
  assert.deepEqual(joinMasks([a, b, alone], 3), [maskOfRows(2, 2, ["#"], { objectId: 3, index: 0, score: 0.25, c: 1 }), whole]);
  assert.deepEqual(joinMasks([column, a], 3).map(({ axis, index, box, area }) => [axis, index, box, area]), [["z", 1, [0, 0, 5, 4], 3]]);
  assert.deepEqual(joinMasks([{ ...a, t: 1 }, a], 3).map(({ t }) => t), [0, 1]);
});

test("what a prompt is about", () => {
  const on = (axis: "z" | "y" | "x") => ({ axis, index: 4 });
  assert.deepEqual(promptCentre({ cut: on("z"), parts: { points: [[9, 9, 0], [2.5, 1.9, 1]], box: [0, 0, 9, 9] } }), [4, 1, 2]);
  assert.deepEqual(promptCentre({ cut: on("y"), parts: { box: [0, 0, 9, 5] } }), [2, 4, 4]);
  assert.deepEqual(promptCentre({ cut: on("x"), parts: { polygon: [[0, 0], [6, 0], [6, 4], [0, 4]] } }), [2, 3, 4]);
  assert.deepEqual(promptCentre({ cut: on("z"), parts: { mask: maskOfRows(5, 6, ["##", ".#"]) } }), [4, 6, 6]);
});
