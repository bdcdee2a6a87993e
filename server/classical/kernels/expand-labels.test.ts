import assert from "node:assert/strict";
import test from "node:test";
import { seededRandom } from "../../../fixtures/make/seeded-random.ts";
import { expandLabels } from "./expand-labels.ts";
import type { Size3 } from "./size3.ts";

/** Every voxel looks at every labelled one. */
function slow(labels: Uint32Array, [depth, height, width]: Size3, [sz, sy, sx]: Size3, distance: number): number[] {
  const places = Array.from(labels, (_, at) => [Math.floor(at / (width * height)), Math.floor(at / width) % height, at % width] as const);
  assert.equal(labels.length, depth * height * width);
  return places.map(([z, y, x], at) => {
    if (labels[at] !== 0) return labels[at]!;
    let [least, label] = [distance * distance + 1e-9, 0];
    for (const [other, [z1, y1, x1]] of places.entries()) {
      if (labels[other] === 0) continue;
      const square = ((x - x1) * sx) ** 2 + ((y - y1) * sy) ** 2 + ((z - z1) * sz) ** 2;
      if (square < least || (square === least && labels[other]! < label)) [least, label] = [square, labels[other]!];
    }
    return label;
  });
}

test("a plane by hand: grown by its distance, and halfway between two the smaller label", () => {
  const labels = Uint32Array.of(0, 0, 0, 0, 0, 4, 0, 0, 0, 2, 0, 0, 0, 0, 0);
  assert.deepEqual([...expandLabels(labels, [1, 3, 5], [1, 1, 1], 1)], [4, 0, 0, 0, 2, 4, 4, 0, 2, 2, 4, 0, 0, 0, 2]);
  assert.deepEqual([...expandLabels(labels, [1, 3, 5], [1, 1, 1], 2)], [4, 4, 0, 2, 2, 4, 4, 2, 2, 2, 4, 4, 0, 2, 2]);
  assert.deepEqual([...expandLabels(labels, [3, 1, 5], [2, 1, 0.5], 1)], [0, 0, 0, 0, 0, 4, 4, 2, 2, 2, 0, 0, 0, 0, 0]);
  assert.deepEqual([...expandLabels(Uint32Array.of(1, 0, 0, 0, 0), [1, 1, 5], [1, 1, 0.1], 0.3)], [1, 1, 1, 1, 0]);
  assert.deepEqual(expandLabels(labels, [1, 3, 5], [1, 1, 1], 0), labels);
});

function seeded(seed: number): { labels: Uint32Array; size: Size3 } {
  const random = seededRandom(seed);
  const size = [random.whole(1, 6), random.whole(1, 9), random.whole(1, 7)] as const;
  return { size, labels: Uint32Array.from({ length: size[0] * size[1] * size[2] }, () => (random.uniform() < 0.06 ? random.whole(1, 5) : 0)) };
}

test("as looking at every labelled voxel; the input is untouched; a flip commutes", () => {
  for (let seed = 1; seed <= 80; seed++) {
    const { labels, size } = seeded(seed);
    const before = labels.slice();
    for (const spacing of [[1, 1, 1], [2, 1, 0.5]] as const) {
      for (const distance of [1.5, 3]) {
        const grown = expandLabels(labels, size, spacing, distance);
        assert.deepEqual([...grown], slow(labels, size, spacing, distance), `seed ${seed}, spacing ${spacing}, distance ${distance}`);
        assert.deepEqual(expandLabels(labels.slice().reverse(), size, spacing, distance), grown.slice().reverse());
      }
    }
    assert.deepEqual(labels, before);
  }
});

test("a block with the distance around it grows as the whole does", () => {
  const random = seededRandom(5);
  const labels = Uint32Array.from({ length: 40 }, () => (random.uniform() < 0.2 ? random.whole(1, 9) : 0));
  const whole = expandLabels(labels, [1, 1, 40], [1, 1, 1], 3);
  for (let from = 3; from + 8 <= 40; from += 5) {
    const block = expandLabels(labels.slice(from - 3, from + 8), [1, 1, 11], [1, 1, 1], 3);
    assert.deepEqual(block.slice(3, 8), whole.slice(from, from + 5));
  }
});
