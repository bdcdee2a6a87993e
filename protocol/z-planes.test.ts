import assert from "node:assert/strict";
import { test } from "node:test";
import { unpackMask } from "./mask.ts";
import type { Mask } from "./types.ts";
import { masksAsZPlanes } from "./z-planes.ts";
import { maskOfRows } from "../test/mask-of-rows.ts";

function mask(objectId: number, u: number, v: number, rows: readonly string[], at: Partial<Mask> = {}): Mask {
  return maskOfRows(u, v, rows, { objectId, ...at });
}

/** `z y x` of every voxel, from any axis. */
function voxels(masks: readonly Mask[]): string[] {
  const found = new Set<string>();
  for (const one of masks) {
    const { box, data } = unpackMask(one);
    data.forEach((value, at) => {
      const u = box[0] + (at % (box[2] - box[0]));
      const v = box[1] + Math.floor(at / (box[2] - box[0]));
      const [z, y, x] = one.axis === "z" ? [one.index, v, u] : one.axis === "y" ? [v, one.index, u] : [v, u, one.index];
      if (value !== 0) found.add(`${one.objectId} ${one.t} ${z} ${y} ${x}`);
    });
  }
  return [...found].sort();
}

test("a y plane is a row on each z plane, an x plane a column", () => {
  const rows = masksAsZPlanes([mask(1, 5, 2, ["##.", ".##"], { axis: "y", index: 9, t: 3 })]);
  assert.deepEqual(rows.map((one) => [one.axis, one.index, one.t, one.box, [...one.bits]]), [
    ["z", 2, 3, [5, 9, 7, 10], [0b11000000]], ["z", 3, 3, [6, 9, 8, 10], [0b11000000]],
  ]);
  const columns = masksAsZPlanes([mask(1, 5, 2, ["##."], { axis: "x", index: 9 })]);
  assert.deepEqual(columns.map((one) => [one.axis, one.index, one.box, [...one.bits], one.area]), [["z", 2, [9, 5, 10, 7], [0b10000000, 0b10000000], 2]]);
});

test("neighbouring planes of one object join, with the mean of their scores and all warnings", () => {
  const found = masksAsZPlanes([
    mask(4, 0, 1, ["###"], { axis: "y", index: 6, score: 0.8, warnings: ["drift"] }),
    mask(4, 2, 1, ["#"], { axis: "y", index: 8, score: 0.4, warnings: ["drift", "low-score"] }),
    mask(5, 0, 1, ["#"], { axis: "y", index: 7 }),
  ]);
  assert.deepEqual(found.map((one) => [one.objectId, one.box, [...one.bits], one.area]), [
    [4, [0, 6, 3, 9], [0b11100000, 0, 0b00100000], 4], [5, [0, 7, 1, 8], [0b10000000], 1],
  ]);
  assert.ok(Math.abs(found[0]!.score - (3 * 0.8 + 0.4) / 4) < 1e-12);
  assert.deepEqual(found[0]!.warnings, ["drift", "low-score"]);
});

test("z planes pass unchanged, empty masks of other planes vanish", () => {
  const own = mask(2, 0, 0, ["#"], { index: 7 });
  assert.deepEqual(masksAsZPlanes([mask(3, 0, 0, ["."], { axis: "x" }), own]), [own]);
});

test("every voxel stays where it was", () => {
  const masks: Mask[] = [];
  let state = 12;
  for (let nth = 0; nth < 40; nth++) {
    const rows = Array.from({ length: 5 }, () => Array.from({ length: 7 }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state > 2 ** 31 ? "#" : ".";
    }).join(""));
    masks.push(mask(1 + (nth % 4), nth % 9, nth % 5, rows, { axis: (["z", "y", "x"] as const)[nth % 3]!, index: (nth * 7) % 11, t: nth % 2 }));
  }
  const planes = masksAsZPlanes(masks);
  assert.ok(planes.every((one) => one.axis === "z"));
  assert.deepEqual(voxels(planes), voxels(masks));
});
