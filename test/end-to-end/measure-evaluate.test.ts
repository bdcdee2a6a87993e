// measure and evaluate as a client meets them: over HTTP and live, of sessions and of label images; what is wrong is told.
import assert from "node:assert/strict";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { limits } from "#protocol/limits.ts";
import type { ClientMessage } from "#protocol/types.ts";
import { evaluateLabels } from "#server/evaluate/evaluate-labels.ts";
import { writeLabelsTiff } from "#server/exports/labels-tiff.ts";
import { measuresCsv } from "#server/exports/measures-csv.ts";
import { writeImagejTiff } from "#server/exports/tiff-writer.ts";
import { measureLabels } from "#server/measure/measure-labels.ts";
import type { Triple } from "#server/volumes/label-reader.ts";
import { connect, MaskletError, type MaskletClient } from "../../client-typescript/client.ts";
import { imageArray } from "../array-readers.ts";
import { arrayReader, blobs, worsened } from "../label-scenes.ts";
import { codeOf, connect as connectLive, openedOf, valueOf } from "./live-client.ts";
import { declaration, withServer, type ServerUnderTest } from "./server-under-test.ts";

const size: Triple = [6, 30, 40];
const spacing = { z: 2, y: 0.5, x: 0.25 };
const spacingOf: Triple = [2, 0.5, 0.25];
const truthIds = blobs(size, 12, 5);
const foundIds = worsened(truthIds, size, 8);
const grey = Uint16Array.from(truthIds, (id, at) => 100 * id + (at % 7));

interface Scene extends ServerUnderTest {
  readonly masklet: MaskletClient;
  readonly truth: string;
  readonly found: string;
  readonly image: string;
  /** Registers a file made of planes. */
  open(name: string, dtype: "uint16" | "float32" | "uint8", values: Uint16Array | Float32Array | Uint8Array, of?: { size?: Triple; spacing?: typeof spacing }): Promise<string>;
}

function withScene(work: (scene: Scene) => Promise<void>): Promise<void> {
  const roots: string[] = [];
  return withServer(async (server) => {
    roots.push(server.home);
    const masklet = connect({ url: server.url });
    const open: Scene["open"] = async (name, dtype, values, of = {}) => {
      const [z, y, x] = of.size ?? size;
      const path = join(server.home, name);
      await writeImagejTiff(path, { shape: { t: 1, c: 1, z, y, x }, dtype, spacing: of.spacing ?? spacing }, Array.from({ length: z }, (_, at) => values.subarray(at * y * x, (at + 1) * y * x)));
      return (await masklet.openPath(path)).volumeId;
    };
    await work({ ...server, masklet, open, truth: await open("truth.tif", "uint16", Uint16Array.from(truthIds)), found: await open("found.tif", "uint16", Uint16Array.from(foundIds)), image: await open("image.tif", "uint16", grey) });
  }, { roots });
}

async function prompted({ masklet }: Scene, pixels: boolean): Promise<string> {
  const { volumeId } = await masklet.declare({ ...declaration, spacing, identity: `cells ${pixels}` });
  const { sessionId } = await masklet.openSession(volumeId);
  for (let z = 0; z < (pixels ? 6 : 2); z++) await masklet.putPlane(volumeId, { t: 0, c: 0, z }, new Uint8Array(140).fill(10 * z));
  const boxes = [[3, [2, 1, 6, 5]], [5, [4, 3, 10, 8]]] as const;
  for (const [objectId, box] of boxes) await masklet.run({ operation: "prompt.set", sessionId, params: { objectId, cut: { axis: "z", index: 1 }, box: [...box] } });
  return sessionId;
}

const codeIn = (work: Promise<unknown>): Promise<string> => work.then(() => "no failure", (thrown: unknown) => (thrown instanceof MaskletError ? thrown.code : String(thrown)));

test("a label image is measured and judged, as jobs and live alike, and the files say the same", () => withScene(async (scene) => {
  const { masklet, truth, found, image, url } = scene;
  const labels = arrayReader(truthIds, size, { name: "truth.tif", spacing: spacingOf });
  const expected = await measureLabels({ labels, image: imageArray(grey, size, spacingOf) });
  const judged = await evaluateLabels({ truth: labels, prediction: arrayReader(foundIds, size, { name: "found.tif", spacing: spacingOf }) });

  const job = await masklet.start({ operation: "measure", params: { labels: truth, image, files: ["measurements.csv", "clusters.csv", "report.html"] } });
  assert.equal(job.sessionId, undefined);
  for await (const { event } of masklet.events(job)) if (event === "end") break;
  const done = await masklet.job(job);
  assert.deepEqual([done.state, done.result?.measures, done.result?.leftOut], ["done", expected, undefined]);
  assert.deepEqual(done.result?.files?.map(({ name, mediaType }) => `${name} ${mediaType}`), ["measurements.csv text/csv", "clusters.csv text/csv", "report.html text/html"]);
  const file = async (of: { id: string }, name: string): Promise<string> => Buffer.from(await masklet.jobFile(of, name)).toString();
  const csv = [...measuresCsv(expected.objects, { calibrated: true })].join("");
  assert.equal(await file(job, "measurements.csv"), csv);
  assert.equal(await file(job, "clusters.csv"), [...measuresCsv(expected.clusters, { calibrated: true })].join(""));
  assert.match(await file(job, "report.html"), /^<!doctype html>[^]*<\/html>\s*$/i);
  for (const name of ["objects.csv", "..%2Ftruth.tif", "measurements.csv.part", "constructor"]) assert.equal(await codeIn(masklet.jobFile(job, name)), "not_found", name);

  const judging = await masklet.start({ operation: "evaluate", params: { truth, prediction: found, files: ["objects.csv", "evaluation.json", "report.html"] } });
  for await (const { event } of masklet.events(judging)) if (event === "end") break;
  assert.deepEqual((await masklet.job(judging)).result?.evaluation, judged);
  assert.deepEqual(JSON.parse(await file(judging, "evaluation.json")), { evaluations: [judged] });
  assert.equal((await file(judging, "objects.csv")).trim().split("\n").length, 1 + judged.objects.length + judged.unmatched.length);
  assert.match(await file(judging, "report.html"), /found\.tif/);

  const live = await connectLive(url);
  await live.ask({ t: "hello", id: 1, protocol: 1, client: "test" });
  const measured = valueOf(await live.ask({ t: "measure", id: 2, labels: truth, image, files: ["measurements.csv"] }));
  assert.ok("measures" in measured);
  assert.deepEqual(measured.measures, expected);
  assert.equal(Buffer.from(measured.files![0]!.data!).toString(), csv);
  const told = valueOf(await live.ask({ t: "evaluate", id: 3, truth, prediction: found, files: ["objects.csv"] }));
  assert.ok("evaluation" in told);
  assert.deepEqual([told.evaluation, told.files?.map(({ name }) => name)], [judged, ["objects.csv"]]);
  await live.close();
}));

test("a session's objects are measured on all their voxels, by a rule where one is given, with grey values where they are here", () => withScene(async (scene) => {
  const { masklet } = scene;
  const sessionId = await prompted(scene, false);
  const { measures } = await masklet.run({ operation: "measure", sessionId });
  // Boxes of 4 x 4 and 6 x 5 pixels share 2 x 2.
  assert.deepEqual(measures.objects.map(({ objectId, voxels, clusterId, contacts, confidence, intensity }) => [objectId, voxels, clusterId, contacts, confidence !== null, intensity]), [[3, 16, 3, [5], true, null], [5, 30, 3, [3], true, null]]);
  assert.deepEqual([measures.unit, measures.clusters.map(({ voxels, objects }) => [voxels, objects])], ["um", [[42, 2]]]);
  const ruled = await masklet.run({ operation: "measure", sessionId, params: { overlap: "first" } });
  assert.deepEqual(ruled.measures.objects.map(({ voxels }) => voxels), [16, 26]);
  const one = await masklet.run({ operation: "measure", sessionId, params: { objects: [5], spacing: [1, 1, 1] } });
  assert.deepEqual(one.measures.objects.map(({ objectId, volume, contacts }) => [objectId, volume, contacts]), [[5, 30, []]]);
  // Planes that only a client has are asked for when grey values are demanded, and nobody is there to give them.
  assert.equal(await codeIn(masklet.run({ operation: "measure", sessionId, params: { intensity: true } })), "pixels_missing");

  const whole = await prompted(scene, true);
  const grey1 = (await masklet.run({ operation: "measure", sessionId: whole })).measures.objects.map(({ intensity }) => intensity?.mean);
  assert.deepEqual(grey1, [10, 10]);
  assert.equal((await masklet.run({ operation: "measure", sessionId: whole, params: { intensity: false } })).measures.objects[0]!.intensity, null);

  const rows = (text: string): string[][] => text.trim().split("\n").map((line) => line.split(","));
  const [head, ...body] = rows(await masklet.measurements(whole));
  assert.deepEqual([head!.slice(0, 16).join(","), body.map((row) => row[3])], ["object_id,cluster_id,t,voxels,volume_um3,centroid_z_um,centroid_y_um,centroid_x_um,z0,y0,x0,z1,y1,x1,score,objects", ["16", "30"]]);
  assert.deepEqual(body.map((row) => row[head!.indexOf("intensity_mean")]), ["10", "10"]);
  assert.deepEqual(rows(await masklet.measurements(whole, { overlap: "first", intensity: false })).slice(1).map((row) => [row[3], row.at(-1)]), [["16", ""], ["26", ""]]);
  assert.match(await masklet.report(whole), /<html[^]*cells[^]*<\/html>/);
  assert.equal((await fetch(`${scene.url}/v1/sessions/${whole}/measurements.csv?intensity=perhaps`)).status, 400);
}));

test("a session is judged, also by the distance from where its objects were prompted", () => withScene(async (scene) => {
  const { masklet } = scene;
  const sessionId = await prompted(scene, true);
  const ids = new Uint16Array(6 * 140);
  for (let y = 1; y < 5; y++) for (let x = 2; x < 6; x++) ids[140 + y * 14 + x] = 3;
  const truth = await scene.open("cells-truth.tif", "uint16", ids, { size: [6, 10, 14] });
  const { evaluation } = await masklet.run({ operation: "evaluate", sessionId, params: { truth, objects: [3], sameIds: true } });
  assert.deepEqual([evaluation.foreground.dice, evaluation.byDistance, evaluation.prediction.name, evaluation.unit], [1, [{ distance: 0, dice: 1, slices: 1 }], sessionId, "um"]);
  const all = await masklet.run({ operation: "evaluate", sessionId, params: { truth, overlap: "last" } });
  assert.deepEqual([all.evaluation.byDistance, all.evaluation.objects.map(({ verdict, iou }) => [verdict, iou]), all.evaluation.unmatched.map(({ prediction }) => prediction)], [null, [["matched", 0.75]], [5]]);
}));

test("what does not fit is refused in words, and the server goes on", () => withScene(async (scene) => {
  const { masklet, truth, found, image, open, url } = scene;
  const sessionId = await prompted(scene, true);
  const empty = (await masklet.openSession((await masklet.declare({ ...declaration, identity: "nothing yet" })).volumeId)).sessionId;
  const halves = await open("halves.tif", "float32", Float32Array.from(truthIds, (id) => id / 2));
  const negative = await open("negative.tif", "float32", Float32Array.from(truthIds, (id) => -id));
  const notNumbers = await open("nan.tif", "float32", Float32Array.from(truthIds, (id) => (id === 3 ? NaN : id)));
  const other = await open("other.tif", "uint16", Uint16Array.from(truthIds).subarray(0, 5 * 1200), { size: [5, 30, 40] });
  const finer = await open("finer.tif", "uint16", Uint16Array.from(truthIds), { spacing: { z: 1, y: 0.5, x: 0.25 } });
  const colours = (await masklet.declare({ name: "colours", shape: { t: 1, c: 3, z: 1, y: 4, x: 4 }, dtype: "uint8", rgb: true })).volumeId;
  const unsent = (await masklet.declare({ name: "unsent", shape: { t: 1, c: 1, z: 6, y: 30, x: 40 }, dtype: "uint16" })).volumeId;
  const measure = (params: object): object => ({ operation: "measure", params });
  const evaluate = (params: object): object => ({ operation: "evaluate", params });
  const wrong: readonly (readonly [string, object, string, RegExp?])[] = [
    ["an unknown volume", measure({ labels: "vol-000000" }), "not_found"],
    ["an unknown image", measure({ labels: truth, image: "vol-000000" }), "not_found"],
    ["an unknown session", { ...measure({}), sessionId: "ses-000000" }, "not_found"],
    ["an unknown truth", evaluate({ truth: "vol-000000", prediction: found }), "not_found"],
    ["neither a session nor labels", measure({}), "request_invalid"],
    ["both", { ...measure({ labels: truth }), sessionId }, "request_invalid"],
    ["neither a session nor a prediction", evaluate({ truth }), "request_invalid"],
    ["both", { ...evaluate({ truth, prediction: found }), sessionId }, "request_invalid"],
    ["no truth", evaluate({ prediction: found }), "request_invalid", /truth/],
    ["a session's rule with labels", measure({ labels: truth, overlap: "last" }), "request_invalid", /overlap/],
    ["an image of a session", { ...measure({ image }), sessionId }, "request_invalid", /image/],
    ["a file nobody makes", measure({ labels: truth, files: ["../x"] }), "request_invalid", /measurements\.csv/],
    ["no voxel size", measure({ labels: truth, spacing: [1, 0, 1] }), "request_invalid", /spacing/],
    ["a frame beyond", measure({ labels: truth, frame: 1 }), "plane_off_volume"],
    ["a channel beyond", measure({ labels: truth, image, c: 1 }), "plane_off_volume"],
    ["halves", measure({ labels: halves }), "labels_invalid", /halves\.tif.*\d\.5/],
    ["negative ids", measure({ labels: negative }), "labels_invalid", /-\d/],
    ["no numbers", evaluate({ truth, prediction: notNumbers }), "labels_invalid", /NaN/],
    ["a colour picture", measure({ labels: colours }), "request_invalid", /colour/],
    ["another shape", evaluate({ truth, prediction: other }), "labels_mismatch", /6 x 30 x 40.*5 x 30 x 40/],
    ["another image", measure({ labels: truth, image: other }), "labels_mismatch"],
    ["another voxel size", evaluate({ truth, prediction: finer }), "labels_mismatch", /micrometres/],
    ["a session of another shape", { ...evaluate({ truth }), sessionId }, "labels_mismatch"],
    ["a session without a mask", { ...measure({}), sessionId: empty }, "export_empty"],
    ["the same, judged", { ...evaluate({ truth }), sessionId: empty }, "export_empty"],
    ["an unknown object", { ...measure({ objects: [3, 99] }), sessionId }, "object_unknown"],
    ["pixels that nobody sends", measure({ labels: unsent }), "pixels_missing"],
    ["no session where one is needed", { operation: "propagate" }, "request_invalid", /propagate needs one/],
  ];
  for (const [what, order, code, words] of wrong) {
    const answer = await fetch(`${url}/v1/jobs`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(order) });
    const body: ReturnType<typeof JSON.parse> = await answer.json();
    const fault = answer.status === 202 ? await ended(url, body.id) : body;
    assert.equal(fault?.code, code, `${what}: ${JSON.stringify(fault)}`);
    assert.match(fault.message, words ?? /./, what);
    assert.ok(fault.hint.length > 0, what);
  }
  // Stated, a voxel size goes before what the images say.
  assert.deepEqual((await masklet.run({ operation: "evaluate", params: { truth, prediction: finer, spacing: [1, 1, 1] } })).evaluation.foreground.dice, 1);
  assert.equal((await fetch(`${url}/v1/health`)).status, 200);
}));

async function ended(url: string, id: string): Promise<{ code: string; message: string; hint: string } | undefined> {
  await (await fetch(`${url}/v1/jobs/${id}/events`)).text();
  return JSON.parse(await (await fetch(`${url}/v1/jobs/${id}`)).text()).error;
}

/** Cubes of two voxels a side in every second place. */
async function many(scene: Scene, side: number): Promise<{ volumeId: string; objects: number }> {
  const path = join(scene.home, "many.tif");
  const across = side / 4;
  await writeLabelsTiff(path, { shape: { t: 1, c: 1, z: side, y: side, x: side }, spacing }, across ** 3, (_t, z) => Uint32Array.from({ length: side * side }, (_, at) => {
    const [y, x] = [Math.floor(at / side), at % side];
    return z % 4 > 1 || y % 4 > 1 || x % 4 > 1 ? 0 : 1 + ((z >> 2) * across + (y >> 2)) * across + (x >> 2);
  }));
  return { volumeId: (await scene.masklet.openPath(path)).volumeId, objects: across ** 3 };
}

test("ten thousands of objects: others are answered meanwhile, runs side by side, and an answer holds as many rows as it says", { timeout: 120_000 }, (t) => withScene(async (scene) => {
  const { masklet, url, home } = scene;
  const { volumeId, objects } = await many(scene, 136);
  assert.ok(objects > limits.maxResultRows);
  const running = { count: 2 };
  const started = [
    masklet.run({ operation: "measure", params: { labels: volumeId, files: ["measurements.csv", "report.html"] } }),
    masklet.run({ operation: "evaluate", params: { truth: volumeId, prediction: volumeId, files: ["objects.csv", "evaluation.json", "report.html"] } }),
  ] as const;
  for (const one of started) void one.catch(() => undefined).finally(() => running.count--);
  const took: number[] = [];
  while (running.count > 0) {
    const from = performance.now();
    assert.equal((await fetch(`${url}/v1/health`)).status, 200);
    took.push(performance.now() - from);
    await new Promise((later) => setTimeout(later, 5));
  }
  const [measured, judged] = [await started[0], await started[1]];
  assert.deepEqual([measured.measures.objects.length, measured.leftOut, measured.measures.population.objects], [limits.maxResultRows, { objects: objects - limits.maxResultRows }, objects]);
  assert.deepEqual([judged.evaluation.objects.length, judged.leftOut, judged.evaluation.truth.objects, judged.evaluation.oneToOne.mean.f1], [limits.maxResultRows, { objects: objects - limits.maxResultRows }, objects, 1]);
  const sorted = took.toSorted((a, b) => a - b);
  t.diagnostic(`${took.length} answers: median ${sorted[sorted.length >> 1]!.toFixed(1)} ms, 99 % ${sorted[Math.floor(sorted.length * 0.99)]!.toFixed(1)} ms, slowest ${sorted.at(-1)!.toFixed(1)} ms`);
  assert.ok(took.length > 20 && sorted[sorted.length >> 1]! < 50, `median ${sorted[sorted.length >> 1]} ms of ${took.length}`);

  // A job that is cancelled, and a client that goes, leave nothing behind.
  const job = await masklet.start({ operation: "evaluate", params: { truth: volumeId, prediction: volumeId, files: ["objects.csv"] } });
  await masklet.cancel(job);
  for await (const { event, data } of masklet.events(job)) if (event === "end") assert.deepEqual([data.state, data.error?.code], ["cancelled", "cancelled"]);
  const live = await connectLive(url);
  await live.ask({ t: "hello", id: 1, protocol: 1, client: "test" });
  const order: ClientMessage = { t: "measure", id: 2, labels: volumeId, files: ["measurements.csv"] };
  const stopped = live.ask({ ...order, id: 3 });
  live.send({ t: "cancel", id: 3 });
  assert.equal(codeOf(await stopped), "cancelled");
  live.send(order);
  await live.next((message): message is Extract<typeof message, { t: "progress" }> => message.t === "progress" && message.id === 2);
  live.drop();
  await live.closed;
  for (let wait = 0; wait < 200 && (await left(home)).length > 0; wait++) await new Promise((later) => setTimeout(later, 20));
  assert.deepEqual(await left(home), []);
}));

/** Folders of runs that are over; those of jobs that are remembered stay. */
async function left(home: string): Promise<string[]> {
  return (await readdir(join(home, "scratch"))).filter((name) => name.startsWith("result-"));
}

test("the files of jobs go when the server does", () => withServer(async ({ url, home, app }) => {
  const masklet = connect({ url });
  await writeFile(join(home, "never-read"), "");
  const { volumeId } = await masklet.declare({ name: "l", shape: { t: 1, c: 1, z: 1, y: 4, x: 4 }, dtype: "uint8" });
  await masklet.putPlane(volumeId, { t: 0, c: 0, z: 0 }, Uint8Array.from({ length: 16 }, (_, at) => (at < 8 ? 1 : 0)));
  const { files } = await masklet.run({ operation: "measure", params: { labels: volumeId, files: ["measurements.csv"] } });
  assert.equal(files?.length, 1);
  assert.equal((await readdir(join(home, "scratch"))).filter((name) => name.startsWith("job-")).length, 1);
  await app.close();
  assert.deepEqual(await readdir(join(home, "scratch")), []);
}));

test("a live client is asked for the pixels of its image when grey values are wanted", () => withServer(async ({ url }) => {
  const live = await connectLive(url);
  live.onMessage((message) => {
    if (message.t === "need") for (const plane of message.planes) live.send({ t: "slice.put", volumeId: message.volumeId, plane, data: new Uint8Array(140).fill(plane.z + 1) });
  });
  await live.ask({ t: "hello", id: 1, protocol: 1, client: "test" });
  const { session: { sessionId } } = openedOf(await live.ask({ t: "volume.open", id: 2, volume: declaration }));
  assert.equal(codeOf(await live.ask({ t: "prompt.set", id: 3, sessionId, objectId: 1, cut: { axis: "z", index: 1 }, box: [2, 1, 6, 5] })), "");
  const shapeOnly = valueOf(await live.ask({ t: "measure", id: 4, sessionId }));
  const withGrey = valueOf(await live.ask({ t: "measure", id: 5, sessionId, intensity: true }));
  assert.ok("measures" in shapeOnly && "measures" in withGrey);
  assert.deepEqual([shapeOnly.measures.objects[0]!.intensity, withGrey.measures.objects[0]!.intensity?.mean], [null, 2]);
  await live.close();
}));
