// masklet segment as a person runs it, with the recipes that come with the product.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { validate } from "#protocol/schema.ts";
import { writeImagejTiff } from "#server/exports/tiff-writer.ts";
import { makePhantom } from "../../fixtures/make/phantom.ts";
import { runCommand, startCommand, type Ended } from "./run-command.ts";
import { dice, readLabels, spacing, writePhantomFiles } from "./small-phantom.ts";

const folder = mkdtempSync(join(tmpdir(), "masklet-cli-segment-"));
const home = join(folder, "home");
after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
const out = (name: string): string => join(folder, name);
const run = (...args: string[]): Promise<Ended> => runCommand([...args, "--json"], { home });
const files = await writePhantomFiles(folder);

/** The id that most voxels of a particle have. */
function idOver(found: ArrayLike<number>, truth: ArrayLike<number>, particle: number): number {
  const votes = new Map<number, number>();
  for (let at = 0; at < truth.length; at++) if (truth[at] === particle && found[at] !== 0) votes.set(found[at]!, (votes.get(found[at]!) ?? 0) + 1);
  return [...votes].reduce((best, vote) => (vote[1] > best[1] ? vote : best), [0, 0])[0];
}

test("particles of a small phantom: labels that fit the truth, boxes that hold them, and the values used", async () => {
  const ended = await run("segment", "--input", files.raw, "--output", out("labels.tif"), "--write-prompts", out("prompts.json"), "--csv", out("objects.csv"));
  assert.equal(ended.code, 0, ended.out + ended.err);
  const told = JSON.parse(ended.out);
  const [found, truth] = [await readLabels(out("labels.tif")), await readLabels(files.truth)];
  assert.deepEqual([found.shape, found.spacing], [files.phantom.shape, spacing]);
  assert.equal(told.objects, Math.max(...Array.from(found.ids)));
  for (const { id } of files.phantom.objects) {
    const own = idOver(found.ids, truth.ids, id);
    const overlap = dice(Array.from(found.ids, (value) => (value === own ? id : 0)), truth.ids, id);
    assert.ok(overlap > 0.6, `particle ${id}: Dice ${overlap}`);
  }
  assert.ok(told.steps.length > 3 && told.steps.some((step: { found: object }) => Object.keys(step.found).length > 0));
  const prompts = validate("PromptsFile", JSON.parse(readFileSync(out("prompts.json"), "utf8")));
  assert.equal(prompts.objects.length, told.objects);
  assert.equal(readFileSync(out("objects.csv"), "utf8").trim().split("\n").length, told.objects + 1);
  assert.ok(!existsSync(join(home, "scratch")) || readdirSync(join(home, "scratch")).length === 0);

  const plain = await runCommand(["segment", "--input", files.raw, "--output", out("again.tif"), "--threads", "1", "--chunk", "16"], { home });
  assert.match(plain.out, new RegExp(`^${told.objects} objects with fds in `));
  assert.deepEqual((await readLabels(out("again.tif"))).ids, found.ids, "the same whatever the cubes and threads");
});

test("every recipe that is listed runs, and every step of it can be written", async () => {
  const { recipes } = validate("RecipeList", JSON.parse((await run("recipes", "list")).out));
  assert.ok(recipes.length >= 3);
  for (const { name, steps } of recipes) {
    const ended = await run("segment", "--input", files.raw, "--recipe", name, "--output", out(`${name}.tif`));
    assert.equal(ended.code, 0, `${name}: ${ended.out}${ended.err}`);
    const last = await run("segment", "--input", files.raw, "--recipe", name, "--step", steps[Math.floor(steps.length / 2)]!.id, "--slice", "5", "--output", out(`${name}-step.tif`));
    assert.equal(last.code, 0, `${name}: ${last.out}${last.err}`);
    assert.deepEqual((await readLabels(out(`${name}-step.tif`))).shape, [1, ...files.phantom.shape.slice(1)]);
  }
});

test("a recipe of one's own is written, changed and run; its faults name file, step and parameter", async () => {
  assert.equal((await run("recipes", "show", "fds", "--write", out("own.json"))).code, 0);
  const own = JSON.parse(readFileSync(out("own.json"), "utf8"));
  assert.equal((await run("segment", "--input", files.raw, "--recipe", out("own.json"), "--output", out("own.tif"))).code, 0);
  assert.deepEqual((await readLabels(out("own.tif"))).ids, (await readLabels(out("labels.tif"))).ids);
  writeFileSync(out("own.json"), JSON.stringify({ ...own, steps: own.steps.map((step: object, nth: number) => (nth === 1 ? { ...step, lo: 3 } : step)) }));
  const ended = await run("segment", "--input", files.raw, "--recipe", out("own.json"), "--output", out("never.tif"));
  const { error } = JSON.parse(ended.out);
  assert.deepEqual([ended.code, error.code], [3, "recipe_invalid"]);
  assert.match(error.message, /own\.json: Step 2 .*"lo"/);
});

test("killed in the middle, the same command goes on and gives the same labels", { timeout: 300_000 }, async () => {
  const phantom = makePhantom({ seed: 5, shape: [96, 240, 256], particles: 60, radius: [12, 20], thickness: [5, 7], noise: 900, rings: 0 });
  const [z, y, x] = phantom.shape;
  await writeImagejTiff(out("big.tif"), { shape: { t: 1, c: 1, z, y, x }, dtype: "uint16", spacing }, Array.from({ length: z }, (_, at) => phantom.raw.subarray(at * y * x, (at + 1) * y * x)));
  const args = (name: string): string[] => ["segment", "--input", out("big.tif"), "--output", out(name), "--memory", "64M", "--chunk", "64"];
  const whole = await runCommand(args("whole.tif"), { home });
  assert.equal(whole.code, 0, whole.err);
  const steps = [...new Set([...whole.err.matchAll(/^(\S+): \d+ %/gm)].map(([, step]) => step!))].filter((step) => step !== "writing");
  const at = steps[Math.floor(steps.length / 2)]!;
  const started = startCommand(args("killed.tif"), { home });
  await started.line(new RegExp(`${at}: \\d+ %`));
  process.kill(-started.child.pid!, "SIGKILL");
  await started.ended;
  assert.ok(!existsSync(out("killed.tif")));
  const again = await runCommand(args("killed.tif"), { home });
  assert.equal(again.code, 0, again.err);
  assert.match(again.err, /Going on from what an earlier run of the same left/);
  assert.deepEqual((await readLabels(out("killed.tif"))).ids, (await readLabels(out("whole.tif"))).ids);
  assert.deepEqual(readdirSync(join(home, "scratch")), []);
});

test("Ctrl-C keeps what is done, says so, and ends with 130", { timeout: 120_000 }, async () => {
  const started = startCommand(["segment", "--input", out("big.tif"), "--output", out("stopped.tif"), "--chunk", "32", "--memory", "64M"], { home });
  // What is read and looked through is on the disk by then.
  await started.line(/^threshold: \d+ %/m);
  started.interrupt();
  const ended = await started.ended;
  assert.equal(ended.code, 130, ended.err);
  assert.match(ended.err, /the same command goes on from there/);
  assert.equal(readdirSync(join(home, "scratch")).length, 1);
});
