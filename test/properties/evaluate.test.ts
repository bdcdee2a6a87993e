// What must hold of every evaluation, on seeded label images: with slow and obvious other ways to the same numbers where there are any.
import assert from "node:assert/strict";
import test from "node:test";
import { MaskletError } from "#protocol/errors.ts";
import type { Schema } from "#protocol/types.ts";
import { validate } from "#protocol/schema.ts";
import { evaluateLabels } from "#server/evaluate/evaluate-labels.ts";
import type { Triple } from "#server/volumes/label-reader.ts";
import { arrayReader, blobs, forEachVoxel, worsened } from "../label-scenes.ts";

type Evaluation = Schema<"Evaluation">;
const scenes: readonly { readonly size: Triple; readonly spacing: Triple | undefined; readonly count: number }[] = [
  { size: [23, 31, 38], spacing: undefined, count: 24 }, { size: [17, 40, 29], spacing: [2.5, 0.7, 1], count: 25 }, { size: [1, 52, 61], spacing: [1, 0.5, 0.5], count: 12 }, { size: [40, 1, 33], spacing: undefined, count: 6 },
];

for (const [seed, { size, spacing, count }] of scenes.entries()) {
  const truth = blobs(size, count, seed + 1, seed === 0 ? 0.15 : 0.25);
  const found = worsened(truth, size, seed + 50, size[1] === 1 ? [1, 0, -1] : [0, 1, -1]);
  const evaluate = (a: Uint32Array, b: Uint32Array, boxVoxels?: number, promptedSlices?: ReadonlyMap<number, number>): Promise<Evaluation> =>
    evaluateLabels({ truth: arrayReader(a, size, { name: "truth", spacing }), prediction: arrayReader(b, size, { name: "found" }), promptedSlices }, {}, boxVoxels);
  const named = `seed ${seed}, ${size.join(" x ")}`;

  test(`boxes of any size give the same: ${named}`, async () => {
    const slices = new Map(Array.from({ length: count }, (_, nth) => [nth + 1, (nth * 7) % size[0]]));
    const whole = await evaluate(truth, found, undefined, slices);
    assert.deepEqual(validate("Evaluation", whole), whole);
    for (const boxVoxels of [1, 30_000]) same(await evaluate(truth, found, boxVoxels, slices), whole);
  });

  test(`distances are those of all pairs of surface voxels: ${named}`, async () => {
    const { surface, objects } = await evaluate(truth, found);
    const side = spacing ?? [1, 1, 1];
    near(surface.foreground, bruteDistances(truth.map((id) => Math.min(id, 1)), found.map((id) => Math.min(id, 1)), 1, 1, size, side));
    const pairs = objects.filter(({ prediction }) => prediction !== null);
    assert.ok(pairs.length > 2, `${pairs.length} pairs`);
    for (const row of pairs) near({ hausdorff: row.hausdorff!, hausdorff95: row.hausdorff95!, meanDistance: row.meanDistance! }, bruteDistances(truth, found, row.truth, row.prediction!, size, side));
    assert.equal(surface.objects.pairs, pairs.length);
  });

  test(`names of objects do not matter: ${named}`, async () => {
    const [a, b] = [await evaluate(truth, found), await evaluate(truth.map((id) => (id === 0 ? 0 : 16_000_000 - 3 * id)), found.map((id) => (id === 0 ? 0 : id + 9_000_000)))];
    for (const key of ["foreground", "oneToOne", "aggregatedJaccard", "faults", "adaptedRand", "variationOfInformation", "surface", "shape"] as const) same(b[key], a[key]);
    same(b.perParticle, a.perParticle);
  });

  test(`the truth against itself is without fault: ${named}`, async () => {
    const own = await evaluate(truth, truth, undefined, new Map([[2, 0]]));
    const { foreground, perParticle, oneToOne, faults, adaptedRand, variationOfInformation, surface, shape, byDistance } = own;
    assert.deepEqual([foreground.dice, foreground.jaccard, foreground.volumetricSimilarity, perParticle.dice, oneToOne.mean.f1, oneToOne.mean.pq, own.aggregatedJaccard], Array(7).fill(1));
    assert.deepEqual([faults.overSegmented, faults.underSegmented, faults.missed, faults.spurious, adaptedRand.error, own.unmatched.length], [0, 0, 0, 0, 0, 0]);
    assert.ok(variationOfInformation.all.total < 1e-12);
    assert.deepEqual([surface.foreground!.hausdorff, surface.objects.hausdorff, surface.objects.meanDistance], [0, 0, 0]);
    assert.deepEqual([shape.elongation.meanAbsolute ?? 0, shape.flatness.meanRelative ?? 0], [0, 0]);
    assert.ok(byDistance!.every(({ dice }) => dice === 1));
  });

  test(`with the sides changed what is symmetric stays: ${named}`, async () => {
    const [a, b] = [await evaluate(truth, found), await evaluate(found, truth)];
    assert.deepEqual([a.foreground.dice, a.foreground.jaccard, a.foreground.volumetricSimilarity, a.foreground.precision], [b.foreground.dice, b.foreground.jaccard, b.foreground.volumetricSimilarity, b.foreground.recall]);
    for (const [nth, { f1, precision, recall }] of a.oneToOne.thresholds.entries()) assert.deepEqual([b.oneToOne.thresholds[nth]!.f1, b.oneToOne.thresholds[nth]!.recall, b.oneToOne.thresholds[nth]!.precision], [f1, precision, recall]);
    same(a.surface, b.surface);
    const { split, merge } = b.variationOfInformation.all;
    near({ split, merge }, { split: a.variationOfInformation.all.merge, merge: a.variationOfInformation.all.split });
    near({ signed: (a.shape.flatness.meanSigned ?? 0) + (b.shape.flatness.meanSigned ?? 0) }, { signed: 0 });
    assert.deepEqual([a.faults.missed, a.faults.spurious], [b.faults.spurious, b.faults.missed]);
  });
}

test("two balls at a known distance", async () => {
  const size: Triple = [40, 44, 90];
  const ball = (x0: number): Uint32Array => {
    const ids = new Uint32Array(size[0] * size[1] * size[2]);
    forEachVoxel(size, (at, [z, y, x]) => { if ((z - 20) ** 2 + (y - 20) ** 2 + (x - x0) ** 2 <= 100) ids[at] = 3; });
    return ids;
  };
  const evaluate = (x: number) => evaluateLabels({ truth: arrayReader(ball(20), size), prediction: arrayReader(ball(x), size), spacing: [0.5, 0.5, 0.5] }, {}, 40_000);
  // Overlapping: the furthest point of one is 3 voxels from the other, along x. 60 voxels apart: 60, found far outside the box at hand.
  assert.equal((await evaluate(23)).objects[0]!.hausdorff, 1.5);
  const apart = await evaluate(80);
  assert.equal(apart.surface.foreground!.hausdorff, 30);
  assert.deepEqual([apart.foreground.tp, apart.objects[0]!.verdict, apart.unmatched[0]!.verdict], [0, "missed", "spurious"]);
  // Of the moments of a ball of radius 10 all radii are equal.
  assert.ok(Math.abs((await evaluate(23)).objects[0]!.elongation - 1) < 1e-9);
});

test("nothing to find, and nothing found", async () => {
  const size: Triple = [3, 4, 5];
  const [none, some] = [new Uint32Array(60), Uint32Array.from({ length: 60 }, (_, at) => (at < 7 ? 5 : 0))];
  const evaluate = (a: Uint32Array, b: Uint32Array) => evaluateLabels({ truth: arrayReader(a, size), prediction: arrayReader(b, size), promptedSlices: new Map() });
  const sums = ({ foreground, perParticle, oneToOne, aggregatedJaccard, adaptedRand }: Evaluation): number[] =>
    [foreground.dice, foreground.jaccard, foreground.precision, foreground.recall, perParticle.dice, oneToOne.mean.f1, oneToOne.mean.ap, oneToOne.mean.pq, aggregatedJaccard, 1 - adaptedRand.error];
  const empty = await evaluate(none, none);
  assert.deepEqual(sums(empty), Array(10).fill(1));
  assert.deepEqual([empty.surface.foreground, empty.surface.objects.meanDistance, empty.shape.elongation.meanSigned, empty.byDistance], [{ hausdorff: 0, hausdorff95: 0, meanDistance: 0 }, null, null, []]);
  const [invented, missed] = [await evaluate(none, some), await evaluate(some, none)];
  assert.deepEqual(sums(invented), Array(10).fill(0));
  assert.deepEqual(sums(missed).slice(0, 9), Array(9).fill(0));
  assert.deepEqual([invented.surface.foreground, missed.surface.foreground, invented.foreground.relativeVolumeDifference, missed.foreground.relativeVolumeDifference], [null, null, 2, -2]);
  assert.deepEqual([invented.faults.spurious, missed.faults.missed, missed.objects[0]!.verdict, invented.unmatched[0]!.verdict], [1, 1, "missed", "spurious"]);
  for (const evaluation of [empty, invented, missed]) validate("Evaluation", evaluation);
});

test("parted, joined, missed and invented objects are counted as such", async () => {
  const size: Triple = [1, 1, 40];
  const truth = new Uint32Array(40).fill(1, 0, 8).fill(2, 8, 12).fill(3, 12, 16).fill(4, 20, 30).fill(5, 32, 36);
  const found = new Uint32Array(40).fill(11, 0, 4).fill(12, 4, 8).fill(13, 8, 16).fill(14, 20, 27).fill(15, 37, 39);
  const { faults, objects, unmatched } = await evaluateLabels({ truth: arrayReader(truth, size), prediction: arrayReader(found, size) });
  assert.deepEqual(faults, { overSegmented: 1, underSegmented: 1, joined: 2, missed: 1, spurious: 1 });
  // 1 in two halves has a half as its partner, at an IoU of exactly 0.5; so has one of the two joined ones.
  assert.deepEqual(objects.map(({ verdict }) => verdict), ["matched", "matched", "joined", "matched", "missed"]);
  assert.deepEqual(unmatched.map(({ prediction, verdict, truth: id }) => [prediction, verdict, id]), [[12, "part", 1], [15, "spurious", null]]);
});

test("Dice falls off with the distance from the prompted slice", async () => {
  const size: Triple = [6, 1, 4];
  const truth = new Uint32Array(24).fill(2, 4, 20);
  // Right on slices 1 and 2, half on 3, lost on 4, and gone on to 5 where nothing is.
  const found = new Uint32Array(24).fill(9, 4, 14).fill(9, 20, 22);
  const { byDistance } = await evaluateLabels({ truth: arrayReader(truth, size), prediction: arrayReader(found, size), promptedSlices: new Map([[2, 1], [77, 0]]) });
  const twice = await evaluateLabels({ truth: arrayReader(truth, size), prediction: arrayReader(found, size), promptedSlices: new Map([[2, [1, 4]]]) });
  assert.deepEqual(twice.byDistance!.map(({ distance, slices }) => [distance, slices]), [[0, 2], [1, 3]]);
  assert.deepEqual(byDistance, [{ distance: 0, dice: 1, slices: 1 }, { distance: 1, dice: 1, slices: 1 }, { distance: 2, dice: 2 / 3, slices: 1 }, { distance: 3, dice: 0, slices: 1 }, { distance: 4, dice: 0, slices: 1 }]);
});

test("a million objects", async () => {
  const size: Triple = [100, 200, 200];
  const truth = Uint32Array.from({ length: 4_000_000 }, (_, at) => (at >> 1) % 2 === 0 ? 0 : 1 + (at >> 2));
  const found = truth.map((id) => (id === 0 ? 0 : 1_000_001 - id));
  const { oneToOne, objects, adaptedRand, surface } = await evaluateLabels({ truth: arrayReader(truth, size), prediction: arrayReader(found, size) });
  assert.deepEqual([objects.length, oneToOne.thresholds[9]!.tp, adaptedRand.error, surface.objects.pairs, surface.objects.hausdorff], [1_000_000, 1_000_000, 0, 1_000_000, 0]);
});

test("other grids, spacings that make no sense, and a cancel are heard", async () => {
  const [a, b] = [arrayReader(new Uint32Array(24), [2, 3, 4], { spacing: [1, 1, 1] }), arrayReader(new Uint32Array(24), [2, 4, 3])];
  const coded = (code: string) => (fault: unknown): boolean => fault instanceof MaskletError && fault.code === code;
  await assert.rejects(evaluateLabels({ truth: a, prediction: b }), coded("labels_mismatch"));
  const stretched = arrayReader(new Uint32Array(24), [2, 3, 4], { spacing: [2, 1, 1] });
  await assert.rejects(evaluateLabels({ truth: a, prediction: stretched }), coded("labels_mismatch"));
  assert.deepEqual((await evaluateLabels({ truth: a, prediction: stretched, spacing: [3, 1, 1] })).spacing, [3, 1, 1]);
  await assert.rejects(evaluateLabels({ truth: a, prediction: a, spacing: [0, 1, 1] }), coded("request_invalid"));
  await assert.rejects(evaluateLabels({ truth: a, prediction: a }, { signal: AbortSignal.abort() }), coded("cancelled"));
  // In the middle of it, after the first box.
  const stop = new AbortController();
  const [large, size] = [blobs([40, 60, 60], 30, 8), [40, 60, 60]] as const;
  await assert.rejects(evaluateLabels({ truth: arrayReader(large, size), prediction: arrayReader(worsened(large, size, 9), size) }, { signal: stop.signal, onProgress: () => stop.abort() }, 10_000), (fault) => coded("cancelled")(fault) || (fault instanceof Error && fault.name === "AbortError"));
});

/** Percentiles as numpy has them, of every surface voxel's least distance over all of the other side's. */
function bruteDistances(a: Uint32Array, b: Uint32Array, idA: number, idB: number, size: Triple, spacing: Triple): Schema<"SurfaceDistances"> {
  const [one, other] = [surfaceOf(a, idA, size), surfaceOf(b, idB, size)];
  const away = (from: readonly Triple[], to: readonly Triple[]): number[] =>
    from.map((p) => Math.min(...to.map((q) => Math.hypot(...p.map((value, axis) => (value - q[axis]!) * spacing[axis]!))))).sort((x, y) => x - y);
  const sides = [away(one, other), away(other, one)];
  const at = (sorted: readonly number[], part: number): number => {
    const place = part * (sorted.length - 1);
    const low = sorted[Math.floor(place)]!;
    return low + (sorted[Math.ceil(place)]! - low) * (place % 1);
  };
  const sum = sides.flat().reduce((total, value) => total + value, 0);
  return { hausdorff: Math.max(sides[0]!.at(-1)!, sides[1]!.at(-1)!), hausdorff95: Math.max(at(sides[0]!, 0.95), at(sides[1]!, 0.95)), meanDistance: sum / sides.flat().length };
}

function surfaceOf(ids: Uint32Array, id: number, size: Triple): Triple[] {
  const found: Triple[] = [];
  const isIn = (place: readonly number[]): boolean => place.every((value, axis) => value >= 0 && value < size[axis]!) && ids[(place[0]! * size[1] + place[1]!) * size[2] + place[2]!] === id;
  forEachVoxel(size, (at, place) => {
    if (ids[at] !== id) return;
    const outside = [0, 1, 2].some((axis) => size[axis]! > 1 && [-1, 1].some((step) => !isIn(place.map((value, nth) => value + (nth === axis ? step : 0)))));
    if (outside) found.push(place);
  });
  return found;
}

function near(actual: object | null, expected: object): void {
  for (const [key, value] of Object.entries(expected)) {
    const found: unknown = Object.entries(actual ?? {}).find(([name]) => name === key)?.[1];
    assert.ok(typeof found === "number" && Math.abs(found - value) < 1e-9, `${key}: ${found} is not ${value}`);
  }
}

/** Equal to rounding: sums may be added up in another order. */
function same(actual: unknown, expected: unknown, at = ""): void {
  if (typeof expected === "number" && typeof actual === "number") assert.ok(Math.abs(actual - expected) <= 1e-12 * Math.max(1, Math.abs(expected)), `${at}: ${actual} is not ${expected}`);
  else if (typeof expected === "object" && expected !== null && typeof actual === "object" && actual !== null) {
    assert.deepEqual(Object.keys(actual), Object.keys(expected));
    const values = new Map(Object.entries(actual));
    for (const [key, value] of Object.entries(expected)) same(values.get(key), value, `${at}.${key}`);
  } else assert.equal(actual, expected, at);
}
