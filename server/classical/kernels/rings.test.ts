import assert from "node:assert/strict";
import test from "node:test";
import { kinds, seededVoxels } from "../../../test/neighbourhood-laws.ts";
import { columnMedians, ringProfile, subtractProfile } from "./rings.ts";
import type { Size3, Voxels } from "./size3.ts";
import { gaussianSmooth } from "./smooth.ts";

function slow(values: Voxels, [depth, height, width]: Size3): number[] {
  return Array.from({ length: height * width }, (_, at) => {
    const column = Array.from({ length: depth }, (_, z) => values[z * height * width + at]!).sort((a, b) => a - b);
    return Math.fround((column[depth >> 1]! + column[(depth - 1) >> 1]!) / 2);
  });
}

test("medians by hand: of three, and of four the mean of the middle two", () => {
  assert.deepEqual([...columnMedians(Uint8Array.of(1, 200, 9, 100, 4, 255), [3, 1, 2])], [4, 200]);
  assert.deepEqual([...columnMedians(Float32Array.of(1, -8, 2, -4, 3, -2, 4, -1), [4, 2, 1])], [2.5, -3]);
});

test("as sorting each column, for any number of planes", () => {
  for (const [seed, kind] of (["uint8", "uint16", "float32"] as const).entries()) {
    for (const size of [[1, 3, 5], [2, 1, 40], [5, 7, 3], [64, 5, 6], [300, 2, 9], [513, 1, 3]] as const) {
      const values = seededVoxels(seed, kind, size[0] * size[1] * size[2]);
      const before = values.slice();
      assert.deepEqual([...columnMedians(values, size)], slow(values, size), `${kind} ${size.join(" x ")}`);
      assert.deepEqual(values, before);
    }
    const ends = seededVoxels(seed, kind, 300).map((value) => (value > kinds[kind] / 3 ? kinds[kind] : 0));
    assert.deepEqual([...columnMedians(ends, [100, 1, 3])], slow(ends, [100, 1, 3]));
  }
});

test("an area that takes several strips", () => {
  const size = [65, 130, 101] as const;
  const values = seededVoxels(8, "uint16", 65 * 130 * 101);
  assert.deepEqual([...columnMedians(values, size)], slow(values, size));
});

test("a line along z is found and taken away; what changes along z stays", () => {
  const size = [9, 15, 17] as const;
  const clean = Float32Array.from({ length: 9 * 15 * 17 }, (_, at) => (Math.floor(at / 255) === 4 && at % 17 < 8 ? 50 : 20));
  const line = 7 * 17 + 9;
  const values = clean.map((value, at) => (at % 255 === line ? value + 5 : value));
  const profile = ringProfile(values, size, 3);
  assert.ok(profile[line]! > 4.8);
  const found = subtractProfile(values, size, profile);
  for (let z = 0; z < 9; z++) assert.ok(Math.abs(found[z * 255 + line]! - clean[z * 255 + line]!) < 0.2);
  assert.deepEqual(values, clean.map((value, at) => (at % 255 === line ? value + 5 : value)));
});

test("the profile is the median less its Gaussian, and a part of it serves a part of the volume", () => {
  const size = [4, 5, 6] as const;
  const values = seededVoxels(2, "uint8", 120);
  const medians = columnMedians(values, size);
  const smooth = gaussianSmooth(medians, [1, 5, 6], [0, 2, 2]);
  assert.deepEqual(ringProfile(values, size, 2), medians.map((value, at) => value - smooth[at]!));
  assert.deepEqual([...subtractProfile(Uint8Array.of(5, 6, 7, 8), [2, 1, 2], Float32Array.of(1, -1))], [4, 7, 6, 9]);
});
