// What the QuPath scripts ask for and how they fail, against a server whose segmenter answers with the prompt's box, so that no network decides.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { unpackMask } from "#protocol/mask.ts";
import type { Mask } from "#protocol/types.ts";
import { skipWithout } from "../../tools.ts";
import { withServer } from "../server-under-test.ts";
import { checkOutlines, isFound } from "./check-outlines.ts";
import { draw, imageFile, line, outline, points, rectangle } from "./draw.ts";
import { withRecordingProxy, type Said } from "./recording-proxy.ts";
import { runScript, scriptFolder, type Feature, type Image, type Scene } from "./run-script.ts";

const skip = skipWithout("java", "javac", "mvn");
const timeout = 120_000;
const folder = mkdtempSync(join(tmpdir(), "masklet-scripts-test-"));
after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

const facts = { type: "UINT8", width: 30, height: 24, channels: 1, slices: 3, frames: 2 } as const;
const image = imageFile(folder, new Uint8Array(30 * 24 * 6).map((_, at) => at % 251), { ...facts, name: "cells.tif" });

/** What was asked of the network, in order. */
function promptsIn(said: readonly Said[]) {
  return said.filter(({ path, method }) => method === "POST" && path === "/v1/jobs").map(({ sent }) => JSON.parse(sent.toString()))
    .filter(({ operation }) => operation === "prompt.set").map(({ params: { model: _, ...params } }) => params);
}

/** The pixels of a mask prompt, as `#` and `.` over its box. */
function rowsOf({ box, bits }: { box: Mask["box"]; bits: string }): string[] {
  const { data } = unpackMask({ box, bits: new Uint8Array(Buffer.from(bits, "base64")) });
  const width = box[2] - box[0];
  return Array.from({ length: box[3] - box[1] }, (_, row) => Array.from(data.subarray(row * width, (row + 1) * width), (bit) => (bit === 1 ? "#" : ".")).join(""));
}

test("annotations become prompts: boxes, points, masks with holes; names join, Ignore* is not the object", { skip, timeout }, () => withServer(({ url }) => withRecordingProxy(url, async (server, said) => {
  const ring = outline([[[3.6, 4.4], [12.2, 4.4], [12.2, 11.4], [3.6, 11.4], [3.6, 4.4]].map(([x, y]) => [x! + y! / 10, y!]), [[6, 6], [9, 6], [9, 9], [6, 9], [6, 6]]], { z: 2 });
  const objects = [
    rectangle([2.5, 3, 9, 8.25], { z: 1, t: 1, pathClass: "A" }),
    points([[15.2, 6.9], [16, 7]], { z: 1, name: "two parts" }), points([[20, 9]], { z: 1, name: "two parts", pathClass: "Ignore*" }), rectangle([14, 4, 18, 9], { z: 2, name: "two parts" }),
    ring,
    points([[1.5, 1.5]], { z: 2, pathClass: "Ignore*" }), points([[2, 2]], { pathClass: "Ignore*" }),
    outline([[[0, 0], [4, 0], [0, 4], [0, 0]]], { z: 2, pathClass: "Ignore*" }), line([[0, 0], [5, 5]], { z: 1 }), rectangle([-3, -2, 4, 5], { z: 0 }),
  ];
  // Corrections of outlines that two sessions had numbered alike.
  const unlocked = [2, 12].map((x, at): Feature => {
    const one = rectangle([x, 2, x + 5, 7]);
    return { ...one, properties: { ...one.properties, metadata: { "masklet.key": `key ${at}`, "masklet.object": "1", "masklet.session": `ses-00000${at}` } } };
  });
  const [outcome, both] = await runScript("5.0.8", "Segment slices with Masklet", [{ image, objects }, { image, objects: unlocked }], { server });
  for (const one of [outcome, both]) assert.equal(one!.error, undefined);
  const asked = promptsIn(said);
  assert.deepEqual(asked.splice(5).map((prompt) => [prompt.objectId, prompt.box]), [[1, [2, 2, 7, 7]], [2, [12, 2, 17, 7]]]);
  const places = (features: readonly Feature[]) => features.map(({ id, geometry }) => ({ id, geometry }));
  assert.deepEqual(places(both!.objects), places(unlocked));
  assert.match(both!.printed, /found 0 outlines, kept 2 that you have corrected/);
  const cut = (index: number, t = 0) => ({ axis: "z", index, t, c: 0 });
  const mask = asked[3].mask;
  assert.deepEqual(asked, [
    { objectId: 1, cut: cut(1, 1), box: [2.5, 3, 9, 8.25] },
    { objectId: 2, cut: cut(1), points: [[15.2, 6.9, 1], [16, 7, 1], [20, 9, 0]] },
    { objectId: 2, cut: cut(2), points: [[1.5, 1.5, 0]], box: [14, 4, 18, 9] },
    { objectId: 3, cut: cut(2), points: [[1.5, 1.5, 0]], mask: { box: [4, 4, 14, 12], bits: mask.bits } },
    { objectId: 4, cut: cut(0), points: [[2, 2, 0]], box: [0, 0, 4, 5] },
  ]);
  const truth = draw([ring], image);
  assert.deepEqual(rowsOf(mask), Array.from({ length: 8 }, (_, row) => Array.from({ length: 10 }, (_, column) => (truth[(2 * 24 + 4 + row) * 30 + 4 + column] === 1 ? "#" : ".")).join("")), "pixels whose centres lie inside");
  const found = outcome!.objects.filter(isFound);
  checkOutlines(found);
  assert.deepEqual(found.map(({ properties }) => properties.name), ["obj0001", "two parts", "two parts", "obj0003", "obj0004"]);
  assert.equal(outcome!.objects.length, objects.length + found.length);
})));

test("a region and a downsample move and scale prompts; a class chooses them; a large image is looked at around them", { skip, timeout }, () => withServer(({ url }) => withRecordingProxy(url, async (server, said) => {
  const large: Image = imageFile(folder, new Uint8Array(5000 * 4000), { ...facts, name: "large.tif", width: 5000, height: 4000, slices: 1, frames: 1 });
  const [scaled, chosen, around] = await runScript("4.0.33", "Segment slices with Masklet", [
    { image, objects: [rectangle([5, 3, 29, 24], { pathClass: "Region*" }), rectangle([7, 4, 12, 10], { name: "inside" }), outline([[[8, 4], [14.5, 4], [8, 10.5], [8, 4]]]), points([[11, 9]], { name: "inside", pathClass: "Ignore*" }), rectangle([0, 0, 3, 2])], settings: { downsample: 2 } },
    { image, objects: [rectangle([1, 1, 5, 5]), rectangle([7, 7, 9, 9], { pathClass: "Nucleus" })], settings: { only: "Nucleus", output: "detection", low: 3, high: 9.5 } },
    { image: large, objects: [rectangle([2000, 1000, 2010, 1010])] },
  ], { server });
  for (const outcome of [scaled, chosen, around]) assert.equal(outcome!.error, undefined);
  const [box, mask, nucleus, far] = promptsIn(said);
  assert.deepEqual([box.box, box.points], [[1.5, 1, 4, 4], [[3.5, 3.5, 0]]]);
  assert.deepEqual([mask.mask.box, rowsOf(mask.mask)], [[2, 1, 6, 5], ["###.", "##..", "#...", "...."]]);
  for (const read of scaled!.reads) assert.deepEqual(read.slice(0, 5), [2, 4, 2, 26, 22]);
  checkOutlines(scaled!.objects.filter(isFound), { x: 4, y: 2, downsample: 2 });
  assert.deepEqual(nucleus.box, [7, 7, 9, 9]);
  assert.deepEqual([chosen!.reads.length, chosen!.objects.filter(isFound).map(({ properties }) => [properties.objectType, properties.classification?.name])], [1, [["detection", "Nucleus"]]]);
  assert.deepEqual(JSON.parse(said.filter(({ path }) => path === "/v1/sessions").at(1)!.sent.toString()).view, { range: [3, 9.5] });
  assert.deepEqual([far.box, around!.reads.at(-1)], [[256, 256, 266, 266], [1, 1744, 744, 522, 522, 0, 0]]);
  assert.match(around!.printed, /looks at 522 x 522 pixels around the prompts; a rectangle of class Region\* chooses another part/);
})));

test("a project, with its scripts in a folder of its own: an image that fails does not stop the next, and each gets its files of results", { skip, timeout }, () => withServer(async ({ url }) => {
  const results = join(folder, "results", "made");
  const named = (name: string): Image => ({ ...image, name, pixelSize: 0.5, zSpacing: 2 });
  const scenes: Scene[] = [{ image: named("a: one.tif"), objects: [rectangle([2, 3, 9, 8], { z: 1 })] }, { image: named("b.tif") }, { image: { ...image, name: "c.tif", pixelSize: 0.5 }, objects: [points([[2, 3]])] }];
  const scripts = join(folder, "My project (größer)", "scripts");
  cpSync(scriptFolder, scripts, { recursive: true });
  const outcomes = await runScript("5.0.8", "Propagate with Masklet", scenes, { server: url, results }, { scripts });
  assert.deepEqual(outcomes.map(({ error }) => error?.message), [undefined, "There is no prompt: draw a rectangle, points or an outline on an object as an annotation, and run the script again.", undefined]);
  assert.deepEqual(readdirSync(results).sort(), ["a_ one.tif.csv", "a_ one.tif.geojson", "c.tif.csv", "c.tif.geojson"]);
  const { features } = JSON.parse(readFileSync(join(results, "a_ one.tif.geojson"), "utf8"));
  checkOutlines(features);
  assert.deepEqual(features.map(({ id }: { id: string }) => id), outcomes[0]!.objects.filter(isFound).map(({ id }) => id));
  assert.match(outcomes[2]!.printed, /the image has no z spacing, so sizes are counted in pixels/);
  assert.match(readFileSync(join(results, "a_ one.tif.csv"), "utf8"), /^object_id,cluster_id,t,voxels,volume_um3,.*\n1,1,0,70,35,/);
}));

test("what is wrong is said in a sentence that tells what to do, and no job is left behind", { skip, timeout }, () => withServer(({ url }) => withRecordingProxy(url, async (server, said) => {
  const other = createServer((_, answer) => answer.end("hello"));
  await new Promise<void>((listening) => other.listen(0, "127.0.0.1", listening));
  const address = other.address();
  assert.ok(address !== null && typeof address === "object");
  const short = imageFile(folder, new Uint8Array(100), { ...facts, name: "short.tif" });
  const good = { image, objects: [rectangle([2, 3, 9, 8], { z: 1 })] };
  const cases: readonly (readonly [RegExp, Scene])[] = [
    [/^No Masklet server answers at http:\/\/127\.0\.0\.1:1 \(.+\): start it with `npm start` in Masklet's folder, or correct the setting server\.$/, { ...good, settings: { server: "http://127.0.0.1:1/" } }],
    [/^The setting server is not an address like http:\/\/127\.0\.0\.1:8000, but nonsense\.$/, { ...good, settings: { server: "nonsense" } }],
    [/^What answers at http:\/\/127\.0\.0\.1:\d+ is not Masklet: correct the setting server\.$/, { ...good, settings: { server: `http://127.0.0.1:${address.port}` } }],
    [/^Open an image first\.$/, {}],
    [/^Save this script beside the folder "masklet" it came with, and run it from there\.$/, { ...good, unsaved: true }],
    [/^There is no prompt: draw /, { image, objects: [points([[1, 1]], { pathClass: "Ignore*" })] }],
    [/^There is no prompt of class Nucleus: draw /, { ...good, settings: { only: "Nucleus" } }],
    [/^There is no setting "colour=red": give key=value with a key out of server, only, channel, /, { ...good, settings: { colour: "red" } }],
    [/^The setting channel must be a whole number, not "1\.5"\.$/, { ...good, settings: { channel: 1.5 } }],
    [/^The setting output is one of annotation, detection, not "cell"\.$/, { ...good, settings: { output: "cell" } }],
    [/^The setting downsample must be at least 1, not 0\.$/, { ...good, settings: { downsample: 0 } }],
    [/^Give both of the settings low and high, or neither\.$/, { ...good, settings: { low: 4 } }],
    [/^The image has no channel 1: it has 1, counted from 0\.$/, { ...good, settings: { channel: 1 } }],
    [/^Masklet does not take pixels of type INT8: convert /, { ...good, image: { ...image, type: "INT8" } }],
    [/^The region of class Region\* lies outside the image: move it, or remove it\.$/, { image, objects: [...good.objects, rectangle([40, 3, 50, 8], { pathClass: "Region*" })] }],
    [/^No prompt lies in the part that is looked at: move the region of class Region\*, or remove it\.$/, { image, objects: [...good.objects, rectangle([20, 3, 30, 8], { pathClass: "Region*" })] }],
    [/^That would be 90000 x 60000 pixels a slice: draw a rectangle of class Region\* around a smaller part, or raise the setting downsample\.$/, { image: { ...image, width: 90000, height: 60000 }, objects: [rectangle([0, 0, 5, 5]), rectangle([89990, 59990, 89999, 59999])] }],
    [/^There is no model "none"\. Known models: boxes\.$/, { ...good, settings: { model: "none" } }],
    [/./, { ...good, image: short }],
  ];
  const outcomes = await runScript("4.0.33", "Segment slices with Masklet", cases.map(([, scene]) => scene), { server });
  other.close();
  cases.forEach(([expected], at) => {
    assert.match(outcomes[at]!.error?.message ?? "no error", expected);
    assert.equal(outcomes[at]!.objects.filter(isFound).length, 0);
  });
  assert.equal(said.filter(({ method }) => method === "DELETE").length, 1, "the job that got no pixels is stopped");

  const imports = await runScript("5.0.8", "Import from Masklet", [{ image: { ...image, name: "new.tif" } }, { image, settings: { session: "ses-000000" } }, { image: { ...image, width: 20 }, settings: { session: (await prompted(url)) } }], { server });
  assert.deepEqual(imports.map(({ error }) => error?.message.replace(/ses-\w+/, "ses")), [
    "The server has found nothing in an image named new.tif: segment it first, or give the setting session.",
    "There is no session \"ses\". List what is there, and check the session's id.",
    "The session is of an image of 30 x 24 pixels, and this one has 20 x 24: open that image, or give this one's session.",
  ]);
})));

/** A session of the whole image. */
async function prompted(url: string): Promise<string> {
  const post = async (path: string, body: object) => JSON.parse(await (await fetch(`${url}${path}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) })).text());
  const { volumeId } = await post("/v1/volumes", { name: image.name, shape: { t: 2, c: 1, z: 3, y: 24, x: 30 }, dtype: "uint8" });
  return (await post("/v1/sessions", { volumeId })).sessionId;
}

test("the token comes from the environment or from ~/.masklet/token", { skip, timeout }, () => withServer(async ({ url }) => {
  const scene = [{ image, objects: [rectangle([2, 3, 9, 8], { z: 1 })] }];
  const home = join(folder, "home");
  mkdirSync(join(home, ".masklet"), { recursive: true });
  writeFileSync(join(home, ".masklet", "token"), "open-sesame\n");
  const answer = async (machine: { token?: string; home?: string }) => (await runScript("5.0.8", "Segment slices with Masklet", scene, { server: url }, machine))[0]!.error?.message.replace(url, "URL");
  assert.equal(await answer({}), "The server at URL wants a token: put the MASKLET_TOKEN it was started with into the file ~/.masklet/token.");
  assert.equal(await answer({ token: "wrong", home }), "The token in MASKLET_TOKEN or ~/.masklet/token is not that of the server at URL.");
  assert.equal(await answer({ home }), undefined);
}, { token: "open-sesame" }));
