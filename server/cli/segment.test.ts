// masklet segment and masklet recipes in this process, with a small stand-in for the engine.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { MaskletError } from "#protocol/errors.ts";
import { validate } from "#protocol/schema.ts";
import { writeImagejTiff } from "#server/exports/tiff-writer.ts";
import { openVolume } from "#server/volumes/open-volume.ts";
import { fakeClassical } from "../../test/fake-classical.ts";
import { readOptions } from "./options.ts";
import { recipesOptions, runRecipes } from "./recipes.ts";
import { segmentOptions } from "./segment-order.ts";
import { runSegment } from "./segment.ts";
import { openTerminal } from "./terminal.ts";

const folder = mkdtempSync(join(tmpdir(), "masklet-segment-"));
after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
const home = join(folder, "home");
const at = (name: string): string => join(folder, name);

// z, y, x; two blocks, the second brighter.
const [depth, height, width] = [5, 8, 12];
const valueAt = (z: number, y: number, x: number): number => (z >= 1 && z < 4 && y >= 2 && y < 6 && x >= 1 && x < 5 ? 150 : z >= 2 && y >= 1 && y < 4 && x >= 7 ? 250 : 20);
const plane = (z: number): Uint8Array => Uint8Array.from({ length: height * width }, (_, nth) => valueAt(z, Math.floor(nth / width), nth % width));
const input = at("vol.tif");
await writeImagejTiff(input, { shape: { t: 1, c: 1, z: depth, y: height, x: width }, dtype: "uint8", spacing: { z: 0.5, y: 0.25, x: 0.25 } }, Array.from({ length: depth }, (_, z) => plane(z)));

interface Ran {
  readonly out: string;
  readonly err: string;
  readonly fault: MaskletError | undefined;
}

async function run(args: readonly string[], { engine = fakeClassical(), signal = new AbortController().signal, json = false } = {}): Promise<Ran> {
  const text = { out: "", err: "" };
  const terminal = openTerminal(json, { write: (more) => (text.out += more) }, { write: (more) => (text.err += more) });
  const [command, ...rest] = args;
  const context = { terminal, home, token: undefined, signal };
  try {
    if (command === "recipes") await runRecipes(readOptions(rest, recipesOptions), context, engine);
    else await runSegment(readOptions(["--input", input, ...rest], segmentOptions), context, engine);
    return { ...text, fault: undefined };
  } catch (thrown) {
    if (!(thrown instanceof MaskletError)) throw thrown;
    return { ...text, fault: thrown };
  }
}

async function voxels(path: string): Promise<{ shape: number[]; dtype: string; spacing: unknown; values: ArrayLike<number> }> {
  const source = await openVolume(path);
  const { z, y, x } = source.shape;
  const values = await source.read({ t: 0, c: 0, z: [0, z], y: [0, y], x: [0, x] });
  await source.close();
  return { shape: [z, y, x], dtype: source.dtype, spacing: source.spacing, values };
}
const count = (values: ArrayLike<number>, wanted: number): number => Array.from(values).filter((value) => value === wanted).length;

test("a volume becomes a label image, boxes to propagate from, ROIs and measurements, and the values used are told", async () => {
  const ended = await run(["segment", "--output", at("labels.tif"), "--write-prompts", at("prompts.json"), "--csv", at("objects.csv"), "--geojson", at("objects.geojson"), "--memory", "1.5G", "--threads", "2", "--chunk", "32"]);
  assert.equal(ended.fault, undefined);
  assert.match(ended.out, /^2 objects with fds in \d+\.\d s, [\d.]+ MVx\/s: .*labels\.tif, .*prompts\.json, .*objects\.geojson, .*objects\.csv\n  threshold  low 100  ->  voxels 93\n  distance\n  label\n$/);
  assert.match(ended.err, /^threshold: 100 %\ndistance: 100 %\nlabel: 100 %\nwriting: 20 % of 5 planes\n/);
  const labels = await voxels(at("labels.tif"));
  assert.deepEqual([labels.shape, labels.dtype, labels.spacing], [[5, 8, 12], "uint16", { z: 0.5, y: 0.25, x: 0.25 }]);
  assert.deepEqual([count(labels.values, 1), count(labels.values, 2)], [48, 45]);
  const prompts = validate("PromptsFile", JSON.parse(readFileSync(at("prompts.json"), "utf8")));
  assert.deepEqual(prompts.objects, [{ id: 1, axis: "z", prompts: [{ z: 1, box: [0, 1, 6, 7] }] }, { id: 2, axis: "z", prompts: [{ z: 2, box: [6, 0, 12, 5] }] }]);
  assert.equal(readFileSync(at("objects.csv"), "utf8").trim().split("\n").length, 3);
  assert.deepEqual(readdirSync(join(home, "scratch")), [], "nothing is left of a run that ended well");
});

test("a region is a volume of its own: the label image has its size, boxes count from the volume's corner", async () => {
  const engine = fakeClassical();
  const ended = await run(["segment", "--output", at("part.tif"), "--roi", "3:5,:,6:12", "--set", "threshold.low=200", "--set", "label.minVolume=2", "--write-prompts", at("part.json")], { engine, json: true });
  const { seconds, ...said } = JSON.parse(ended.out);
  assert.ok(seconds >= 0);
  assert.deepEqual(said, {
    recipe: "fds", objects: 1, warnings: [], files: [at("part.tif"), at("part.json")],
    steps: [{ id: "threshold", step: "threshold", parameters: { low: 200 }, found: { voxels: 30 } }, { id: "distance", step: "distance", parameters: {}, found: {} }, { id: "label", step: "label", parameters: {}, found: {} }],
  });
  assert.deepEqual((await voxels(at("part.tif"))).shape, [2, 8, 6]);
  assert.deepEqual(JSON.parse(readFileSync(at("part.json"), "utf8")).objects, [{ id: 1, axis: "z", prompts: [{ z: 3, box: [6, 0, 12, 5] }] }]);
  assert.deepEqual([engine.asked[0]!.memoryBytes, engine.asked[0]!.threads, engine.asked[0]!.chunkSide], [undefined, undefined, undefined]);
  assert.equal(engine.asked[0]!.recipe.steps[2]!["minVolume"], 2);
});

test("what a step leaves is a TIFF: masks as 0 and 255, all else as float32, one slice where one is asked for", async () => {
  await run(["segment", "--step", "threshold", "--output", at("mask.tif")]);
  const mask = await voxels(at("mask.tif"));
  assert.deepEqual([mask.shape, mask.dtype, count(mask.values, 255), count(mask.values, 0)], [[5, 8, 12], "uint8", 93, 387]);
  const ended = await run(["segment", "--step", "distance", "--slice", "2", "--roi", "1:4,:,:", "--output", at("map.tif")]);
  assert.match(ended.out, /^Step distance of fds in /);
  assert.deepEqual([(await voxels(at("map.tif"))).shape, (await voxels(at("map.tif"))).dtype], [[1, 8, 12], "float32"]);
  await run(["segment", "--step", "label", "--slice", "3", "--output", at("step.tif")]);
  const labels = await voxels(at("step.tif"));
  assert.deepEqual([labels.shape, count(labels.values, 1), count(labels.values, 2)], [[1, 8, 12], 16, 15]);
});

test("nothing found is an empty label image and a note which step left nothing", async () => {
  const ended = await run(["segment", "--output", at("none.tif"), "--set", "threshold.low=255", "--rois", at("none.zip")]);
  assert.equal(ended.fault, undefined);
  assert.match(ended.out, /^0 objects .*none\.tif\n[^]*Note: No object was found: step "threshold" left nothing \(voxels 0\)\.\n$/);
  assert.ok(!existsSync(at("none.zip")));
});

test("a run that was stopped keeps what is done, and the same command says that it goes on from there", async () => {
  const engine = fakeClassical();
  const abort = new AbortController();
  engine.gate.wait = async () => {
    writeFileSync(join(engine.asked[0]!.scratch, "labels.voxels"), "half");
    abort.abort();
  };
  const args = ["segment", "--output", at("stopped.tif")];
  const stopped = await run(args, { engine, signal: abort.signal });
  assert.equal(stopped.fault?.code, "cancelled");
  const [kept] = readdirSync(join(home, "scratch"));
  assert.ok(kept !== undefined && stopped.err.includes(`What is done so far is kept in ${join(home, "scratch", kept)}: the same command goes on from there.`), stopped.err);
  assert.ok(!existsSync(at("stopped.tif")));
  const small = fakeClassical();
  const other = new AbortController();
  small.gate.wait = async () => other.abort();
  const nothing = await run(["segment", "--output", at("stopped.tif"), "--frame", "0", "--channel", "0", "--chunk", "64"], { engine: small, signal: other.signal });
  assert.deepEqual([nothing.fault?.code, nothing.err.includes("is kept in")], ["cancelled", false], "what was done in memory is gone");
  assert.equal((await run([...args, "--set", "threshold.low=30"], { engine: fakeClassical() })).err.includes("Going on"), false, "another recipe begins anew");
  const again = fakeClassical();
  const ended = await run(args, { engine: again });
  assert.match(ended.err, new RegExp(`Going on from what an earlier run of the same left in .*${kept}`));
  assert.deepEqual([again.asked[0]!.resumeKey, again.asked[0]!.scratch], [engine.asked[0]!.resumeKey, engine.asked[0]!.scratch]);
  assert.deepEqual(readdirSync(join(home, "scratch")), []);
});

test("what cannot be run is said before anything is written, and a recipe's fault names file, step and parameter", async () => {
  const wrong: readonly (readonly [readonly string[], string, RegExp])[] = [
    [["--output", at("x.png")], "usage", /\.tif or \.zarr/],
    [["--output", at("x.tif"), "--set", "low=3"], "usage", /step\.parameter=value/],
    [["--output", at("x.tif"), "--roi", "1:2,3:4"], "usage", /--roi/],
    [["--output", at("x.tif"), "--roi", "2:2,:,:"], "usage", /--roi/],
    [["--output", at("x.tif"), "--memory", "lots"], "usage", /--memory/],
    [["--output", at("x.tif"), "--slice", "1"], "usage", /--step/],
    [["--output", at("x.zarr"), "--step", "threshold"], "usage", /TIFF/],
    [["--output", at("x.tif"), "--step", "threshold", "--csv", at("x.csv")], "usage", /--csv/],
    [["--output", input], "usage", /written over/],
    [["--output", at("x.tif"), "--recipe", "magic"], "recipe_invalid", /magic/],
    [["--output", at("x.tif"), "--set", "threshold.lo=3"], "recipe_invalid", /threshold\.lo/],
    [["--output", at("x.tif"), "--roi", ":,:,0:13"], "range_invalid", /13/],
    [["--output", at("x.tif"), "--frame", "1"], "plane_off_volume", /t = 1/],
    [["--output", at("x.tif"), "--step", "threshold", "--slice", "5"], "plane_off_volume", /z = 5/],
    [["--output", at("x.tif"), "--recipe", at("absent.json")], "file_missing", /absent/],
  ];
  for (const [args, code, message] of wrong) {
    const { fault } = await run(["segment", ...args]);
    assert.equal(fault?.code, code, args.join(" "));
    assert.match(fault.message, message);
  }
  const files: readonly (readonly [string, RegExp])[] = [
    ["{", /own\.json: It is not JSON/],
    [JSON.stringify({ name: "own" }), /own\.json: At its top level must have required property 'steps'/],
    [JSON.stringify({ name: "own", steps: [{ step: "threshold" }, { step: "label", minVolume: null }] }), /own\.json: Step 2 \(label\), "minVolume": must be number,string,boolean/],
    [JSON.stringify({ name: "own", steps: [{ step: "threshold", low: 100 }] }), /Recipe "own" ends in a mask \(step "threshold"\)/],
  ];
  for (const [text, message] of files) {
    writeFileSync(at("own.json"), text);
    const { fault } = await run(["segment", "--recipe", at("own.json"), "--output", at("x.tif")]);
    assert.equal(fault?.code, "recipe_invalid", text);
    assert.match(fault.message, message);
  }
  assert.ok(!existsSync(at("x.tif")));
  assert.deepEqual(readdirSync(join(home, "scratch")), []);
});

test("recipes are listed, shown with their values, and written to make one's own from", async () => {
  assert.equal((await run(["recipes"])).out, "fds  Threshold and label\n");
  assert.equal(JSON.parse((await run(["recipes", "list"], { json: true })).out).recipes[0].name, "fds");
  assert.match((await run(["recipes", "show", "fds"])).out, /^fds: Threshold and label\n1\. threshold: Threshold\n {3}threshold\.low = 100 +\(from 0\) {2}Values from here on\.\n$/);
  assert.match((await run(["recipes", "show", "fds", "--write", at("mine.json")])).out, /mine\.json/);
  assert.deepEqual(JSON.parse(readFileSync(at("mine.json"), "utf8")).steps[0], { step: "threshold", low: 100 });
  assert.equal((await run(["segment", "--recipe", at("mine.json"), "--output", at("mine.tif")])).fault, undefined);
  for (const [args, code] of [[["show"], "usage"], [["drop"], "usage"], [["list", "fds"], "usage"], [["show", "magic"], "recipe_invalid"]] as const) assert.equal((await run(["recipes", ...args])).fault?.code, code);
});
