import assert from "node:assert/strict";
import test from "node:test";
import { MaskletError } from "#protocol/errors.ts";
import { reframe, unpackMask } from "#protocol/mask.ts";
import { traceOutline } from "#server/exports/outline.ts";
import { seededMasks } from "../../test/oracles/seeded-masks.ts";
import { fillRings } from "./fill-rings.ts";

const shown = (rings: number[][], width: number, height: number): string[] => {
  const { data } = reframe(fillRings(rings.map((ring) => Float64Array.from(ring)), width, height, "outline"), [0, 0, width, height]);
  return Array.from({ length: height }, (_, y) => Array.from(data.subarray(y * width, (y + 1) * width), (value) => (value === 1 ? "#" : ".")).join(""));
};

test("a pixel is inside when its centre is; rings within rings are holes", () => {
  assert.deepEqual(shown([[1, 1, 4, 1, 4, 3, 1, 3]], 5, 4), [".....", ".###.", ".###.", "....."]);
  assert.deepEqual(shown([[0, 0, 5, 0, 5, 4, 0, 4], [1, 1, 3, 1, 3, 3, 1, 3]], 5, 4), ["#####", "#..##", "#..##", "#####"]);
  assert.deepEqual(shown([[0, 0, 4, 0, 0, 4]], 5, 4), ["####.", "###..", "##...", "#...."]);
  // Edges through centres: right and upper ones hold them.
  assert.deepEqual(shown([[0.5, 0.5, 2.5, 0.5, 2.5, 2.5, 0.5, 2.5]], 4, 4), [".##.", ".##.", "....", "...."]);
});

test("what lies off the plane is cut away, and nothing is no pixel", () => {
  assert.deepEqual(shown([[-1e9, -1e9, 1e9, -1e9, 1e9, 2, -1e9, 2]], 3, 3), ["###", "###", "..."]);
  assert.deepEqual(shown([[7, 7, 9, 7, 9, 9]], 3, 2), ["...", "..."]);
  assert.deepEqual(shown([[], [1, 1]], 3, 2), ["...", "..."]);
});

test("filling an outline gives back the mask it was traced from", () => {
  for (const { what, mask } of [1, 2, 3].flatMap((seed) => seededMasks(seed, { u: 3, v: 5, width: 37, height: 29 }))) {
    const rings = traceOutline(unpackMask(mask)).flatMap((part) => [part.shell, ...part.holes]).map((ring) => Float64Array.from(ring));
    const filled = fillRings(rings, 60, 50, "outline");
    assert.deepEqual(reframe(filled, mask.box).data, reframe(unpackMask(mask), mask.box).data, what);
    assert.equal(filled.data.reduce((sum, value) => sum + value, 0), mask.area, what);
  }
});

test("outlines that lie are refused", () => {
  const refused = (says: RegExp) => (fault: unknown): boolean => fault instanceof MaskletError && fault.code === "dataset_invalid" && says.test(fault.message);
  assert.throws(() => fillRings([Float64Array.of(0, 0, NaN, 3, 2, 2)], 5, 5, "a.roi"), refused(/a\.roi.*NaN/));
  assert.throws(() => fillRings([Float64Array.of(0, 0, Infinity, 3, 2, 2)], 5, 5, "a.roi"), refused(/Infinity/));
  const comb = Float64Array.from({ length: 8000 }, (_, at) => (at % 2 === 0 ? at : at % 4 === 1 ? 0 : 60_000));
  assert.throws(() => fillRings([comb], 60_000, 60_000, "comb.roi"), refused(/maxOutlineCrossings/));
});
