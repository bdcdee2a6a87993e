import assert from "node:assert/strict";
import test from "node:test";
import { seededRandom } from "../../../fixtures/make/seeded-random.ts";
import { openLabels } from "./open-labels.ts";
import type { Size3 } from "./size3.ts";

/** Every ball is tried at every voxel. */
function slow(labels: Uint32Array, [depth, height, width]: Size3, [sz, sy, sx]: Size3, radius: number): number[] {
  const places = Array.from(labels, (_, at) => [Math.floor(at / (width * height)), Math.floor(at / width) % height, at % width] as const);
  const near = (at: number): number[] => Array.from(labels.keys()).filter((other) => {
    const [[z, y, x], [z1, y1, x1]] = [places[at]!, places[other]!];
    return ((x - x1) * sx) ** 2 + ((y - y1) * sy) ** 2 + ((z - z1) * sz) ** 2 <= radius * radius + 1e-9;
  });
  const opened = new Array<number>(depth * height * width).fill(0);
  for (const [at, label] of labels.entries()) {
    const ball = near(at);
    if (label !== 0 && ball.every((other) => labels[other] === label)) for (const other of ball) opened[other] = label;
  }
  return opened;
}

test("a plane by hand: a bridge goes, bodies stay, neighbours are not touched, the edge thins nothing", () => {
  const labels = Uint32Array.of(0, 3, 0, 0, 0, 5, 5, 3, 3, 3, 0, 0, 5, 5, 0, 3, 0, 3, 3, 5, 5);
  assert.deepEqual([...openLabels(labels, [1, 3, 7], [1, 1, 1], 1)], [0, 3, 0, 0, 0, 5, 5, 3, 3, 3, 0, 0, 5, 5, 0, 3, 0, 0, 0, 5, 5]);
  assert.deepEqual(openLabels(labels, [1, 3, 7], [1, 1, 1], 0), labels);
});

test("nothing, and everything", () => {
  assert.deepEqual(openLabels(new Uint32Array(24), [2, 3, 4], [1, 1, 1], 2), new Uint32Array(24));
  assert.deepEqual(openLabels(new Uint32Array(24).fill(9), [2, 3, 4], [1, 1, 1], 2), new Uint32Array(24).fill(9));
});

function seeded(seed: number): { labels: Uint32Array; size: Size3 } {
  const random = seededRandom(seed);
  const size = [random.whole(1, 6), random.whole(1, 9), random.whole(1, 10)] as const;
  const labels = new Uint32Array(size[0] * size[1] * size[2]).fill(random.whole(0, 1));
  for (let label = 0; label < 4; label++) {
    const middle = size.map((side) => random.between(0, side));
    const radius = random.between(1, 4);
    labels.forEach((_, at) => {
      const place = [Math.floor(at / (size[1] * size[2])), Math.floor(at / size[2]) % size[1], at % size[2]];
      if (place.reduce((sum, one, axis) => sum + (one - middle[axis]!) ** 2, 0) < radius * radius) labels[at] = label;
    });
  }
  return { labels, size };
}

test("as trying every ball; twice is once; the input is untouched; a flip commutes", () => {
  for (let seed = 1; seed <= 60; seed++) {
    const { labels, size } = seeded(seed);
    const before = labels.slice();
    for (const [spacing, radius] of [[[1, 1, 1], 1], [[1, 1, 1], 2], [[1.5, 1, 0.7], 1.5]] as const) {
      const opened = openLabels(labels, size, spacing, radius);
      assert.deepEqual([...opened], slow(labels, size, spacing, radius), `seed ${seed}, radius ${radius}`);
      assert.deepEqual(openLabels(opened, size, spacing, radius), opened);
      assert.deepEqual(openLabels(labels.slice().reverse(), size, spacing, radius), opened.slice().reverse());
    }
    assert.deepEqual(labels, before);
  }
});

test("a block with twice the radius around it opens as the whole does", () => {
  const random = seededRandom(11);
  const labels = Uint32Array.from({ length: 5 * 60 }, (_, at) => ((at % 60) + Math.floor(at / 60) * 3) % 17 < 9 ? 1 + Number(random.uniform() < 0.05) : 0);
  const whole = openLabels(labels, [1, 5, 60], [1, 1, 1], 2);
  for (let from = 4; from + 10 <= 60; from += 6) {
    const block = Uint32Array.from({ length: 5 * 14 }, (_, at) => labels[Math.floor(at / 14) * 60 + from - 4 + (at % 14)]!);
    const opened = openLabels(block, [1, 5, 14], [1, 1, 1], 2);
    for (let y = 0; y < 5; y++) assert.deepEqual(opened.slice(y * 14 + 4, y * 14 + 10), whole.slice(y * 60 + from, y * 60 + from + 6));
  }
});
