import assert from "node:assert/strict";
import test from "node:test";
import { seededRandom } from "../../../fixtures/make/seeded-random.ts";
import { dbscanGrey } from "./dbscan-grey.ts";
import type { GreyClusters } from "./dbscan-grey.ts";
import { binsFor, emptyHistogram, histogramOf } from "./histogram.ts";

const eight = binsFor("uint8", 0, 0);

test("two clusters by hand, a fringe and a lonely value", () => {
  const values = Uint8Array.of(10, 10, 11, 12, 14, 50, 50, 50, 52, 99);
  assert.deepEqual(dbscanGrey(histogramOf(values, eight), 2, 3), { clusters: [{ from: 10, to: 14, count: 5 }, { from: 50, to: 52, count: 4 }], noise: 1 });
  assert.deepEqual(dbscanGrey(histogramOf(values, eight), 0, 3), { clusters: [{ from: 50, to: 50, count: 3 }], noise: 7 });
  assert.deepEqual(dbscanGrey(histogramOf(values, eight), 300, 3), { clusters: [{ from: 10, to: 99, count: 10 }], noise: 0 });
  assert.deepEqual(dbscanGrey(emptyHistogram(eight), 2, 1), { clusters: [], noise: 0 });
});

/** The algorithm as it is published, point by point, values visited from dark to bright. */
function slow(values: readonly number[], eps: number, minPoints: number): GreyClusters {
  const points = [...values].sort((a, b) => a - b);
  const near = (at: number): number[] => [...points.keys()].filter((other) => Math.abs(points[other]! - points[at]!) <= eps);
  const cluster: (number | undefined)[] = points.map(() => undefined);
  let count = 0;
  for (const start of points.keys()) {
    if (cluster[start] !== undefined || near(start).length < minPoints) continue;
    const open = [start];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (cluster[at] !== undefined) continue;
      cluster[at] = count;
      if (near(at).length >= minPoints) open.push(...near(at));
    }
    count++;
  }
  const clusters = Array.from({ length: count }, (_, nth) => {
    const own = points.filter((_value, at) => cluster[at] === nth);
    return { from: own[0]!, to: own.at(-1)!, count: own.length };
  });
  return { clusters, noise: cluster.filter((one) => one === undefined).length };
}

test("as the published algorithm, point by point", () => {
  for (let seed = 1; seed <= 400; seed++) {
    const random = seededRandom(seed);
    const spread = random.whole(3, 80);
    const values = Array.from({ length: random.whole(1, 60) }, () => random.whole(0, spread) + (random.uniform() < 0.3 ? 100 : 0));
    const [eps, minPoints] = [random.whole(0, 6), random.whole(1, 8)];
    assert.deepEqual(dbscanGrey(histogramOf(Uint8Array.from(values), eight), eps, minPoints), slow(values, eps, minPoints), `seed ${seed}`);
  }
});

test("eps is in grey values, whatever the bins are", () => {
  const values = Float32Array.of(0, 0.5, 1, 1.5, 4, 4.5, 10);
  const histogram = histogramOf(values, { low: -0.25, high: 10.25, bins: 21 });
  assert.deepEqual(dbscanGrey(histogram, 0.5, 2), { clusters: [{ from: 0, to: 1.5, count: 4 }, { from: 4, to: 4.5, count: 2 }], noise: 1 });
});
