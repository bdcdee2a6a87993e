import assert from "node:assert/strict";
import test from "node:test";
import { seededRandom } from "../../../fixtures/make/seeded-random.ts";
import { reconstruct } from "./reconstruct.ts";
import type { Connectivity, Size3 } from "./size3.ts";

/** Dilates once and cuts to the mask, again and again. */
function slow(marker: Float32Array, mask: Float32Array, [depth, height, width]: Size3, connectivity: Connectivity): number[] {
  const place = (at: number): number[] => [Math.floor(at / (width * height)), Math.floor(at / width) % height, at % width];
  const near = Array.from(mask.keys(), (at) => Array.from(mask.keys()).filter((other) => {
    const away = place(at).map((one, axis) => Math.abs(one - place(other)[axis]!));
    return Math.max(...away) <= 1 && away[0]! + away[1]! + away[2]! <= (connectivity === 6 ? 1 : connectivity === 18 ? 2 : 3);
  }));
  assert.equal(mask.length, depth * height * width);
  let grown = Array.from(marker, (value, at) => Math.min(value, mask[at]!));
  for (;;) {
    const next = grown.map((_, at) => Math.min(mask[at]!, Math.max(...near[at]!.map((other) => grown[other]!))));
    if (next.every((value, at) => value === grown[at])) return next;
    grown = next;
  }
}

test("a row by hand: the marker fills what it reaches, up to the mask", () => {
  const mask = Float32Array.of(1, 5, 3, 6, 0, 9);
  assert.deepEqual([...reconstruct(Float32Array.of(0, 4, 0, 0, 0, 0), mask, [1, 1, 6], 6, "dilation")], [1, 4, 3, 3, 0, 0]);
  assert.deepEqual([...reconstruct(Float32Array.of(9, 9, 9, 9, 9, 9), mask, [1, 1, 6], 6, "erosion")], [9, 9, 9, 9, 9, 9]);
  assert.deepEqual([...reconstruct(Float32Array.of(9, 5, 9, 9, 9, 9), mask, [1, 1, 6], 6, "erosion")], [5, 5, 5, 6, 6, 9]);
});

test("a marker above its mask counts as the mask", () => {
  const mask = Uint8Array.of(2, 1, 3, 0);
  assert.deepEqual([...reconstruct(Uint8Array.of(9, 0, 0, 0), mask, [1, 2, 2], 6, "dilation")], [2, 1, 2, 0]);
});

for (const connectivity of [6, 18, 26] as const) {
  test(`${connectivity} neighbours: as dilating under the mask until nothing changes; erosion is that of the negatives; the inputs are untouched`, () => {
    for (let seed = 1; seed <= 30; seed++) {
      const random = seededRandom(seed);
      const size = [random.whole(1, 4), random.whole(1, 6), random.whole(1, 7)] as const;
      const mask = Float32Array.from({ length: size[0] * size[1] * size[2] }, () => random.whole(-5, 5));
      const marker = mask.map((value) => value - random.whole(0, 7));
      const before = [mask.slice(), marker.slice()];
      const grown = reconstruct(marker, mask, size, connectivity, "dilation");
      assert.deepEqual(Array.from(grown), slow(marker, mask, size, connectivity), `seed ${seed}`);
      const eroded = reconstruct(marker.map((value) => -value), mask.map((value) => -value), size, connectivity, "erosion");
      assert.ok(eroded.every((value, at) => value === -grown[at]!));
      assert.deepEqual(reconstruct(grown, mask, size, connectivity, "dilation"), grown);
      assert.deepEqual([mask, marker], before);
    }
  });
}

test("a long winding path, which neither scan follows", () => {
  // Walls (0) with one gap each, alternately at either end, in a plane of 41 x 21.
  const mask = Float32Array.from({ length: 41 * 21 }, (_, at) => {
    const [y, x] = [Math.floor(at / 41), at % 41];
    return y % 2 === 0 || x === (y % 4 === 1 ? 40 : 0) ? 7 : 0;
  });
  const marker = new Float32Array(mask.length);
  marker[20 * 41 + 20] = 7;
  assert.deepEqual(reconstruct(marker, mask, [1, 21, 41], 6, "dilation"), mask);
});
