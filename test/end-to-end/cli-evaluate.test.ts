// evaluate as a command: files in, a table, JSON and CSV out, and what is said of bad ones.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { validate } from "#protocol/schema.ts";
import { writeLabelsTiff } from "#server/exports/labels-tiff.ts";
import { writeLabelsZarr } from "#server/exports/labels-zarr.ts";
import { writeImagejTiff } from "#server/exports/tiff-writer.ts";
import type { Triple } from "#server/volumes/label-reader.ts";
import { arrayReader, blobs, worsened } from "../label-scenes.ts";
import { runCommand, startCommand, type Ended } from "./run-command.ts";

const folder = mkdtempSync(join(tmpdir(), "masklet-cli-evaluate-"));
after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

const out = (name: string): string => join(folder, name);
const run = (...args: string[]): Promise<Ended> => runCommand(["evaluate", ...args], { home: out("home") });
const size: Triple = [18, 40, 50];
const shape = { t: 1, c: 1, z: 18, y: 40, x: 50 };
const spacing = { z: 0.5, y: 0.25, x: 0.25 };
const truth = blobs(size, 20, 3, 0.15);
const found = worsened(truth, size, 4);
const planeOf = (ids: Uint32Array) => (_t: number, z: number): Uint32Array => ids.slice(2000 * z, 2000 * (z + 1));
await writeLabelsTiff(out("truth.tif"), { shape, spacing }, 1000, planeOf(truth));
await writeLabelsTiff(out("found.tif"), { shape, spacing }, 1000, planeOf(found));
await writeLabelsTiff(out("empty.tif"), { shape, spacing: undefined }, 1000, planeOf(new Uint32Array(36_000)));
await writeLabelsZarr(out("found.zarr"), { size, spacing, name: "found" }, ({ z, y, x }) => arrayReader(found, size).read([z[0], y[0], x[0]], [z[1], y[1], x[1]]));

test("two predictions side by side, as a table, JSON and a line for each object", async () => {
  writeFileSync(out("prompts.json"), JSON.stringify({ objects: [{ id: 2, prompts: [{ z: 3, points: [[1, 1, 1]] }, { z: 9, points: [[1, 1, 1]] }] }, { id: 5, axis: "x", prompts: [{ x: 3, points: [[1, 1, 1]] }] }] }));
  const ended = await run("--truth", out("truth.tif"), "--prediction", out("found.tif"), "--prediction", out("truth.tif"), "--name", "ours", "--name", "truth, itself", "--prompts", out("prompts.json"), "--objects", out("objects.csv"), "--output", out("evaluation.json"));
  assert.equal(ended.code, 0, ended.out + ended.err);
  assert.match(ended.out, /^truth truth\.tif: 20 objects, \d+ voxels, in 18 x 40 x 50 \(z x y x x\), voxels of 0\.5 x 0\.25 x 0\.25 um\n/);
  assert.match(ended.out, /\n +ours +truth, itself\n/);
  assert.match(ended.out, /foreground: Dice \/ Jaccard +0\.\d{3} \/ 0\.\d{3} +1\.000 \/ 1\.000\n/);
  assert.match(ended.out, /Dice 1 slices from the prompt +\d\.\d{3} +1\.000/);
  const { evaluations } = validate("EvaluationList", JSON.parse(readFileSync(out("evaluation.json"), "utf8")));
  assert.deepEqual(evaluations.map(({ prediction }) => prediction.name), ["ours", "truth, itself"]);
  assert.deepEqual([evaluations[0]!.unit, evaluations[0]!.spacing], ["um", [0.5, 0.25, 0.25]]);
  const [head, ...lines] = readFileSync(out("objects.csv"), "utf8").trimEnd().split("\n").map((line) => line.replaceAll('"truth, itself"', "itself").split(","));
  assert.equal(lines.length, evaluations.reduce((sum, { objects, unmatched }) => sum + objects.length + unmatched.length, 0));
  assert.ok(lines.every((cells) => cells.length === head!.length));
  const column = (name: string): number => head!.indexOf(name);
  const first = evaluations[0]!.objects[0]!;
  assert.deepEqual([lines[0]![column("truth_id")], Number(lines[0]![column("truth_volume_um3")]), lines[0]![column("verdict")]], [`${first.truth}`, Number(first.volume.toPrecision(9)), first.verdict]);
  assert.ok(lines.some((cells) => cells[column("verdict")] === "spurious" && cells[column("truth_id")] === ""));
});

test("--json prints what the file holds, and a Zarr gives the same", async () => {
  const [tiff, zarr] = [await run("--truth", out("truth.tif"), "--prediction", out("found.tif"), "--name", "a", "--json"), await run("--truth", out("truth.tif"), "--prediction", out("found.zarr"), "--name", "a", "--json")];
  assert.deepEqual(validate("EvaluationList", JSON.parse(tiff.out)), JSON.parse(zarr.out));
});

test("an empty side has defined scores, and they are said to be so", async () => {
  const [nothing, missed] = [await run("--truth", out("empty.tif"), "--prediction", out("empty.tif")), await run("--truth", out("truth.tif"), "--prediction", out("empty.tif"))];
  assert.deepEqual([nothing.code, missed.code], [0, 0]);
  assert.match(nothing.err, /scores are 1 because nothing was there/);
  assert.match(missed.err, /everything is missed/);
  assert.match(missed.out, /foreground surface: Hausdorff 95 \/ mean \(um\) +- \/ -/);
});

test("bad input is refused by code, and nothing is written", async () => {
  const fails = async (exit: number, code: string, says: RegExp, ...args: string[]): Promise<void> => {
    const ended = await run(...args, "--output", out("never.json"), "--json");
    const { error } = JSON.parse(ended.out);
    assert.deepEqual([ended.code, error.code], [exit, code], ended.out + ended.err);
    assert.match(error.message, says);
    assert.ok(!existsSync(out("never.json")));
  };
  const pixels = (value: number): Float32Array => new Float32Array(2000).fill(value);
  for (const [name, value] of [["negative", -3], ["fraction", 1.5]] as const) await writeImagejTiff(out(`${name}.tif`), { shape, dtype: "float32", spacing }, Array.from({ length: 18 }, (_, z) => pixels(z === 7 ? value : 1)));
  await writeLabelsTiff(out("small.tif"), { shape: { ...shape, z: 17 }, spacing }, 1000, planeOf(truth));
  await writeLabelsTiff(out("stretched.tif"), { shape, spacing: { ...spacing, z: 1 } }, 1000, planeOf(truth));
  await writeLabelsTiff(out("cut.tif"), { shape, spacing }, 1000, planeOf(truth));
  truncateSync(out("cut.tif"), 30_000);
  const given = ["--truth", out("truth.tif"), "--prediction"];
  await fails(3, "labels_invalid", /negative\.tif.*z=7, y=0, x=0.*-3/, ...given, out("negative.tif"));
  await fails(3, "labels_invalid", /1\.5/, ...given, out("fraction.tif"));
  await fails(3, "labels_mismatch", /18 x 40 x 50.*17 x 40 x 50/, ...given, out("small.tif"));
  await fails(3, "labels_mismatch", /micrometres/, ...given, out("stretched.tif"));
  assert.equal((await run(...given, out("stretched.tif"), "--spacing", "1,1,1")).code, 0);
  await fails(3, "tiff_truncated", /cut short/, ...given, out("cut.tif"));
  await fails(3, "file_missing", /nowhere/, ...given, out("nowhere.tif"));
  await fails(3, "plane_off_volume", /t = 1/, ...given, out("found.tif"), "--frame", "1");
  await fails(2, "usage", /--prediction is missing/, "--truth", out("truth.tif"));
  await fails(2, "usage", /--spacing must be Z,Y,X/, ...given, out("found.tif"), "--spacing", "1,0,1");
  await fails(2, "usage", /1 predictions and 2 names/, ...given, out("found.tif"), "--name", "a", "--name", "b");
  writeFileSync(out("along-x.json"), JSON.stringify({ objects: [{ id: 2, axis: "x", prompts: [{ x: 3, points: [[1, 1, 1]] }] }] }));
  await fails(2, "usage", /no object on a slice along z/, ...given, out("found.tif"), "--prompts", out("along-x.json"));
  const over = await run(...given, out("found.tif"), "--output", out("truth.tif"));
  assert.deepEqual([over.code, over.err.includes("would be written over a file that is read")], [2, true]);
});

test("Ctrl-C ends it with 130", async () => {
  const large: Triple = [256, 256, 256];
  const row = new Uint32Array(256 * 256).map((_, at) => (at % 7 < 3 ? 1 + (at % 40_000) : 0));
  const wide = { t: 1, c: 1, z: large[0], y: large[1], x: large[2] };
  await writeLabelsTiff(out("large.tif"), { shape: wide, spacing }, 40_000, () => row);
  const started = startCommand(["evaluate", "--truth", out("large.tif"), "--prediction", out("large.tif")], { home: out("home") });
  await started.line(/judging: \d/);
  started.interrupt();
  const { code, err } = await started.ended;
  assert.deepEqual([code, /Cancelled/.test(err)], [130, true], err);
});
