import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom } from "../../fixtures/make/seeded-random.ts";
import { binsOf, spreadsWidely, summaryOf } from "./bins.ts";

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

test("bins adjoin, hold every value once, and add up", () => {
  const random = seededRandom(1);
  for (const count of [1, 2, 3, 10, 1000]) {
    for (const log of [false, true]) {
      const values = Array.from({ length: count }, () => Math.exp(3 * random.normal()));
      const bins = binsOf(values, { log, weights: values });
      assert.equal(total(bins.map((bin) => bin.count)), count);
      assert.ok(Math.abs(total(bins.map((bin) => bin.weight)) - total(values)) < 1e-9 * total(values));
      bins.forEach((bin, nth) => {
        if (nth > 0) assert.equal(bin.from, bins[nth - 1]!.to);
        const last = nth === bins.length - 1;
        assert.equal(values.filter((value) => value >= bin.from && (value < bin.to || (last && value <= bin.to))).length, bin.count);
      });
      assert.ok(bins.length <= 60);
    }
  }
});

test("equal values share one bin around them; no values, no bins", () => {
  const [bin, ...others] = binsOf([4, 4, 4]);
  assert.equal(others.length, 0);
  assert.ok(bin!.from < 4 && bin!.to > 4 && bin!.count === 3);
  assert.equal(binsOf([0, 0])[0]!.count, 2);
  assert.deepEqual(binsOf([]), []);
});

test("whole numbers have a bin each, centred on them", () => {
  assert.deepEqual(binsOf([0, 2, 2, 3], { whole: true }), [
    { from: -0.5, to: 0.5, count: 1, weight: 1 }, { from: 0.5, to: 1.5, count: 0, weight: 0 }, { from: 1.5, to: 2.5, count: 2, weight: 2 }, { from: 2.5, to: 3.5, count: 1, weight: 1 },
  ]);
});

test("powers where all values are above 0 and ten times apart", () => {
  assert.equal(spreadsWidely([1, 10]), true);
  assert.equal(spreadsWidely([1, 9.9]), false);
  assert.equal(spreadsWidely([0, 100]), false);
  assert.equal(spreadsWidely([]), false);
});

test("quantiles are values that occur: the first with that part of all up to it", () => {
  assert.deepEqual(summaryOf([5, 1, 3, 2, 4, 10, 9, 8, 7, 6]), { count: 10, mean: 5.5, min: 1, p10: 1, median: 5, p90: 9, max: 10 });
  assert.deepEqual(summaryOf([7]), { count: 1, mean: 7, min: 7, p10: 7, median: 7, p90: 7, max: 7 });
});
