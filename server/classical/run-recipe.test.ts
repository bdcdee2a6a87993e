import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { makePhantom } from "../../fixtures/make/phantom.ts";
import { seededRandom } from "../../fixtures/make/seeded-random.ts";
import { completeRecipe } from "./complete-recipe.ts";
import type { ClassicalRequest, ClassicalRun, RecipeStep, StepValue, VoxelReader } from "./contract.ts";
import type { Size3, Voxels } from "./kernels/size3.ts";
import { runRecipe } from "./run-recipe.ts";
import { cropped, voxelsIn, wholeBox } from "./tiles/box3.ts";

const scratch = mkdtempSync(join(tmpdir(), "masklet-recipes-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

function readerOf(values: Voxels, size: Size3, spacing?: Size3): VoxelReader {
  const dtype = values instanceof Uint8Array ? "uint8" : values instanceof Uint16Array ? "uint16" : "float32";
  return { size, dtype, spacing, read: async (box) => cropped(values, wholeBox(size), box).slice() };
}

type More = Partial<ClassicalRequest> & { signal?: AbortSignal };

async function run(reader: VoxelReader, recipe: string, set: Record<string, StepValue> = {}, { signal, ...more }: More = {}): Promise<ClassicalRun> {
  return runRecipe({ reader, recipe: completeRecipe(recipe, set), scratch, threads: 2, ...more }, { signal });
}

async function labelsOf(reader: VoxelReader, recipe: string, set: Record<string, StepValue> = {}, more: More = {}): Promise<Uint32Array> {
  const made = await run(reader, recipe, set, more);
  const labels = await made.read(wholeBox(reader.size));
  await made.close();
  assert.ok(labels instanceof Uint32Array);
  checkObjects(labels, made, reader.size);
  return labels;
}

/** Numbers without a gap in the order of first voxels, and facts that a recount confirms. */
function checkObjects(labels: Uint32Array, { objects }: ClassicalRun, [, height, width]: Size3): void {
  const counts = new Map<number, { voxels: number; low: number[]; high: number[] }>();
  for (let at = 0; at < labels.length; at++) {
    if (labels[at] === 0) continue;
    const place = [Math.floor(at / (height * width)), Math.floor(at / width) % height, at % width];
    const known = counts.get(labels[at]!);
    if (known === undefined) counts.set(labels[at]!, { voxels: 1, low: [...place], high: place.map((value) => value + 1) });
    else {
      known.voxels++;
      known.low = known.low.map((value, axis) => Math.min(value, place[axis]!));
      known.high = known.high.map((value, axis) => Math.max(value, place[axis]! + 1));
    }
  }
  assert.deepEqual([...counts.keys()], objects.map(({ id }) => id));
  assert.deepEqual([...counts.values()].map(({ voxels, low, high }) => ({ voxels, box: { start: low, end: high } })), objects.map(({ voxels, box }) => ({ voxels, box: { start: [...box.start], end: [...box.end] } })));
  assert.deepEqual(objects.map(({ id }) => id), objects.map((_, nth) => nth + 1));
}

const phantom = makePhantom({ shape: [66, 60, 68], particles: 9, radius: [7, 12], stacked: 3, leaning: 2, seed: 4 });
const platelets = readerOf(phantom.raw, phantom.shape);

/** Bright balls, some of which touch, on noise. */
function ballsReader(spacing?: Size3): VoxelReader {
  const size: Size3 = [30, 41, 52];
  const random = seededRandom(8);
  const balls = Array.from({ length: 14 }, () => [random.between(2, 28), random.between(2, 39), random.between(2, 50), random.between(4, 8)] as const);
  const values = new Uint8Array(voxelsIn(wholeBox(size)));
  for (let at = 0; at < values.length; at++) {
    const [z, y, x] = [Math.floor(at / (41 * 52)), Math.floor(at / 52) % 41, at % 52];
    const inside = balls.some(([bz, by, bx, r]) => (z - bz) ** 2 + (y - by) ** 2 + (x - bx) ** 2 < r * r);
    values[at] = Math.min(255, Math.max(0, Math.round((inside ? 170 : 60) + 9 * random.normal())));
  }
  return readerOf(values, size, spacing);
}
const balls = ballsReader([2, 1, 1]);

const cases: readonly (readonly [title: string, reader: VoxelReader, recipe: string, set: Record<string, StepValue>])[] = [
  ["fds, plates", platelets, "fds", { "split.method": "plates" }],
  ["fds, ridge", platelets, "fds", { "split.method": "ridge" }],
  ["fds-grains, edt, uneven voxels", balls, "fds-grains", { "split.h": 0.25 }],
  ["fds, base", balls, "fds", { "split.method": "base", "threshold.method": "Otsu" }],
  ["fds, none, opened and expanded", balls, "fds", { "split.method": "none", "threshold.method": "Otsu", "open-objects.radius": 1, "expand.distance": 2, "flatten.radius": 9 }],
  ["fds-base, grown back", balls, "fds-base", { "threshold.method": "Otsu", "grow.back": true }],
  ["fds-base, CLIJ2's distances", balls, "fds-base", { "threshold.method": "Otsu", "distance.metric": "clij2", "cut.over": "mask" }],
  ["ffs, mser", balls, "ffs", {}],
  ["ffs, compactness", balls, "ffs", { "iterate.criterion": "compactness", "iterate.steps": 6 }],
  ["ffs, elongation", balls, "ffs", { "iterate.criterion": "elongation", "iterate.steps": 6 }],
];

for (const [title, reader, recipe, set] of cases) {
  test(`${title}: the same labels whatever the chunks, the threads and the memory`, async () => {
    const expected = await labelsOf(reader, recipe, set, { chunkSide: 1000 });
    assert.ok(expected.some((label) => label !== 0), "something is found");
    for (const more of [{ chunkSide: 32 }, { chunkSide: 25, threads: 1 }, { chunkSide: 20, memoryBytes: 1 }]) assert.deepEqual(await labelsOf(reader, recipe, set, more), expected, JSON.stringify(more));
  });
}

test("platelets are found one by one", async () => {
  const labels = await labelsOf(platelets, "fds");
  const pairs = new Map<string, number>();
  for (let at = 0; at < labels.length; at++) if (labels[at] !== 0 && phantom.labels[at] !== 0) pairs.set(`${phantom.labels[at]} ${labels[at]}`, (pairs.get(`${phantom.labels[at]} ${labels[at]}`) ?? 0) + 1);
  const count = (of: ArrayLike<number>, id: number): number => Array.prototype.filter.call(of, (value) => value === id).length;
  const matched = [...pairs].filter(([key, both]) => {
    const [truth, found] = key.split(" ").map(Number);
    return both / (count(phantom.labels, truth!) + count(labels, found!) - both) > 0.5;
  });
  assert.ok(matched.length >= 7, `${matched.length} of ${phantom.objects.length} platelets`);
});

test("the inverted volume has the same objects", async () => {
  const inverted = readerOf(phantom.raw.map((value) => 65_535 - value), phantom.shape);
  assert.deepEqual(await labelsOf(inverted, "fds"), await labelsOf(platelets, "fds"));
});

test("a step's output can be looked at", async () => {
  const look = async (until: string): Promise<ClassicalRun["kind"]> => {
    const made = await run(balls, "fds", { "split.method": "edt" }, { until });
    const values = await made.read({ start: [3, 0, 0], end: [4, 41, 52] });
    await made.close();
    assert.equal(values.length, 41 * 52);
    assert.equal(made.steps.at(-1)!.id, until);
    return made.kind;
  };
  assert.deepEqual([await look("denoise"), await look("polarity"), await look("threshold"), await look("fill"), await look("split")], ["grey", "grey", "mask", "mask", "labels"]);
  await assert.rejects(run(balls, "fds", {}, { until: "denoize" }), { code: "recipe_invalid" });
});

test("limits bound what is found; seeds are what objects grow from, and keep their numbers", async () => {
  const free = await labelsOf(balls, "fds-grains");
  const half = (x: number): boolean => x < 26;
  const limited = await labelsOf(balls, "fds-grains", {}, { limits: (box) => Uint8Array.from({ length: voxelsIn(box) }, (_, at) => (half(box.start[2] + (at % (box.end[2] - box.start[2]))) ? 1 : 0)), chunkSide: 25 });
  assert.ok(limited.some((label) => label !== 0) && limited.every((label, at) => label === 0 || half(at % 52)));
  const first = free.indexOf(free.find((label) => label !== 0)!);
  const seedAt = new Map([[first, 41], [free.lastIndexOf(free.findLast((label) => label !== 0)!), 7]]);
  const seeds: ClassicalRequest["seeds"] = (box) => {
    const all = new Uint32Array(free.length);
    for (const [at, seed] of seedAt) all[at] = seed;
    return cropped(all, wholeBox(balls.size), box).slice();
  };
  const grown = await run(balls, "fds-grains", { "select.minVolume": 0 }, { seeds, chunkSide: 20 });
  const labels = await grown.read(wholeBox(balls.size));
  await grown.close();
  for (const [at, seed] of seedAt) assert.equal(grown.objects[labels[at]! - 1]!.seed, seed);
  assert.equal(grown.objects.length, 2);
});

test("what cannot be segmented is said, or found to hold nothing", async () => {
  const size: Size3 = [5, 6, 7];
  const fill = (value: number): Float32Array => new Float32Array(210).fill(value);
  await assert.rejects(run(readerOf(fill(NaN), size), "fds"), { code: "pixels_not_finite" });
  for (const recipe of ["fds", "fds-grains", "fds-base", "ffs"]) {
    for (const reader of [readerOf(fill(3), size), readerOf(Uint8Array.from([9]), [1, 1, 1]), readerOf(Uint16Array.from({ length: 20 }, (_, at) => at * 3000), [1, 4, 5]), readerOf(Float32Array.from({ length: 9 }, (_, at) => (at === 4 ? 1e30 : at)), [1, 1, 9]), readerOf(fill(3).map((value, at) => (at % 3 === 0 ? Infinity : at % 2 === 0 ? NaN : value + at)), size)]) {
      const made = await run(reader, recipe, { "select.minVolume": 1 }).catch((error: unknown) => error);
      // ImageJ's methods may find no threshold among so few values; that is said as such.
      if (made instanceof Error) assert.equal("code" in made && made.code, "threshold_not_found", `${recipe}: ${made.message}`);
      else await (made as ClassicalRun).close();
    }
  }
  const odd = await run(readerOf(fill(3).map((value, at) => (at < 4 ? NaN : value + (at % 5))), size), "fds");
  assert.match(odd.warnings.join(" "), /4 values are not finite/);
  await odd.close();
  const full = await labelsOf(readerOf(new Uint8Array(voxelsIn(wholeBox([20, 20, 20]))).fill(200), [20, 20, 20]), "fds", { "threshold.method": "fixed", "threshold.low": 100, "threshold.high": 100, "polarity.particles": "bright" });
  assert.deepEqual(new Set(full), new Set([1]), "a full volume is one object");
});

test("classes of grey values and local means make masks as well", async () => {
  const objects = async (steps: readonly RecipeStep[]): Promise<number> => {
    const made = await runRecipe({ reader: balls, recipe: completeRecipe({ name: "own", steps }), scratch, threads: 2, chunkSide: 25 }, {});
    await made.close();
    return made.objects.length;
  };
  const rest: RecipeStep[] = [{ step: "open" }, { step: "components" }, { step: "select" }];
  const expected = await objects([{ step: "threshold", method: "Otsu" }, ...rest]);
  assert.ok(expected > 0);
  assert.equal(await objects([{ step: "threshold", method: "kmeans", classes: 2 }, ...rest]), expected);
  assert.equal(await objects([{ step: "denoise" }, { step: "threshold", method: "dbscan", eps: 1, minPoints: 300 }, ...rest]), expected);
  assert.ok(await objects([{ step: "local-threshold", radius: 14, offset: -40 }, ...rest]) > 0);
});

test("one bright voxel does not blur the statistics of a float volume", async () => {
  const values = Float32Array.from(phantom.raw);
  values[5] = 1e12;
  const labels = await labelsOf(readerOf(values, phantom.shape), "fds", { "rings.correct": "off" });
  const plain = await labelsOf(platelets, "fds", { "rings.correct": "off" });
  assert.equal(new Set(labels).size, new Set(plain).size);
});

test("a reader that fails, and a run that is cancelled, end at once and leave nothing", async () => {
  const here = join(scratch, "failing");
  mkdirSync(here);
  const state = { reads: 0 };
  const failing: VoxelReader = { ...balls, read: async (box) => { if (++state.reads > 3) throw new Error("the disk went away"); return balls.read(box); } };
  await assert.rejects(run(failing, "fds", {}, { scratch: here, memoryBytes: 1, chunkSide: 20 }), /the disk went away/);
  assert.deepEqual(readdirSync(here), []);
  const abort = new AbortController();
  const stopped: VoxelReader = { ...balls, read: async (box) => { abort.abort(); return balls.read(box); } };
  await assert.rejects(run(stopped, "fds", {}, { scratch: here, memoryBytes: 1, chunkSide: 20, signal: abort.signal }), { code: "cancelled" });
  assert.deepEqual(readdirSync(here), []);
});

test("a run with a key goes on where another left off, and does nothing twice", async () => {
  const here = join(scratch, "resumed");
  mkdirSync(here);
  const expected = await labelsOf(balls, "fds-grains", {}, { chunkSide: 20 });
  const abort = new AbortController();
  const state = { reads: 0 };
  const counted: VoxelReader = { ...balls, read: async (box) => { state.reads++; return balls.read(box); } };
  const until = (limit: number): VoxelReader => ({ ...counted, read: async (box) => { if (state.reads === limit) abort.abort(); return counted.read(box); } });
  const again = { scratch: here, resumeKey: "same", memoryBytes: 1, chunkSide: 20 };
  await assert.rejects(run(until(30), "fds-grains", {}, { ...again, signal: abort.signal }), { code: "cancelled" });
  assert.deepEqual(readdirSync(here), ["same"]);
  const before = state.reads;
  assert.deepEqual(await labelsOf(counted, "fds-grains", {}, again), expected);
  const whole = { reads: 0 };
  await labelsOf({ ...balls, read: async (box) => { whole.reads++; return balls.read(box); } }, "fds-grains", {}, { memoryBytes: 1, chunkSide: 20 });
  assert.ok(state.reads - before < whole.reads, `${state.reads - before} reads after ${before}, ${whole.reads} in all`);
  assert.deepEqual(readdirSync(here), [], "nothing is left of a run that came to its end");
});
