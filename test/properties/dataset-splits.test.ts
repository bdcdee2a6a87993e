// Laws of the drawing of crops, on seeded shapes: no leak between splits, inside the source, in proportion, the same for the same seed.
import assert from "node:assert/strict";
import test from "node:test";
import { splits, type Split } from "#server/datasets/description.ts";
import { ksDistance } from "#server/datasets/distance.ts";
import { drawPlaces, type Place } from "#server/datasets/draw-places.ts";
import { shares } from "#server/datasets/make-set.ts";
import type { Scan } from "#server/datasets/scan-source.ts";
import { seededRandom } from "#server/datasets/seeded-random.ts";
import { splitSpace } from "#server/datasets/split-blocks.ts";
import type { Triple } from "#server/volumes/label-reader.ts";

const parts = { train: 0.8, val: 0.1, test: 0.1 };

/** A scan that is brighter to the right and fuller below. */
function slope(extent: Triple): Scan {
  return { extent, sha256: "", labelsSha256: "", look: (start, size) => ({ mean: 1000 + 10 * (start[2] + size[2] / 2), foreground: (start[1] + size[1] / 2) / extent[1] / 2 + 0.01 }) };
}

function draw(extents: readonly Triple[], crop: Triple, margin: number, count: number, seed: number): { places: { split: Split; place: Place }[]; whole: readonly Place[] } {
  const random = seededRandom(seed);
  const space = splitSpace(extents, crop, margin, parts, () => true, random);
  const drawn = drawPlaces(extents.map(slope), crop, space, count, random);
  const places: { split: Split; place: Place }[] = [];
  for (const [split, wanted] of shares(count, parts)) {
    for (const { candidates, take } of drawn.offers(split, wanted)) {
      for (const place of candidates) {
        take(place);
        places.push({ split, place });
        break;
      }
    }
  }
  return { places, whole: drawn.whole };
}

const scenes: readonly { extents: Triple[]; crop: Triple; margin: number }[] = [
  { extents: [[96, 192, 192]], crop: [1, 64, 64], margin: 8 },
  { extents: [[1, 512, 700]], crop: [1, 64, 96], margin: 8 },
  { extents: [[51, 128, 122], [70, 90, 100]], crop: [16, 32, 32], margin: 4 },
  { extents: [[6, 1024, 343]], crop: [1, 128, 128], margin: 16 },
  { extents: [[200, 40, 40]], crop: [40, 1, 40], margin: 0 },
  { extents: [[33, 61, 57]], crop: [1, 61, 57], margin: 3 },
];

for (const [nth, { extents, crop, margin }] of scenes.entries()) {
  for (const seed of [1, 2, 3]) {
    test(`scene ${nth}, seed ${seed}: no crop of one split lies in or near one of another`, () => {
      const { places } = draw(extents, crop, margin, 60, seed);
      assert.ok(places.length >= 12, `${places.length} crops`);
      for (const split of splits) assert.ok(places.some((one) => one.split === split), `${split} has none`);
      for (const { place } of places) assert.ok(place.start.every((at, axis) => at >= 0 && at + crop[axis]! <= extents[place.source]![axis]!), place.start.join());
      for (const [at, a] of places.entries()) {
        for (const b of places.slice(0, at)) {
          if (a.place.source !== b.place.source) continue;
          assert.notDeepEqual(a.place.start, b.place.start);
          const gap = Math.max(...crop.map((size, axis) => Math.abs(a.place.start[axis]! - b.place.start[axis]!) - size));
          if (a.split !== b.split) assert.ok(gap >= margin, `${a.split} ${a.place.start.join()} and ${b.split} ${b.place.start.join()}: ${gap}`);
        }
      }
      assert.deepEqual(draw(extents, crop, margin, 60, seed).places, places);
    });
  }
}

test("crops represent the scan better than plain random ones do", () => {
  const [extent, crop]: [Triple, Triple] = [[96, 256, 256], [1, 48, 48]];
  const distances = { drawn: 0, random: 0 };
  const rounds = 12;
  for (let seed = 1; seed <= rounds; seed++) {
    const { places, whole } = draw([extent], crop, 8, 80, seed);
    const random = seededRandom(1000 + seed);
    const plain = places.map(() => whole[random.below(whole.length)]!);
    for (const see of [(place: Place) => place.mean, (place: Place) => place.foreground]) {
      distances.drawn += ksDistance(whole.map(see), places.map(({ place }) => see(place))) / rounds / 2;
      distances.random += ksDistance(whole.map(see), plain.map(see)) / rounds / 2;
    }
  }
  // Blocks and margins cost something, strata win more back: 80 of a uniform sample are about 0.09 away.
  assert.ok(distances.drawn < 0.85 * distances.random, JSON.stringify(distances));
});

test("what has no room for its splits is refused with what to do", () => {
  assert.throws(() => splitSpace([[1, 100, 100]], [1, 64, 64], 8, parts, () => true, seededRandom(1)), /1 of 3 splits/);
  assert.doesNotThrow(() => splitSpace([[1, 100, 100]], [1, 64, 64], 8, { train: 1, val: 0, test: 0 }, () => true, seededRandom(1)));
});

test("each split has a block with objects, where there are enough of them", () => {
  for (let seed = 1; seed <= 20; seed++) {
    // Objects lie in the upper third alone.
    const holds = (_source: number, start: Triple): boolean => start[1] < 200;
    const { blocks } = splitSpace([[1, 600, 600]], [1, 64, 64], 8, parts, holds, seededRandom(seed));
    for (const split of splits) assert.ok(blocks.some((block) => block.split === split && block.start[1] < 200), `seed ${seed}: ${split}`);
  }
});

test("shares add up and give each split one", () => {
  assert.deepEqual(shares(100, parts), [["train", 80], ["val", 10], ["test", 10]]);
  assert.deepEqual(shares(5, parts), [["train", 3], ["val", 1], ["test", 1]]);
  assert.deepEqual(shares(7, { train: 1, val: 1, test: 1 }).reduce((sum, [, count]) => sum + count, 0), 7);
  assert.deepEqual(shares(3, { train: 1, val: 0, test: 0 }), [["train", 3]]);
});
