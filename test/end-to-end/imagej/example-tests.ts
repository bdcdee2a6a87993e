// The examples of client-fiji/examples, as their users run them, against the real server.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openVolume } from "#server/volumes/open-volume.ts";
import { dice, readLabels, writePhantomFiles, type PhantomFiles } from "../small-phantom.ts";
import { repository } from "./java-tools.ts";
import { connect } from "./object-macro-tests.ts";
import { runScript } from "./run-script.ts";
import { runSteps, type Step } from "./run-steps.ts";
import { startServerUnderTest } from "./server-under-test.ts";

const example = (name: string): string => join(repository, "client-fiji", "examples", name);

interface Scene extends PhantomFiles {
  readonly url: string;
  readonly folder: string;
  /** x, y, width, height of the prompted particle's box, and its slice from 1. */
  readonly box: readonly [number, number, number, number];
  readonly slice: number;
}

async function withScene(work: (scene: Scene) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "masklet-example-"));
  const server = await startServerUnderTest("real");
  try {
    const files = await writePhantomFiles(folder);
    const prompts: { objects: readonly { prompts: readonly { box: readonly [number, number, number, number] }[] }[] } = JSON.parse(await readFile(files.prompts, "utf8"));
    const [x0, y0, x1, y1] = prompts.objects[0]!.prompts[0]!.box;
    await work({ ...files, url: server.url, folder, box: [x0, y0, x1 - x0, y1 - y0], slice: files.z + 1 });
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** In an ImageJ with windows: without its main window each measurement begins a new table. */
async function run(scene: Scene, macro: string): Promise<Step> {
  const { steps: [step], output } = await runSteps([`${connect(scene.url)}${macro}`], { timeoutMs: 180_000 });
  assert.ok(step!.finished, output + step!.log.join("\n"));
  return step!;
}

async function table(file: string): Promise<Record<string, string>[]> {
  const [head, ...lines] = (await readFile(file, "utf8")).trim().split(/\r?\n/);
  const names = head!.split(",").map((name) => name.trim());
  return lines.map((line) => Object.fromEntries(line.split(",").map((value, at) => [names[at]!, value])));
}

/** Its object 1 is the phantom's prompted particle. */
async function assertFound(file: string, scene: Scene): Promise<number> {
  const found = await readLabels(file);
  const truth = await readLabels(scene.truth);
  const particle = Array.from(truth.ids, (id) => Number(id === scene.objectId));
  const score = dice(found.ids, particle, 1);
  assert.ok(score > 0.7, `dice ${score}`);
  return Array.from(found.ids).filter((id) => id === 1).length;
}

export function exampleTests(): void {
  test("one object: labels, outlines and measurements", () => withScene(async (scene) => {
    await run(scene, `runMacro("${example("Masklet_One_Object.ijm")}", "${scene.raw};${scene.slice};${scene.box.join(",")};${scene.folder}");`);
    const voxels = await assertFound(join(scene.folder, "raw-labels.tif"), scene);
    assert.ok(existsSync(join(scene.folder, "raw-outlines.zip")));
    const lines = await table(join(scene.folder, "raw-measurements.csv"));
    const area = lines.reduce((sum, line) => sum + Number(line["Area"]), 0);
    assert.ok(lines.length >= 3 && Math.abs(area - voxels * 0.25 * 0.25) < 0.01, `${lines.length} lines, ${area} µm² of ${voxels} voxels`);
  }));

  test("a folder: every stack with prompts beside it, the others not, and again after an earlier run", () => withScene(async (scene) => {
    await copyFile(scene.raw, join(scene.folder, "second.tif"));
    const [x, y, width, height] = scene.box;
    const { told } = await run(scene, `open("${scene.raw}"); setSlice(${scene.slice}); makeRectangle(${x}, ${y}, ${width}, ${height}); roiManager("add"); roiManager("save", "${join(scene.folder, "raw.zip")}"); roiManager("reset"); close();
      runMacro("${example("Masklet_Folder.ijm")}", "${scene.folder}"); tell("open", nImages);
      runMacro("${example("Masklet_Folder.ijm")}", "${scene.folder}"); tell("again", result());`);
    assert.equal(told["open"], "0");
    await assertFound(join(scene.folder, "raw-labels.tif"), scene);
    assert.ok((await table(join(scene.folder, "raw-measurements.csv"))).length >= 3);
    assert.equal(existsSync(join(scene.folder, "second-labels.tif")), false);
  }));

  test("a time series: labels and the area of each frame", () => withScene(async (scene) => {
    // The phantom's slices, taken for frames.
    const series = join(scene.folder, "series.tif");
    await run(scene, `open("${scene.raw}"); n = nSlices;
      run("Properties...", "channels=1 slices=1 frames=" + n + " frame=[2 sec]"); saveAs("Tiff", "${series}"); close();
      runMacro("${example("Masklet_Time_Series.ijm")}", "${series};${scene.slice};${scene.box.join(",")};${scene.folder}");`);
    const labels = await openVolume(join(scene.folder, "series-labels.tif"));
    assert.deepEqual([labels.shape.t, labels.shape.z], [12, 1]);
    await labels.close();
    const lines = await table(join(scene.folder, "series-areas.csv"));
    assert.ok(lines.length >= 3, `${lines.length} frames`);
    const prompted = lines.find((line) => Number(line["frame"]) === scene.slice)!;
    assert.equal(Number(prompted["time"]), 2 * (scene.slice - 1));
    assert.ok(Number(prompted["area"]) > 0);
  }));

  test("the Groovy script, its #@ lines read by SciJava: labels and volume", () => withScene(async (scene) => {
    const results = join(scene.folder, "results");
    const inputs = { stack: scene.raw, slice: String(scene.slice), box: scene.box.join(","), results, server: scene.url };
    const script = await runScript(example("Masklet_One_Object.groovy"), inputs);
    assert.ok(script.finished, script.output);
    assert.deepEqual(script.inputs, ["stack File Stack", "slice Integer Slice of the box", "box String Box: x,y,width,height", "results File Folder for the results", "server String Masklet server"]);
    assert.ok(existsSync(join(results, "raw-labels.tif")), script.output);
    const voxels = await assertFound(join(results, "raw-labels.tif"), scene);
    assert.deepEqual(script.outputs, [`voxels ${voxels}`]);
    const [line] = await table(join(results, "raw-volume.csv"));
    assert.equal(Number(line!["voxels"]), voxels);
    assert.ok(Math.abs(Number(line!["volume"]) - voxels * 0.5 * 0.25 * 0.25) < 1e-6);
    const refused = await runScript(example("Masklet_One_Object.groovy"), { ...inputs, server: "ws://127.0.0.1:1" });
    assert.equal(refused.finished, false);
    assert.match(refused.output, /No Masklet server answers at ws:\/\/127\.0\.0\.1:1/);
  }));
}
