// automask as a command, with real weights on discs that nobody points at.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { writeImagejTiff } from "#server/exports/tiff-writer.ts";
import { ensureWeights, weightsHome } from "../weights.ts";
import { runCommand, startCommand } from "./run-command.ts";
import { readLabels, spacing } from "./small-phantom.ts";

const folder = mkdtempSync(join(tmpdir(), "masklet-cli-automask-"));
after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
await ensureWeights();

const shape = { t: 1, c: 1, z: 4, y: 80, x: 96 };
/** Dark discs on a bright ground, with a little noise; radius, centre u, centre v. The last is on z 2 and 3 alone. */
const discs = [[12, 24, 22], [9, 70, 50], [11, 26, 60]] as const;
const isIn = (nth: number, z: number, v: number, u: number): boolean => (nth < 2 || z >= 2) && (u + 0.5 - discs[nth]![1]) ** 2 + (v + 0.5 - discs[nth]![2]) ** 2 < discs[nth]![0] ** 2;
const noise = (at: number): number => ((Math.imul(at + 12_345, 2_654_435_761) >>> 0) / 2 ** 32) * 800;
const input = join(folder, "discs.tif");
await writeImagejTiff(input, { shape, dtype: "uint16", spacing }, Array.from({ length: shape.z }, (_, z) => Uint16Array.from({ length: shape.y * shape.x }, (_, at) =>
  (discs.some((_disc, nth) => isIn(nth, z, Math.floor(at / shape.x), at % shape.x)) ? 6000 : 19_000) + noise(z * 7919 + at))));

const out = (name: string): string => join(folder, name);
const run = (...args: string[]) => runCommand(["automask", "--input", input, ...args, "--json"], { home: weightsHome() });
const clicks = ["--points-per-side", "6", "--stability", "0.9", "--model", "mobile-sam"];

/** For every disc on a slice the id that covers most of it, and the overlap of that id's pixels with it. */
function answers(ids: ArrayLike<number>, z: number): { id: number; iou: number }[] {
  return discs.map((_disc, nth) => {
    const counts = new Map<number, { both: number; all: number }>();
    let size = 0;
    for (let at = 0; at < shape.y * shape.x; at++) {
      const id = ids[z * shape.y * shape.x + at]!;
      const inside = isIn(nth, z, Math.floor(at / shape.x), at % shape.x);
      size += Number(inside);
      const count = counts.get(id) ?? { both: 0, all: 0 };
      counts.set(id, { both: count.both + Number(inside), all: count.all + 1 });
    }
    const best = [...counts].filter(([id]) => id > 0).sort(([, a], [, b]) => b.both - a.both)[0];
    return best === undefined || best[1].both === 0 ? { id: 0, iou: 0 } : { id: best[0], iou: best[1].both / (best[1].all + size - best[1].both) };
  });
}

test("discs on one slice are found, and the other slices stay empty", { timeout: 300_000 }, async () => {
  const ended = await run("--slice", "2", "--output", out("slice.tif"), "--csv", out("slice.csv"), ...clicks);
  assert.equal(ended.code, 0, ended.out + ended.err);
  const { objects, planes, model, files } = JSON.parse(ended.out);
  assert.deepEqual([planes, model, files], [objects, "mobile-sam", [out("slice.tif"), out("slice.csv")]]);
  const labels = await readLabels(out("slice.tif"));
  assert.deepEqual([labels.shape, labels.spacing], [[4, 80, 96], spacing]);
  const found = answers(labels.ids, 2);
  assert.ok(found.every(({ iou }) => iou > 0.8), JSON.stringify(found));
  assert.equal(new Set(found.map(({ id }) => id)).size, 3);
  assert.ok(Array.from(labels.ids).every((id, at) => id === 0 || Math.floor(at / (shape.y * shape.x)) === 2));
});

test("discs through a stack keep their ids from slice to slice", { timeout: 300_000 }, async () => {
  const ended = await run("--every", "3", "--output", out("stack.tif"), ...clicks);
  assert.equal(ended.code, 0, ended.out + ended.err);
  const { ids } = await readLabels(out("stack.tif"));
  const planes = [0, 1, 2, 3].map((z) => answers(ids, z));
  for (const nth of [0, 1]) {
    assert.equal(new Set(planes.map((found) => found[nth]!.id)).size, 1, JSON.stringify(planes));
    assert.ok(planes.every((found) => found[nth]!.iou > 0.8), JSON.stringify(planes));
  }
  assert.ok(planes[3]![2]!.iou > 0.8 && planes[3]![2]!.id === planes[2]![2]!.id, JSON.stringify(planes));
});

test("nothing found is an empty label image and no failure", { timeout: 300_000 }, async () => {
  const ended = await run("--slice", "1", "--region", "40,0,60,20", "--points-per-side", "1", "--min-area", "400", "--output", out("empty.tif"), "--geojson", out("empty.geojson"), "--model", "mobile-sam");
  assert.equal(ended.code, 0, ended.out + ended.err);
  assert.deepEqual(JSON.parse(ended.out), { model: "mobile-sam", objects: 0, planes: 0, files: [out("empty.tif")] });
  assert.ok(Array.from((await readLabels(out("empty.tif"))).ids).every((id) => id === 0));
});

test("what cannot be looked at is said before anything is written", async () => {
  for (const [exit, code, words, ...args] of [
    [2, "usage", /--slice N/],
    [2, "usage", /--slice N/, "--slice", "1", "--every", "2"],
    [2, "usage", /--range/, "--slice", "1", "--range", "0:2"],
    [2, "usage", /--region/, "--slice", "1", "--region", "4,4,2,9"],
    [2, "usage", /--points-per-side/, "--slice", "1", "--points-per-side", "0"],
    [2, "usage", /--axis t/, "--slice", "1", "--axis", "t"],
    [3, "plane_off_volume", /z = 4/, "--slice", "4"],
    [3, "prompt_off_image", /96 x 80/, "--slice", "1", "--region", "0,0,97,4"],
    [3, "axis_unsupported", /t/, "--every", "1", "--axis", "t"],
  ] as const) {
    const ended = await run("--output", out("never.tif"), ...args);
    const { error } = JSON.parse(ended.out);
    assert.deepEqual([ended.code, error.code], [exit, code], ended.out);
    assert.match(error.message, words);
  }
  assert.ok(!existsSync(out("never.tif")));
});

test("Ctrl-C keeps what arrived", { timeout: 300_000 }, async () => {
  const started = startCommand(["automask", "--input", input, "--every", "3", "--output", out("stopped.tif"), ...clicks], { home: weightsHome() });
  // The first seed plane is done: what it brought has been followed to its ends.
  await started.line(/looking: 50 %/);
  started.interrupt();
  const ended = await started.ended;
  assert.equal(ended.code, 130, ended.err);
  assert.match(ended.err, /Stopped early \(cancelled\)/);
  assert.ok(answers((await readLabels(out("stopped.tif"))).ids, 0).slice(0, 2).every(({ iou }) => iou > 0.8));
});
