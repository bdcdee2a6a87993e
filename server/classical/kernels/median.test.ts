import assert from "node:assert/strict";
import test from "node:test";
import { assertNeighbourhoodLaws, kinds, seededVoxels } from "../../../test/neighbourhood-laws.ts";
import { sourceIndex } from "./border.ts";
import { medianFilter } from "./median.ts";
import type { Border, Size3, Voxels } from "./size3.ts";

/** The definition: the box gathered and sorted. */
function slow(values: Voxels, size: Size3, radius: number, border: Border, constant: number): number[] {
  const offsets = Array.from({ length: 2 * radius + 1 }, (_, at) => at - radius);
  return Array.from(values, (_, at) => {
    const place = [Math.floor(at / (size[1] * size[2])), Math.floor(at / size[2]) % size[1], at % size[2]] as const;
    const box = offsets.flatMap((dz) => offsets.flatMap((dy) => offsets.map((dx) => {
      const [z, y, x] = [sourceIndex(place[0] + dz, size[0], border), sourceIndex(place[1] + dy, size[1], border), sourceIndex(place[2] + dx, size[2], border)];
      return z < 0 || y < 0 || x < 0 ? constant : values[(z * size[1] + y) * size[2] + x]!;
    })));
    return box.sort((a, b) => a - b)[box.length >> 1]!;
  });
}

test("one row by hand: a speck goes, a step stays", () => {
  assert.deepEqual([...medianFilter(Uint8Array.of(1, 1, 9, 1, 1, 7, 7, 7), [1, 1, 8], 1)], [1, 1, 1, 1, 1, 7, 7, 7]);
  assert.deepEqual([...medianFilter(Float32Array.of(-1, -1, 9.5, -1, -2), [5, 1, 1], 1)], [-1, -1, -1, -1, -2]);
});

for (const [kind, most] of Object.entries(kinds)) {
  test(`as sorting each box, ${kind}`, () => {
    for (const [seed, border] of (["replicate", "reflect", "constant", "wrap"] as const).entries()) {
      for (const [size, radius] of [[[3, 5, 4], 1], [[1, 6, 21], 1], [[4, 1, 2], 1], [[3, 4, 5], 2], [[1, 5, 7], 3], [[2, 2, 2], 0]] as const) {
        const values = seededVoxels(seed, kind === "uint8" ? "uint8" : kind === "uint16" ? "uint16" : "float32", size[0] * size[1] * size[2]);
        const found = medianFilter(values, size, radius, border, most / 5);
        assert.deepEqual([...found], slow(values, size, radius, border, most / 5), `${border} ${size.join(" x ")} radius ${radius}`);
      }
    }
  });
}

test("few values, many ties, extremes of the type", () => {
  const values = Uint8Array.from(seededVoxels(5, "uint8", 6 * 7 * 8), (value) => [0, 1, 254, 255][value & 3]!);
  for (const radius of [1, 2]) assert.deepEqual([...medianFilter(values, [6, 7, 8], radius)], slow(values, [6, 7, 8], radius, "replicate", 0));
  const wide = Uint16Array.from(values, (value) => value * 257);
  for (const radius of [1, 2]) assert.deepEqual([...medianFilter(wide, [6, 7, 8], radius)], slow(wide, [6, 7, 8], radius, "replicate", 0));
  const floats = Float32Array.from(values, (value) => [-Infinity, -1e-40, 3, Infinity][value & 3]!);
  for (const radius of [1, 2]) assert.deepEqual([...medianFilter(floats, [6, 7, 8], radius)], slow(floats, [6, 7, 8], radius, "replicate", 0));
});

test("laws of a neighbourhood", () => {
  assertNeighbourhoodLaws({ reach: 1, exchangeTolerance: 0, filter: (values, size) => medianFilter(values, size, 1) });
  assertNeighbourhoodLaws({ reach: 2, exchangeTolerance: 0, filter: (values, size) => medianFilter(values, size, 2) });
});
