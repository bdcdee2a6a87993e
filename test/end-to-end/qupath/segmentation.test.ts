// The QuPath scripts against the real server with real weights, on both Groovys that QuPath brings. QuPath itself is not run.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { leaveEmbeddedOut } from "../../embedded.ts";
import { skipWithout } from "../../tools.ts";
import { ensureWeights, weightsHome } from "../../weights.ts";
import { withCommandServer } from "../run-command.ts";
import { dice, spacing } from "../small-phantom.ts";
import { checkOutlines, isFound } from "./check-outlines.ts";
import { classColor, draw, imageFile, outline, points, rectangle } from "./draw.ts";
import { phantomScene } from "./phantom-scene.ts";
import { groovyVersions } from "./prepare.ts";
import { withRecordingProxy } from "./recording-proxy.ts";
import { runScript, type Feature, type Image, type Outcome } from "./run-script.ts";

leaveEmbeddedOut();

const skip = skipWithout("java", "javac", "mvn");
await ensureWeights();
const folder = mkdtempSync(join(tmpdir(), "masklet-qupath-test-"));
after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
const home = join(folder, "home");
mkdirSync(home);
symlinkSync(join(weightsHome(), "models"), join(home, "models"), "junction");
const timeout = 300_000;

function withServer(work: (server: string) => Promise<void>): Promise<void> {
  return withCommandServer({ home }, work);
}

function well(outcome: Outcome | undefined): Outcome {
  assert.equal(outcome?.error, undefined);
  return outcome!;
}

/** The server keeps these very bytes. */
function isStored(plane: ArrayBufferView): boolean {
  const hash = createHash("sha256").update(new Uint8Array(plane.buffer, plane.byteOffset, plane.byteLength)).digest("hex");
  return existsSync(join(home, "planes", hash.slice(0, 2), hash));
}

for (const version of groovyVersions) {
  test(`Groovy ${version}: a box is segmented, followed, run again and imported; what is a person's own stays`, { skip, timeout }, () => withServer(async (server) => {
    const { image, box, z, raw, agreement } = await phantomScene(folder);
    const prompt = rectangle(box, { z, pathClass: "Particle: flat" });
    const own = [outline([[[1, 1], [9, 1], [5, 7], [1, 1]]], { z, pathClass: "Tissue", name: "mine" }), prompt];
    const ownFirst = (objects: readonly Feature[]): readonly Feature[] => {
      assert.deepEqual(objects.slice(0, own.length).map(({ id, geometry }) => ({ id, geometry })), own.map(({ id, geometry }) => ({ id, geometry })));
      return objects.slice(own.length);
    };

    const slices = well((await runScript(version, "Segment slices with Masklet", [{ image, objects: own, selected: [prompt.id] }], { server }))[0]);
    const [first, ...none] = ownFirst(slices.objects);
    checkOutlines([first!]);
    assert.deepEqual([none.length, first!.geometry.plane], [0, { c: -1, z, t: 0 }]);
    const { name, color, classification, measurements, metadata, isLocked } = first!.properties;
    assert.deepEqual([name, color, classification, isLocked], ["obj0001", undefined, { names: ["Particle", "flat"], color: classColor }, true]);
    assert.equal(metadata!["masklet.key"], prompt.id);
    const { score, area, area_um2, voxels, volume_um3 } = measurements!;
    assert.ok(score! > 0.5 && score! <= 1);
    assert.deepEqual([area_um2, voxels, volume_um3], [area! * spacing.x ** 2, area, area! * spacing.x ** 2 * spacing.z]);
    assert.ok(agreement([first!], z, z + 1) > 0.5, `Dice ${agreement([first!], z, z + 1)}`);
    // Only what is looked at is read: the planes whose grey values set the range, and those around the prompt.
    const read = new Set(slices.reads.map(([, , , , , at]) => at!));
    assert.equal(read.size, slices.reads.length, "no plane is sent twice");
    for (const at of read) assert.ok(isStored(raw.subarray(at * image.width * image.height, (at + 1) * image.width * image.height)), `slice ${at} arrived as it is`);

    const followed = well((await runScript(version, "Propagate with Masklet", [{ image, objects: slices.objects, selected: [prompt.id] }], { server, first: z - 1, last: z + 1, output: "detection" }))[0]);
    assert.match(followed.printed, /3 of 3 planes\n.*object 1 ends forward at \d+: range\n.*object 1 ends backward at \d+: range\n/);
    const masklet = ownFirst(followed.objects);
    checkOutlines(masklet);
    assert.deepEqual(masklet.map((one) => [one.geometry.plane?.z, one.properties.objectType, one.properties.metadata!["masklet.key"]]), [z - 1, z, z + 1].map((at) => [at, "detection", prompt.id]), "the slice's outline is replaced");
    assert.ok(agreement(masklet, z - 1, z + 2) > 0.5, `Dice ${agreement(masklet, z - 1, z + 2)}`);

    const imported = well((await runScript(version, "Import from Masklet", [{ image, objects: followed.objects }], { server }))[0]);
    checkOutlines(ownFirst(imported.objects));
    assert.deepEqual(ownFirst(imported.objects), masklet.map((one) => ({ ...one, properties: { ...one.properties, objectType: "annotation" } })), "the same, now as annotations");

    // A person unlocks the outline of one slice and draws it anew: it is a prompt of the same object, and is not written over.
    const corrected = outline([[[box[0], box[1]], [box[2], box[1]], [box[2], box[3]], [box[0], box[1]]]], { z: z + 1 });
    const edited = imported.objects.map((one): Feature => (one.geometry.plane?.z === z + 1 && isFound(one) ? { ...one, geometry: corrected.geometry, properties: { ...one.properties, isLocked: false } } : one));
    const again = well((await runScript(version, "Propagate with Masklet", [{ image, objects: edited, selected: [prompt.id, edited.find((one) => one.geometry === corrected.geometry)!.id] }], { server, first: z - 1, last: z + 1 }))[0]);
    const others = ownFirst(again.objects);
    assert.deepEqual(others.map((one) => [one.geometry.plane?.z, isFound(one), one.properties.metadata!["masklet.object"]]), [[z + 1, false, "1"], [z - 1, true, "1"], [z, true, "1"]]);
    assert.deepEqual(others[0]!.geometry, corrected.geometry);
  }));
}

test("every pixel type arrives with its raw values, of the channel that is chosen", { skip, timeout }, () => withServer(async (server) => {
  const [width, height, channels, slices] = [40, 32, 2, 2];
  const facts = { width, height, channels, slices, frames: 1 };
  const value = (at: number, scale: number): number => {
    const [x, y, c, z] = [at % width, Math.floor(at / width) % height, Math.floor(at / (width * height)) % channels, Math.floor(at / (width * height * channels))];
    return ((x - 20) ** 2 + (y - 16) ** 2 < 64 ? 200 : 20 + ((x * 7 + y * 3) % 11)) * scale + c + z;
  };
  const filled = <A extends Uint8Array | Uint16Array | Int16Array | Float32Array>(values: A, scale: number): A => {
    for (let at = 0; at < values.length; at++) values[at] = value(at, scale);
    return values;
  };
  const size = width * height * channels * slices;
  const cases: readonly [Image["type"], Uint8Array | Uint16Array | Int16Array | Float32Array][] = [
    ["UINT8", filled(new Uint8Array(size), 1)], ["UINT16", filled(new Uint16Array(size), 300)], ["INT16", filled(new Int16Array(size), -100)], ["FLOAT32", filled(new Float32Array(size), 0.37)],
  ];
  const mark = rectangle([11, 7, 29, 25], { z: 1 });
  const scenes = cases.map(([type, values]) => ({ image: imageFile(folder, values, { ...facts, name: `${type}.tif`, type }), objects: [mark] }));
  const colours = Uint8Array.from({ length: width * height * 3 }, (_, at) => value(at, 1) - 2 * Math.floor(at / (width * height)));
  scenes.push({ image: imageFile(folder, colours, { ...facts, name: "colours.png", type: "UINT8", channels: 3, slices: 1, rgb: true }), objects: [rectangle([11, 7, 29, 25])] });
  const outcomes = await runScript("5.0.8", "Segment slices with Masklet", scenes, { server, channel: 1 });
  const plane = width * height;
  for (const [at, [type, values]] of cases.entries()) {
    checkOutlines(well(outcomes[at]).objects.slice(1));
    for (const z of [0, 1]) {
      const sent = values.subarray((z * channels + 1) * plane, (z * channels + 2) * plane);
      assert.ok(isStored(type === "INT16" ? Float32Array.from(sent) : sent), `${type}, slice ${z}`);
    }
  }
  checkOutlines(well(outcomes[4]).objects.slice(1));
  for (const c of [0, 1, 2]) assert.ok(isStored(colours.subarray(c * plane, (c + 1) * plane)), `colour ${c}`);
}));

test("a region at a downsample: what is sent and what comes back lie on its grid", { skip, timeout }, () => withServer(async (server) => {
  // Squares of 4 x 4 equal pixels; the last column and row are cut short by the image's edge.
  const [width, height, step] = [255, 203, 4];
  const isObject = (x: number, y: number): boolean => (Math.floor(x / step) - 30) ** 2 + (Math.floor(y / step) - 27) ** 2 < 80;
  const values = Uint16Array.from({ length: width * height }, (_, at) => {
    const [x, y] = [at % width, Math.floor(at / width)];
    return (isObject(x, y) ? 40_000 : 5000) + Math.floor(x / step) * 16 + Math.floor(y / step);
  });
  const image = imageFile(folder, values, { name: "huge.tif", type: "UINT16", width, height, channels: 1, slices: 1, frames: 1, pixelSize: 0.5 });
  const region = rectangle([22, 13, 255, 203], { pathClass: "Region*" });
  const mark = rectangle([82, 70, 162, 150], { name: "disk" });
  const [outcome] = await runScript("4.0.33", "Segment slices with Masklet", [{ image, objects: [region, mark] }], { server, downsample: step });
  const [found, ...more] = well(outcome).objects.slice(2);
  assert.deepEqual([more.length, outcome!.reads], [0, [[4, 20, 12, 232, 188, 0, 0]]]);
  const [columns, rows] = [58, 47];
  assert.ok(isStored(Uint16Array.from({ length: columns * rows }, (_, at) => values[(12 + Math.floor(at / columns) * step) * width + 20 + (at % columns) * step]!)));
  checkOutlines([found!], { x: 20, y: 12, downsample: step });
  const drawn = draw([found!], image);
  const truth = drawn.map((_, at) => Number(isObject(at % width, Math.floor(at / width))));
  assert.ok(dice(drawn, truth, 1) > 0.8, `Dice ${dice(drawn, truth, 1)}`);
  const centre = (labels: Uint8Array, place: (at: number) => number): number => labels.reduce((sum, one, at) => sum + one * place(at), 0) / labels.reduce((sum, one) => sum + one, 0);
  for (const place of [(at: number) => at % width, (at: number) => Math.floor(at / width)]) assert.ok(Math.abs(centre(drawn, place) - centre(truth, place)) < step / 2, "nothing is shifted");
  assert.equal(found!.properties.measurements!["area_um2"], found!.properties.measurements!["area"]! * 4);

  const [imported] = await runScript("5.0.8", "Import from Masklet", [{ image, objects: [] }], { server });
  assert.deepEqual(well(imported).objects.map(({ geometry }) => geometry), [found!.geometry], "an import finds the region again");
}));

test("a time series is followed along t; a run that is stopped is cancelled on the server, and keeps what it found", { skip, timeout }, () => withServer(async (server) => {
  const [width, height, frames] = [48, 40, 100];
  const values = Uint8Array.from({ length: width * height * frames }, (_, at) => {
    const [x, y, t] = [at % width, Math.floor(at / width) % height, Math.floor(at / (width * height))];
    return (x - 16 - t / 2) ** 2 + (y - 20) ** 2 < 81 ? 210 : 30 + ((x * 5 + y * 3 + t) % 9);
  });
  const image = imageFile(folder, values, { name: "cells.tif", type: "UINT8", width, height, channels: 1, slices: 1, frames });
  const mark = points([[18, 20]], { t: 4, name: "cell" });
  const [whole] = await runScript("5.0.8", "Propagate with Masklet", [{ image, objects: [mark] }], { server, along: "t", first: 3, last: 6, direction: "forward" });
  const cells = well(whole).objects.slice(1);
  checkOutlines(cells);
  assert.deepEqual(cells.map(({ geometry }) => geometry.plane), [4, 5, 6].map((t) => ({ c: -1, z: 0, t })));

  await withRecordingProxy(server, async (proxy, said) => {
    const [stopped] = await runScript("4.0.33", "Propagate with Masklet", [{ image, objects: [mark], stop: "of 100 planes" }], { server: proxy, along: "t" });
    assert.deepEqual(stopped!.error, { type: "java.lang.InterruptedException", message: "Stopped; what Masklet had found is kept." });
    const job = said.find(({ method, path }) => method === "DELETE" && path.startsWith("/v1/jobs/"))!.path;
    assert.equal(said.filter(({ method, path }) => method === "GET" && path === job).at(-1)!.answer.state, "cancelled");
    const kept = stopped!.objects.slice(1);
    checkOutlines(kept);
    const session = said.find(({ method, path }) => method === "POST" && path === "/v1/sessions")!.answer.sessionId;
    const { objects } = JSON.parse(await (await fetch(`${server}/v1/sessions/${session}`)).text());
    assert.equal(kept.length, objects[0].masks);
    assert.ok(kept.length >= 1 && kept.length < frames, `${kept.length} of ${frames}`);
  });
}));

test("objects are found without prompts, by a recipe in a stack and by the network on a slice; a new search replaces the old", { skip, timeout }, () => withServer(async (server) => {
  const [width, height, slices] = [72, 60, 14];
  const balls = [[18, 18, 6], [50, 20, 7], [34, 42, 6]] as const;
  const labels = Uint8Array.from({ length: width * height * slices }, (_, at) => {
    const [x, y, z] = [at % width, Math.floor(at / width) % height, Math.floor(at / (width * height))];
    return Number(balls.some(([bx, by, bz]) => (x - bx) ** 2 + (y - by) ** 2 + (2 * (z - bz)) ** 2 < 100));
  });
  const values = labels.map((inside, at) => (inside ? 190 : 40) + ((at * 7919) % 13));
  const image = imageFile(folder, values, { name: "balls.tif", type: "UINT8", width, height, channels: 1, slices, frames: 1, pixelSize: 1, zSpacing: 2 });
  const own = rectangle([0, 0, 4, 4], { name: "mine" });
  const [stack] = await runScript("4.0.33", "Find objects with Masklet", [{ image, objects: [own] }], { server, method: "fds-grains", pathClass: "Nucleus" });
  const [mine, ...found] = well(stack).objects;
  assert.equal(mine!.id, own.id);
  checkOutlines(found);
  assert.equal(new Set(found.map(({ properties }) => properties.metadata!["masklet.key"])).size, 3);
  assert.deepEqual([...new Set(found.map(({ properties }) => properties.classification?.name))], ["Nucleus"]);
  assert.ok(dice(draw(found, image), labels, 1) > 0.85, `Dice ${dice(draw(found, image), labels, 1)}`);

  const region = rectangle([0, 0, 72, 58], { z: 6, pathClass: "Region*" });
  const [slice] = await runScript("5.0.8", "Find objects with Masklet", [{ image, objects: [...stack!.objects, region] }], { server, points: 8, output: "detection" });
  const [first, second, ...now] = well(slice).objects;
  assert.deepEqual([first!.id, second!.id], [own.id, region.id]);
  checkOutlines(now);
  assert.deepEqual(now.map(({ geometry, properties }) => [geometry.plane?.z, properties.objectType]), [[6, "detection"], [6, "detection"], [6, "detection"]]);
  const onSlice = (values: Uint8Array): Uint8Array => values.subarray(6 * width * height, 7 * width * height);
  const agreement = dice(onSlice(draw(now, image)), onSlice(labels), 1);
  assert.ok(agreement > 0.85, `Dice ${agreement}`);
}));
