// What a recipe finds does not depend on how its work was shared out: chunk side, threads, memory or disk.
import assert from "node:assert/strict";
import test from "node:test";
import type { Recipe, StepValue } from "../../server/classical/contract.ts";
import { blobs, readerOf, recipeOf, runOf } from "../classical-scenes.ts";
import type { Left } from "../classical-scenes.ts";

const scene = blobs(3, [30, 36, 41], 12);
const ways = [{ chunkSide: 16 }, { chunkSide: 25, threads: 2 }, { chunkSide: 32, memoryBytes: 1 }, { chunkSide: 16, memoryBytes: 1, threads: 2 }];

const fromOneTo = (count: number): number[] => Array.from({ length: count }, (_, nth) => nth + 1);

/** Objects as their voxels tell them: 1..N in raster order with no gap, sizes and boxes by a recount. */
function assertSound({ values, objects }: Left, [, height, width]: readonly number[]): void {
  const seen = new Map<number, { voxels: number; low: number[]; high: number[] }>();
  values.forEach((label, at) => {
    if (label === 0) return;
    const place = [Math.floor(at / (height! * width!)), Math.floor(at / width!) % height!, at % width!];
    const own = seen.get(label) ?? { voxels: 0, low: place, high: place };
    seen.set(label, { voxels: own.voxels + 1, low: own.low.map((value, axis) => Math.min(value, place[axis]!)), high: own.high.map((value, axis) => Math.max(value, place[axis]!)) });
  });
  assert.deepEqual([...seen.keys()], fromOneTo(objects.length), "in raster order of first voxels, none left out");
  const recount = [...seen].map(([id, { voxels, low, high }]) => ({ id, voxels, box: { start: low, end: high.map((value) => value + 1) }, seed: 0 }));
  assert.deepEqual(objects, recount);
}

const recipes: readonly [name: string | Recipe, set: Record<string, StepValue>, atLeast: number][] = [
  ["fds", {}, 4],
  ["fds", { "split.method": "ridge" }, 4],
  ["fds", { "split.method": "base" }, 4],
  ["fds", { "split.method": "none" }, 4],
  ["fds", { "rings.correct": "on", "denoise.method": "gaussian", "flatten.radius": 6, "split.method": "ridge", "open-objects.radius": 2, "expand.distance": 2, "select.border": "drop" }, 2],
  ["fds-base", {}, 4],
  ["fds-base", { "grow.back": true, "cut.over": "mask" }, 4],
  ["fds-base", { "grow.back": true, "distance.metric": "clij2" }, 4],
  ["ffs", { "iterate.criterion": "volume", "iterate.steps": 6 }, 4],
  ["ffs", { "iterate.criterion": "elongation", "iterate.steps": 6 }, 4],
  ["ffs", { "iterate.criterion": "compactness", "iterate.steps": 6 }, 4],
  ["ffs", { "iterate.criterion": "mser", "denoise.sigma": 0.8, "gradient.sigma": 0.7 }, 4],
];

for (const [name, set, atLeast] of recipes) {
  test(`${typeof name === "string" ? name : name.name} ${JSON.stringify(set)}: the same for every chunk side, thread count and memory`, async () => {
    const recipe = recipeOf(name, set);
    const whole = await runOf({ reader: readerOf(scene), recipe });
    assert.ok(whole.objects.length >= atLeast, `${whole.objects.length} objects`);
    assertSound(whole, scene.size);
    for (const way of ways) assert.deepEqual(await runOf({ reader: readerOf(scene), recipe, ...way }), whole, JSON.stringify(way));
  });
}

test("voxels that are no cubes", async () => {
  const spacing = [3, 1, 1.5] as const;
  for (const method of ["edt", "ridge"]) {
    const recipe = recipeOf("fds", { "split.method": method, "expand.distance": 2, "open-objects.radius": 2 });
    const whole = await runOf({ reader: readerOf(scene, { spacing }), recipe });
    assertSound(whole, scene.size);
    for (const way of [ways[1]!, ways[3]!]) assert.deepEqual(await runOf({ reader: readerOf(scene, { spacing }), recipe, ...way }), whole, JSON.stringify(way));
  }
});

test("a float32 volume, some of it not finite", async () => {
  const values = Float32Array.from(scene.values, (value, at) => (at % 997 === 0 ? NaN : at % 1009 === 0 ? Infinity : -value / 7));
  const floats = { size: scene.size, values };
  const whole = await runOf({ reader: readerOf(floats), recipe: recipeOf("fds") });
  assert.deepEqual([whole.steps.find(({ step }) => step === "polarity")!.found["particles"], whole.warnings.length], ["dark", 1]);
  assert.match(whole.warnings[0]!, /^\d+ values are not finite/);
  assertSound(whole, scene.size);
  for (const way of ways) assert.deepEqual(await runOf({ reader: readerOf(floats), recipe: recipeOf("fds"), ...way }), whole, JSON.stringify(way));
});

test("steps that come twice in a recipe, each with its own passes, masks and planes", async () => {
  const twice: Recipe = {
    name: "twice",
    steps: [
      { step: "rings", correct: "on" }, { step: "rings", id: "wide", correct: "on", sigma: 9 },
      { step: "threshold" }, { step: "close" }, { step: "distance" }, { step: "cut", method: "Mean", over: "mask" },
      { step: "distance", id: "inner" }, { step: "cut", id: "core", over: "mask" }, { step: "components" },
      { step: "open-objects", radius: 1 }, { step: "expand", distance: 1 }, { step: "expand", id: "more", distance: 2 }, { step: "select", minVolume: 20 },
    ],
  };
  const recipe = recipeOf(twice);
  const whole = await runOf({ reader: readerOf(scene), recipe });
  assert.ok(whole.objects.length >= 4);
  assertSound(whole, scene.size);
  for (const way of [ways[1]!, ways[3]!, { ...ways[2]!, resumeKey: "twice" }]) assert.deepEqual(await runOf({ reader: readerOf(scene), recipe, ...way }), whole, JSON.stringify(way));
});
