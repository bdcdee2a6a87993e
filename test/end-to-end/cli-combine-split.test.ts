// combine and split as commands: on label images, and with real weights on one particle of a small phantom.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { writeLabelsTiff } from "#server/exports/labels-tiff.ts";
import { ensureWeights, weightsHome } from "../weights.ts";
import { runCommand, type Ended } from "./run-command.ts";
import { dice, readLabels, spacing, writePhantomFiles } from "./small-phantom.ts";

const folder = mkdtempSync(join(tmpdir(), "masklet-cli-combine-"));
const home = join(folder, "home");
after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

const shape = { t: 1, c: 1, z: 4, y: 9, x: 19 };
const labels = join(folder, "labels.tif");

/** Object 3 is two blocks with a bridge between them; object 8 is a row below. */
function idAt(z: number, y: number, x: number): number {
  if (y === 8) return 8;
  const block = y >= 1 && y < 7 && ((x >= 1 && x < 7) || (x >= 11 && x < 17));
  return block || (y === 3 && x >= 7 && x < 11 && z === 1) ? 3 : 0;
}
await writeLabelsTiff(labels, { shape, spacing }, 8, (_t, z) => Uint16Array.from({ length: shape.y * shape.x }, (_, at) => idAt(z, Math.floor(at / shape.x), at % shape.x)));

const run = (...args: string[]): Promise<Ended> => runCommand([...args, "--json"], { home });
const out = (name: string): string => join(folder, name);
const count = (ids: ArrayLike<number>, id: number): number => Array.from(ids).filter((value) => value === id).length;

async function fails(exit: number, code: string, ...args: string[]): Promise<string> {
  const ended = await run(...args);
  const { error } = JSON.parse(ended.out);
  assert.deepEqual([ended.code, error.code], [exit, code], ended.out + ended.err);
  return error.message;
}

test("a label's particles are parted, the new id is told, and the calibration kept", async () => {
  const ended = await run("split", "--labels", labels, "--object", "3", "--output", out("parted.tif"));
  assert.equal(ended.code, 0, ended.out);
  assert.deepEqual(JSON.parse(ended.out), { objects: [{ object: 3, voxels: 146 }, { object: 9, voxels: 146 }], files: [out("parted.tif")] });
  const parted = await readLabels(out("parted.tif"));
  assert.deepEqual([parted.shape, parted.spacing], [[4, 9, 19], spacing]);
  assert.deepEqual([3, 9, 8].map((id) => count(parted.ids, id)), [146, 146, 4 * 19]);
  assert.deepEqual([parted.ids[19 + 1], parted.ids[19 + 16]], [3, 9]);

  const plain = await runCommand(["split", "--labels", labels, "--object", "3", "--output", out("seeded.tif"), "--seed", "16.5,3,2", "--seed", "2,3,0", "--seed", "9,3,1"], { home });
  assert.equal(plain.out, `Object 3 is now 3 (${count((await readLabels(out("seeded.tif"))).ids, 3)} voxels), 9 (${count((await readLabels(out("seeded.tif"))).ids, 9)} voxels, new), 10 (${count((await readLabels(out("seeded.tif"))).ids, 10)} voxels, new): ${out("seeded.tif")}\n`);
  assert.equal((await readLabels(out("seeded.tif"))).ids[19 + 16], 3, "the first seed's part keeps the id");

  const joined = await run("combine", "--labels", out("parted.tif"), "--union", "9,3", "--output", out("joined.tif"), "--csv", out("joined.csv"));
  assert.equal(joined.code, 0, joined.out);
  assert.deepEqual(JSON.parse(joined.out), { object: 9, joined: [9, 3], objects: 2, files: [out("joined.tif"), out("joined.csv")] });
  const [again, first] = [await readLabels(out("joined.tif")), await readLabels(labels)];
  assert.deepEqual(Array.from(again.ids, (id) => (id === 9 ? 3 : id)), Array.from(first.ids));
  assert.deepEqual(again.spacing, spacing);
});

test("what cannot be split or joined is said before anything is written", async () => {
  const split = (...rest: string[]): string[] => ["split", "--labels", labels, "--output", out("never.tif"), ...rest];
  assert.match(await fails(2, "usage", ...split()), /--object/);
  assert.match(await fails(2, "usage", ...split("--object", "3", "--seed", "1,2")), /x,y,z/);
  assert.match(await fails(2, "usage", ...split("--object", "3", "--seed", "1,2,3")), /One --seed/);
  assert.match(await fails(2, "usage", ...split("--object", "3", "--seed", "1,2,3", "--seed", "9,2,3", "--depth", "2")), /--depth/);
  await fails(3, "not_found", ...split("--object", "4"));
  await fails(3, "split_impossible", ...split("--object", "8"));
  await fails(3, "plane_off_volume", ...split("--object", "3", "--seed", "1,2,3", "--seed", "1,2,4"));
  const union = (...rest: string[]): string[] => ["combine", "--labels", labels, "--output", out("never.tif"), ...rest];
  assert.match(await fails(2, "usage", ...union()), /--union/);
  assert.match(await fails(2, "usage", ...union("--union", "3,x")), /--union/);
  assert.match(await fails(2, "usage", ...union("--union", "3,8", "--votes", "2")), /--votes/);
  await fails(3, "not_found", ...union("--union", "3,9"));
  assert.match(await fails(2, "usage", "split", "--labels", labels, "--object", "3", "--output", labels), /written over/);
  const prompts = out("bad-prompts.json");
  writeFileSync(prompts, JSON.stringify({ objects: [{ id: 1, prompts: [{ z: 1, box: [1, 1, 4, 4] }] }] }));
  assert.match(await fails(2, "usage", "combine", "--input", labels, "--prompts", prompts, "--output", out("never.tif"), "--axes", "z,z"), /--axes/);
  assert.ok(!existsSync(out("never.tif")));
});

test("one particle followed along z and y with real weights: labels, and a report of what was disputed", { timeout: 300_000 }, async () => {
  await ensureWeights();
  const files = await writePhantomFiles(folder);
  const ended = await runCommand(["combine", "--input", files.raw, "--prompts", files.prompts, "--output", out("combined.tif"), "--report", out("report.json"), "--axes", "z,y", "--model", "mobile-sam", "--json"], { home: weightsHome() });
  assert.equal(ended.code, 0, ended.out + ended.err);
  const { objects, disagreements, model } = JSON.parse(ended.out);
  assert.deepEqual([objects, model], [1, "mobile-sam"]);
  const [found, truth] = [await readLabels(out("combined.tif")), await readLabels(files.truth)];
  assert.deepEqual([found.shape, found.spacing], [files.phantom.shape, spacing]);
  const [{ objectId, voxels, disputed, dice: overlap }] = disagreements;
  assert.deepEqual([objectId, voxels], [files.objectId, count(found.ids, files.objectId)]);
  assert.ok(disputed > 0 && overlap > 0 && overlap < 1);
  assert.ok(dice(found.ids, truth.ids, files.objectId) > 0.5, `Dice ${dice(found.ids, truth.ids, files.objectId)}`);
  assert.deepEqual(JSON.parse(readFileSync(out("report.json"), "utf8")), { model, axes: ["z", "y"], votes: 2, disagreements });
});
