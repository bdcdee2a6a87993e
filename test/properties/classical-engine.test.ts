// What a run gives beside labels: the output of any step, objects from seeds, objects within limits, reads in any order.
import assert from "node:assert/strict";
import test from "node:test";
import type { Box3 } from "../../server/classical/contract.ts";
import type { Size3, Voxels } from "../../server/classical/kernels/size3.ts";
import { labelComponents } from "../../server/classical/kernels/components.ts";
import { runRecipe } from "../../server/classical/run-recipe.ts";
import { cropped, sizeOf, wholeBox } from "../../server/classical/tiles/box3.ts";
import { blobs, readerOf, recipeOf, runOf, withScratch } from "../classical-scenes.ts";
import type { Left, Scene } from "../classical-scenes.ts";

const size = [30, 36, 41] as const;
const scene = blobs(3, size, 12);

test("a run may stop after any step, and leaves what the step gives", async () => {
  const recipe = recipeOf("fds-base");
  const left = new Map<string, Left>();
  for (const { step } of recipe.steps) left.set(step, await runOf({ reader: readerOf(scene), recipe, until: step, chunkSide: 20 }));
  assert.deepEqual([...left].map(([step, { kind }]) => `${step} ${kind}`), ["polarity grey", "threshold mask", "distance map", "cut mask", "components labels", "grow labels", "select labels"]);
  assert.deepEqual([...left.values()].map(({ steps }) => steps.length), [1, 2, 3, 4, 5, 6, 7]);
  const [grey, mask, map, cut, parts] = [...left.values()].map(({ values }) => values);
  assert.deepEqual(grey, new Float32Array(scene.values), "bright particles stay as they are");
  const low = Number(left.get("threshold")!.steps[1]!.found["low"]);
  assert.deepEqual(mask, Uint8Array.from(scene.values, (value) => Number(value >= low)));
  assert.deepEqual(map!.map(Math.sign), new Float32Array(mask!), "distances are above 0 in the mask alone");
  assert.ok(cut!.every((flag, at) => flag <= mask![at]!));
  assert.deepEqual(parts, labelComponents(new Uint8Array(cut!), size, 26).labels);
  assert.deepEqual(left.get("components")!.objects.length, Math.max(...parts!));
  assert.deepEqual(left.get("polarity")!.objects, []);
  assert.ok(grey instanceof Float32Array && mask instanceof Uint8Array && map instanceof Float32Array && parts instanceof Uint32Array);
});

test("any box of the answer, several at once", async () => {
  await withScratch(async (scratch) => {
    for (const memoryBytes of [undefined, 1]) {
      for (const until of ["denoise", "close", "split"]) {
        const run = await runRecipe({ reader: readerOf(scene), recipe: recipeOf("fds"), until, scratch, chunkSide: 16, threads: 2, memoryBytes }, {});
        const whole = await run.read(wholeBox(size));
        const boxes: Box3[] = [{ start: [0, 0, 0], end: [1, 1, 1] }, { start: [29, 35, 40], end: [30, 36, 41] }, { start: [3, 14, 15], end: [21, 17, 40] }, { start: [10, 0, 0], end: [11, 36, 41] }, wholeBox(size)];
        const read = await Promise.all(boxes.map((box) => run.read(box)));
        for (const [nth, box] of boxes.entries()) assert.deepEqual(read[nth], cropped(whole, wholeBox(size), box), `${until}, box ${nth}`);
        await run.close();
        await run.close();
      }
    }
  });
});

test("progress never goes back and ends with all", async () => {
  await withScratch(async (scratch) => {
    const said: { done: number; total: number; step: string }[] = [];
    const run = await runRecipe({ reader: readerOf(scene), recipe: recipeOf("fds"), scratch, chunkSide: 16, threads: 1 }, { onProgress: (progress) => said.push(progress) });
    await run.close();
    assert.ok(said.every(({ done, total }, nth) => done <= total && (nth === 0 || nth === said.length - 1 || done >= said[nth - 1]!.done)));
    assert.deepEqual([said.at(-1)!.done, new Set(said.map(({ step }) => step)).has("split")], [said.at(-1)!.total, true]);
  });
});

const half = (box: Box3): Uint8Array => {
  const [, height, width] = sizeOf(box);
  return Uint8Array.from({ length: sizeOf(box).reduce((a, b) => a * b) }, (_, at) => Number(box.start[1] + (Math.floor(at / width) % height) < 18 && box.start[0] + Math.floor(at / (height * width)) !== 12));
};

test("within limits there are objects, beyond them none, whatever fills, grows or is not background", async () => {
  const allowed = half(wholeBox(size));
  for (const [name, set] of [["fds", { "expand.distance": 3, "close.radius": 2 }], ["fds", { "split.method": "none", "expand.distance": 5 }], ["fds-base", { "grow.back": true }], ["ffs", { "iterate.minVolume": 50, "select.minVolume": 50 }]] as const) {
    const first = await runOf({ reader: readerOf(scene), recipe: recipeOf(name, set), limits: half });
    assert.ok(first.objects.length >= 2, name);
    assert.ok(first.values.every((label, at) => label === 0 || allowed[at] === 1), `${name}: beyond its limits`);
    assert.deepEqual(await runOf({ reader: readerOf(scene), recipe: recipeOf(name, set), limits: half, chunkSide: 17, threads: 2, memoryBytes: 1 }), first);
  }
  const nothing = await runOf({ reader: readerOf(scene), recipe: recipeOf("fds"), limits: (box) => new Uint8Array(half(box).length) });
  assert.deepEqual([nothing.objects, nothing.warnings.length > 0], [[], true]);
});

test("objects grow from seeds alone; each holds its seed and keeps its number", async () => {
  const plain = await runOf({ reader: readerOf(scene), recipe: recipeOf("fds", { "split.method": "none" }) });
  // Two seeds in the largest body, one of them in two places; one in the next body; one in the background.
  const [first, second] = [...plain.objects].sort((a, b) => b.voxels - a.voxels);
  const places = [...plain.values.keys()];
  const [a, b] = [places.filter((at) => plain.values[at] === first!.id), places.filter((at) => plain.values[at] === second!.id)];
  const given = new Uint32Array(plain.values.length);
  for (const [at, seed] of [[a[3]!, 70_000], [a[40]!, 70_000], [a.at(-5)!, 2], [b[9]!, 9], [plain.values.indexOf(0), 5]] as const) given[at] = seed;
  const seeds = (box: Box3): Uint32Array => cropped(given, wholeBox(size), box).slice();
  for (const method of ["edt", "ridge", "base"]) {
    const recipe = recipeOf("fds", { "split.method": method, "select.minVolume": 0 });
    const left = await runOf({ reader: readerOf(scene), recipe, seeds });
    assert.deepEqual(left.objects.map(({ seed }) => seed).sort((one, other) => one - other), [2, 9, 70_000], method);
    for (const [at, seed] of given.entries()) if (seed !== 0 && seed !== 5) assert.equal(left.objects[left.values[at]! - 1]?.seed, seed, method);
    assert.deepEqual(left.values.map((label) => Number(label > 0)), plain.values.map((label) => Number(label === first!.id || label === second!.id)), `${method}: their bodies are full, others empty`);
    assert.deepEqual(await runOf({ reader: readerOf(scene), recipe, seeds, chunkSide: 13, threads: 2, memoryBytes: 1 }), left);
  }
});

test("seeds that no step uses are told", async () => {
  const { warnings } = await runOf({ reader: readerOf(scene), recipe: recipeOf("fds", { "split.method": "none" }), seeds: (box) => new Uint32Array(half(box).length) });
  assert.match(warnings.join(" "), /Seeds were given/);
});

function flipInto<V extends Voxels | Uint32Array>(out: V, values: V, axis: number): V {
  for (let z = 0, at = 0; z < size[0]; z++) for (let y = 0; y < size[1]; y++) for (let x = 0; x < size[2]; x++, at++) {
    const place: Size3 = [axis === 0 ? size[0] - 1 - z : z, axis === 1 ? size[1] - 1 - y : y, axis === 2 ? size[2] - 1 - x : x];
    out[at] = values[(place[0] * size[1] + place[1]) * size[2] + place[2]]!;
  }
  return out;
}

/** Numbered anew in raster order. */
function renumbered(labels: Uint32Array): Uint32Array {
  const numbers = new Map([[0, 0]]);
  return labels.map((label) => numbers.get(label) ?? numbers.set(label, numbers.size).get(label)!);
}

// Not `edt`, `base` and `grow`: distances are often equal, and of equal voxels the first in raster order wins. A Laplacian of noise has no equal values.
for (const [name, set] of [["fds", { "split.method": "none" }], ["fds", { "split.method": "ridge" }], ["fds-base", {}], ["ffs", {}]] as const) {
  test(`${name} ${JSON.stringify(set)}: a flipped volume has the flipped objects`, async () => {
    const recipe = recipeOf(name, set);
    const { values } = await runOf({ reader: readerOf(scene), recipe });
    assert.ok(values instanceof Uint32Array && scene.values instanceof Uint16Array);
    for (const axis of [0, 1, 2]) {
      const turned: Scene = { size, values: flipInto(scene.values.slice(), scene.values, axis) };
      const found = await runOf({ reader: readerOf(turned), recipe, chunkSide: 24 });
      assert.deepEqual(found.values, renumbered(flipInto(values.slice(), values, axis)), `axis ${axis}`);
    }
  });
}
