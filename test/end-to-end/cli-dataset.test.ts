// masklet dataset as a person types it: made of label images, ROIs, GeoJSON and a session; converted, imported, checked; stopped.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { parseDataset, type Dataset } from "#server/datasets/description.ts";
import { labelsToMasks } from "#server/exports/labels-to-masks.ts";
import { createSessionStore } from "#server/sessions/session-store.ts";
import { openVolume } from "#server/volumes/open-volume.ts";
import { createVolumeStore } from "#server/volumes/volume-store.ts";
import { sceneShape, writeScene } from "../dataset-scene.ts";
import { runCommand, startCommand, type Ended } from "./run-command.ts";

const folder = mkdtempSync(join(tmpdir(), "masklet-cli-dataset-"));
const home = join(folder, "home");
after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
const { image, labels } = await writeScene(folder);
const out = (name: string): string => join(folder, name);
const run = (...args: string[]): Promise<Ended> => runCommand(["dataset", ...args, "--json"], { home });
const described = (name: string): Dataset => parseDataset(readFileSync(join(out(name), "dataset.json"), "utf8"), name);
const small = ["--crops", "10", "--size", "20,24", "--splits", "0.6,0.2,0.2", "--margin", "2"];

async function succeeds(...args: string[]): Promise<Record<string, unknown>> {
  const ended = await run(...args);
  assert.equal(ended.code, 0, ended.out + ended.err);
  return JSON.parse(ended.out);
}

async function fails(exit: number, code: string, ...args: string[]): Promise<string> {
  const ended = await run(...args);
  const { error } = JSON.parse(ended.out);
  assert.deepEqual([ended.code, error.code], [exit, code], ended.out + ended.err);
  return error.message;
}

/** Every file but the card, which holds the command. */
function bytesOf(name: string): string {
  const hash = createHash("sha256");
  for (const file of readdirSync(out(name), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && entry.name !== "DATA_CARD.md").map((entry) => join(entry.parentPath, entry.name)).sort()) hash.update(file.slice(out(name).length)).update(readFileSync(file));
  return hash.digest("hex");
}

test("a set of label images: counts, turned copies of train, card, picture; the same again for the same seed", async () => {
  const made = await succeeds("make", "--image", image, "--labels", labels, "--output", out("set"), ...small, "--name", "balls", "--licence", "CC0-1.0");
  assert.deepEqual([made["crops"], made["items"], made["train"], made["val"], made["test"]], [10, 52, 48, 2, 2]);
  assert.deepEqual(readdirSync(out("set")).sort(), [".masklet-dataset", "DATA_CARD.md", "crops.png", "dataset.json", "images", "labels"]);
  const card = readFileSync(join(out("set"), "DATA_CARD.md"), "utf8");
  for (const says of [/# balls/, /CC0-1\.0/, /`[0-9a-f]{64}`/, /0\.5 x 0\.25 x 0\.25/, /--crops 10 --size 20,24/, /Kolmogorov/, /at least 2 voxels apart/]) assert.match(card, says);
  const dataset = described("set");
  assert.equal(dataset.sources[0]!.sha256, createHash("sha256").update(readFileSync(image)).digest("hex"));
  assert.deepEqual([dataset.sources[0]!.spacing, dataset.sources[0]!.dtype, dataset.licence], [[0.5, 0.25, 0.25], "uint16", "CC0-1.0"]);
  const before = bytesOf("set");
  // A set of ours may be written again.
  await succeeds("make", "--image", image, "--labels", labels, "--output", out("set"), ...small, "--name", "balls", "--licence", "CC0-1.0");
  assert.equal(bytesOf("set"), before);
  await succeeds("make", "--image", image, "--labels", labels, "--output", out("other"), ...small, "--name", "balls", "--licence", "CC0-1.0", "--seed", "2");
  assert.notEqual(bytesOf("other"), before);
});

test("stacks of three dimensions along y, turned in every split, raw values as they were", async () => {
  await succeeds("make", "--image", image, "--labels", labels, "--output", out("set3"), "--crops", "6", "--size", "6,8,20", "--axis", "y", "--splits", "1,1,1", "--margin", "1", "--turn-all", "--turns", "4");
  const { items, dimensions } = described("set3");
  assert.deepEqual([dimensions, items.length, items.filter((item) => item.split === "test").length], [3, 24, 8]);
  const source = await openVolume(image);
  for (const item of items.filter((one) => one.turn === 0)) {
    const crop = await openVolume(join(out("set3"), item.image));
    assert.deepEqual([crop.shape, crop.dtype, crop.spacing], [{ t: 1, c: 1, z: 8, y: 6, x: 20 }, "uint16", { z: 0.25, y: 0.5, x: 0.25 }]);
    const [z, y, x] = item.start;
    for (let plane = 0; plane < 8; plane++) {
      const raw = await source.read({ t: 0, c: 0, z: [z, z + 6], y: [y + plane, y + plane + 1], x: [x, x + 20] });
      assert.deepEqual(await crop.read({ t: 0, c: 0, z: [plane, plane + 1], y: [0, 6], x: [0, 20] }), raw);
    }
    await crop.close();
  }
  await source.close();
});

test("ROIs, GeoJSON and a session give the crops that the label image gives", async () => {
  assert.equal((await runCommand(["export", "--labels", labels, "--rois", out("rois.zip"), "--geojson", out("objects.geojson")], { home })).code, 0);
  const volumes = createVolumeStore({ home, roots: [folder] });
  const { volumeId } = await volumes.openPath(image);
  await volumes.close();
  const sessions = createSessionStore({ folder: join(home, "sessions") });
  const session = await sessions.create(volumeId);
  const source = await openVolume(labels);
  const masks = [];
  for (let z = 0; z < sceneShape.z; z++) masks.push(...labelsToMasks({ ids: await source.read({ t: 0, c: 0, z: [z, z + 1], y: [0, sceneShape.y], x: [0, sceneShape.x] }), width: sceneShape.x, t: 0, z }));
  await source.close();
  await session.edit({ kind: "classical", removes: { masks: [], prompts: [] }, prompts: [], masks }, { id: "test", name: "test" });
  const id = session.description.sessionId;
  await sessions.close();

  await succeeds("make", "--image", image, "--labels", labels, "--output", out("by-labels"), ...small, "--name", "same");
  for (const [name, marks] of [["rois", ["--image", image, "--rois", out("rois.zip")]], ["geojson", ["--image", image, "--geojson", out("objects.geojson")]], ["session", ["--session", id]]] as const) {
    await succeeds("make", ...marks, "--output", out(`by-${name}`), ...small, "--name", "same");
    assert.deepEqual(described(`by-${name}`).items, described("by-labels").items);
    for (const item of described("by-labels").items) assert.deepEqual(readFileSync(join(out(`by-${name}`), item.labels)), readFileSync(join(out("by-labels"), item.labels)), `${name} ${item.id}`);
    const kind = described(`by-${name}`).sources[0]!.labels;
    assert.equal(kind?.kind, name);
    if (name !== "session") assert.equal(kind?.sha256, createHash("sha256").update(readFileSync(marks[3])).digest("hex"));
  }
});

test("several sources, and one command for another format", async () => {
  const second = await writeScene(out("."), "uint8");
  const made = await succeeds("make", "--image", image, "--labels", labels, "--image", second.image, "--rois", out("rois.zip"), "--output", out("two-coco"), ...small, "--format", "coco");
  assert.equal(made["crops"], 10);
  const back = await succeeds("import", "--input", out("two-coco"), "--output", out("two"));
  assert.deepEqual([back["from"], back["format"], back["items"]], ["coco", "stacks", 52]);
  assert.deepEqual(described("two").sources.map(({ id, dtype }) => `${id} ${dtype}`), ["a uint16", "b uint8"]);
  assert.match(readFileSync(join(out("two"), "DATA_CARD.md"), "utf8"), /The card of the set it was converted from:[^]*Kolmogorov/);
  await succeeds("convert", "--input", out("two"), "--output", out("two-sam2"), "--format", "sam2");
  for (const name of ["two", "two-coco", "two-sam2"]) {
    const report = await succeeds("check", out(name));
    assert.deepEqual([report["errors"], report["items"]], [0, 52], JSON.stringify(report["findings"]));
  }
});

test("check says what is wrong, and ends with 3 when it is", async () => {
  const [item] = described("set").items.filter((one) => one.split === "test");
  const [train] = described("set").items;
  writeFileSync(join(out("other"), "images", "stray.tif"), "x");
  const warned = await runCommand(["dataset", "check", out("other")], { home });
  assert.equal(warned.code, 0);
  assert.match(warned.out, /0 errors, 1 warnings[^]*file_unlisted[^]*images\/stray\.tif/);
  writeFileSync(join(out("set"), item!.image), readFileSync(join(out("set"), train!.image)));
  const wrong = await runCommand(["dataset", "check", out("set")], { home });
  assert.equal(wrong.code, 3);
  assert.match(wrong.out, /leak_image[^]*the same picture as/);
});

test("what cannot be made is said, and nothing is written over or left", async () => {
  const make = (...rest: string[]): string[] => ["make", "--image", image, "--labels", labels, ...rest];
  mkdirSync(out("mine"));
  writeFileSync(join(out("mine"), "work.txt"), "years");
  await fails(1, "file_not_written", ...make("--output", out("mine"), ...small));
  await fails(1, "file_not_written", ...make("--output", image, ...small));
  assert.match(await fails(2, "usage", ...make("--output", out("no"), "--size", "90,90")), /does not fit/);
  await fails(2, "usage", ...make("--output", out("no"), "--size", "20"));
  await fails(2, "usage", ...make("--output", out("no"), "--splits", "1,-1,0"));
  await fails(2, "usage", ...make("--output", out("no"), "--turns", "3"));
  await fails(2, "usage", "make", "--image", image, "--output", out("no"));
  await fails(2, "usage", "dance");
  await fails(3, "not_found", "make", "--session", "ses-0000000000", "--output", out("no"));
  await fails(3, "dataset_impossible", ...make("--output", out("no"), "--size", "66,80", "--margin", "30"));
  await fails(3, "dataset_impossible", ...make("--output", out("no"), ...small, "--min-objects", "200"));
  writeFileSync(out("bad.zip"), "PK no zip");
  await fails(3, "dataset_invalid", "make", "--image", image, "--rois", out("bad.zip"), "--output", out("no"));
  await fails(3, "dataset_invalid", "convert", "--input", home, "--output", out("no"), "--format", "coco");
  await fails(3, "file_missing", "check", out("nowhere"));
  assert.match(await fails(2, "usage", "make", "--image", join(out("other"), "images", "a-0001.tif"), "--labels", join(out("other"), "labels", "a-0001.tif"), "--output", out("other")), /would be written over/);
  await fails(2, "usage", "convert", "--input", out("other"), "--output", out("other"), "--format", "coco");
  const { length } = readdirSync(folder).filter((name) => name === "no" || name.endsWith(".part"));
  assert.deepEqual([length, readFileSync(join(out("mine"), "work.txt"), "utf8")], [0, "years"]);
});

test("stopped with Ctrl-C it leaves nothing half", async () => {
  const started = startCommand(["dataset", "make", "--image", image, "--labels", labels, "--output", out("stopped"), "--crops", "1500", "--size", "20,24", "--splits", "1,0,0", "--format", "sam2"], { home });
  await started.line(/cutting crops/);
  started.interrupt();
  const { code } = await started.ended;
  assert.deepEqual([code, existsSync(out("stopped")), readdirSync(folder).filter((name) => name.endsWith(".part"))], [130, false, []]);
});
