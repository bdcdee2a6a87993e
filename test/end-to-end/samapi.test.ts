// samapi's routes with real weights on a phantom: what comes back is the particle, in outlines that JTS finds valid, and nothing
// stays behind.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { gunzipSync } from "node:zlib";
import { createApp } from "#server/app.ts";
import type { App } from "#server/app.ts";
import { makePhantom } from "../../fixtures/make/phantom.ts";
import { leaveEmbeddedOut } from "../embedded.ts";
import { prepareOracles } from "../oracles/prepare.ts";
import { ask, base64, dice, disc, gson, jpeg, pixelsOf, png, upload } from "../samapi-client.ts";
import type { Json, Picture } from "../samapi-client.ts";
import { installSmallSam2, smallSam2 } from "../small-sam2.ts";
import { skipWithout } from "../tools.ts";
import { weightsHome, weightsModel } from "../weights.ts";

leaveEmbeddedOut();

const phantom = makePhantom({ seed: 3, shape: [12, 56, 64], particles: 3, stacked: 0, leaning: 0, radius: [10, 13], thickness: [4, 6], noise: 900, rings: 0 });
const [depth, height, width] = phantom.shape;
const largest = phantom.objects.reduce((best, object) => (object.voxels > best.voxels ? object : best));
const isParticle = (z: number) => (x: number, y: number): boolean => phantom.labels[(z * height + y) * width + x] === largest.id;
const areas = Array.from({ length: depth }, (_, z) => phantom.labels.subarray(z * height * width, (z + 1) * height * width).filter((id) => id === largest.id).length);
const best = areas.indexOf(Math.max(...areas));

/** A slice as a viewer shows it: 8 bits in colours, contrast set. */
function sliceOf(z: number): Picture {
  return {
    width, height,
    at: (x, y) => {
      const level = Math.min(255, Math.max(0, Math.round(((phantom.raw[(z * height + y) * width + x]! - 24_000) / 12_000) * 255)));
      return [level, level, level];
    },
  };
}

function boxOn(z: number): [number, number, number, number] {
  const pixels = Array.from({ length: width * height }, (_, at) => at).filter((at) => isParticle(z)(at % width, Math.floor(at / width)));
  const [xs, ys] = [pixels.map((at) => at % width), pixels.map((at) => Math.floor(at / width))];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs) + 1, Math.max(...ys) + 1];
}

const home: { path: string; app: App | undefined; url: string } = { path: "", app: undefined, url: "" };
const log: string[] = [];
const sam = (): string => `${home.url}/sam/`;

before(async () => {
  home.path = await mkdtemp(join(tmpdir(), "masklet-samapi-"));
  await mkdir(join(home.path, "models"));
  // The weights alone: embeddings and all that might stay behind are this test's own.
  await installSmallSam2(home.path);
  await symlink(join(weightsHome(), "models", weightsModel), join(home.path, "models", weightsModel));
  home.app = createApp({ home: home.path, port: 0, roots: [], host: "127.0.0.1", onLog: (line) => log.push(line), samapi: { uploadIdleMs: 300 } });
  home.url = (await home.app.listen()).urls[0]!;
});
after(async () => {
  await home.app?.close();
  await rm(home.path, { recursive: true, force: true, maxRetries: 5 });
});

async function found(path: string, body: unknown): Promise<Json[]> {
  const { status, json, text } = await ask(sam(), "POST", path, body);
  assert.equal(status, 200, text);
  return json;
}

async function embeddings(): Promise<number> {
  return (await readdir(join(home.path, "embeddings")).catch(() => [])).length;
}

async function framesLeft(): Promise<string[]> {
  const scratch = await readdir(join(home.path, "scratch"), { recursive: true }).catch(() => []);
  return scratch.filter((name) => name.endsWith(".jpg"));
}

test("a box, clicks, three masks: the particle, and one encoding for all of them", async () => {
  const b64img = base64(png(sliceOf(best)));
  const box = boxOn(best);
  const middle = [Math.floor((box[0] + box[2]) / 2), Math.floor((box[1] + box[3]) / 2)];
  const truth = isParticle(best);
  const [boxed] = await found("", { type: "vit_l", bbox: box, b64img, multimask_output: false });
  assert.ok(dice(pixelsOf(boxed, width, height), truth, width) > 0.85, `box: ${dice(pixelsOf(boxed, width, height), truth, width)}`);
  assert.equal(boxed.properties.sam_model, "mobile-sam");
  assert.equal(await embeddings(), 1);

  const [clicked] = await found("", { type: "vit_l", point_coords: [[2, 2], middle], point_labels: [0, 1], b64img });
  assert.ok(dice(pixelsOf(clicked, width, height), truth, width) > 0.7, `clicks: ${dice(pixelsOf(clicked, width, height), truth, width)}`);
  const three = await found("", { type: "vit_l", bbox: box, b64img, multimask_output: true });
  assert.equal(three.length, 3);
  assert.ok(Math.max(...three.map((one) => dice(pixelsOf(one, width, height), truth, width))) > 0.85);
  // The same pixels packed another way.
  const [grey] = await found("", { type: "vit_t", bbox: box, b64img: base64(png(sliceOf(best), 2)), b64mask: null });
  assert.deepEqual(grey.geometry, boxed.geometry);
  assert.equal(await embeddings(), 1);
  assert.ok(log.some((line) => /POST \/sam\/: 3 masks on 64 x 56 with mobile-sam/.test(line)), log.join("\n"));
});

test("a mask is a prompt, too", async () => {
  const drawn: Picture = { width, height, at: (x, y) => (isParticle(best)(x, y) ? [255, 255, 255] : [0, 0, 0]) };
  const [feature] = await found("", { type: "vit_b", b64mask: base64(png(drawn, 1)), b64img: base64(png(sliceOf(best))) });
  assert.ok(dice(pixelsOf(feature, width, height), isParticle(best), width) > 0.8);
});

test("a particle is followed from the middle of a stack to both of its ends; as times, by another model of the list, a part of it", async () => {
  for (const [axes, axis, fixed, start, end, model] of [["XYZ", "z", "t", 0, depth, weightsModel], ["XYT", "t", "z", best - 2, best + 3, smallSam2]] as const) {
    const dirname = `stack-${axes}`;
    await Promise.all(Array.from({ length: depth }, (_, z) => upload(sam(), dirname, `${String(z).padStart(2, "0")}.jpg`, jpeg(sliceOf(z)))));
    const objs = { [best]: [{ obj_id: 5, bbox: boxOn(best) }, { obj_id: 0, point_coords: [[1, 1]], point_labels: [0] }] };
    const features = await found("video/", { type: "sam2_t", dirname, axes, plane_position: 2, start_frame_idx: start, max_frame_num_to_track: end - start - 1, checkpointUrl: `masklet:${model}`, objs });
    let [both, all] = [0, areas.slice(start, end).reduce((sum, area) => sum + area, 0)];
    for (const feature of features) {
      const { plane } = feature.geometry;
      assert.deepEqual([plane.c, plane[fixed], feature.properties.object_idx, feature.properties.sam_model], [-1, 2, 5, model]);
      const pixels = pixelsOf(feature, width, height);
      const area = pixels.reduce((sum, value) => sum + value, 0);
      assert.equal(feature.properties.measurements["Area px"], area);
      all += area;
      pixels.forEach((value, at) => { both += value & Number(isParticle(plane[axis])(at % width, Math.floor(at / width))); });
    }
    const planes = features.map((feature: Json) => feature.geometry.plane[axis]);
    assert.ok(planes.some((z: number) => z < best) && planes.some((z: number) => z > best), "both directions");
    assert.ok(planes.every((z: number) => z >= start && z < end));
    const before = planes.filter((z: number) => z < best && areas[z]! > 0);
    assert.ok(before.length >= areas.slice(start, best).filter((area) => area > 0).length - 1, `frames before the prompt: ${before.join(", ")}`);
    assert.ok((2 * both) / all > 0.75, `${axes}: Dice ${(2 * both) / all}`);
    assert.deepEqual(await framesLeft(), []);
  }
  assert.ok(log.some((line) => line.includes("nothing on frame") && line.includes("object 0")));
});

test("automask finds particles, and JTS finds every outline valid and as large as its pixels", { skip: skipWithout("java", "javac", "mvn") }, async () => {
  const z = best;
  const automask = await found("automask/", { type: "vit_l", b64img: base64(png(sliceOf(z))), points_per_side: 8, output_type: "Multi-mask (smallest)", box_nms_thresh: 0.2, pred_iou_thresh: 0.7, stability_score_thresh: 0.8 });
  assert.ok(Math.max(...automask.map((one) => dice(pixelsOf(one, width, height), isParticle(z), width))) > 0.8);
  const ring = disc(width, height, { x: 32, y: 28, radius: 22, hole: 10 });
  const holed = await found("", { type: "vit_b", bbox: [9, 5, 55, 51], point_coords: [[32, 28]], point_labels: [0], b64img: base64(png(ring)) });
  const features = [...automask, ...holed];
  const file = join(home.path, "features.geojson");
  await writeFile(file, JSON.stringify({ type: "FeatureCollection", features }));
  const judged = prepareOracles().java("JtsGeojson", [file, "0", "0", String(width), String(height)]).trim().split("\n").map((line): Json => JSON.parse(line));
  assert.equal(judged.length, features.length);
  for (const [at, { fault, area, bits }] of judged.entries()) {
    const pixels = [...Buffer.from(bits, "hex")].reduce((sum, byte) => sum + byte.toString(2).replaceAll("0", "").length, 0);
    assert.deepEqual([fault, area], [null, pixels], `feature ${at}`);
    assert.equal(pixels, pixelsOf(features[at], width, height).reduce((sum, value) => sum + value, 0));
  }
  assert.ok(judged.at(-1).holes >= 1, "the ring keeps its hole");
});

test("answers are packed for who asks for it", async () => {
  const body = gson({ type: "vit_l", bbox: boxOn(best), b64img: base64(png(sliceOf(best))) });
  const { request } = await import("node:http");
  for (const [asked, encoding] of [["gzip, x-gzip, deflate", "gzip"], ["identity", undefined], ["gzip;q=0", undefined]] as const) {
    const bytes = await new Promise<Buffer>((resolve, reject) => {
      const sent = request(sam(), { method: "POST", headers: { "Content-Type": "application/json", "Accept-Encoding": asked } }, (response) => {
        assert.equal(response.headers["content-encoding"], encoding, asked);
        const pieces: Buffer[] = [];
        response.on("data", (piece: Buffer) => pieces.push(piece));
        response.on("end", () => resolve(Buffer.concat(pieces)));
      });
      sent.on("error", reject);
      sent.end(body);
    });
    assert.equal(JSON.parse(String(encoding === undefined ? bytes : gunzipSync(bytes))).length, 1);
  }
});

test("a model that should not be preferred is in the list all the same, and where nobody says a first frame it is the first prompted one", async () => {
  const names = (await ask(sam(), "GET", "weights/?type=sam2_t")).json.map((entry: Json) => entry.name);
  assert.deepEqual(names, ["MobileSAM (SAM 2 tiny not installed)", smallSam2]);
  const frames = [best - 1, best, best + 1];
  const b64imgs = frames.map((z) => base64(jpeg(sliceOf(z))));
  const followed = await found("video/", { type: "sam2_t", b64imgs, axes: "XYZ", checkpointUrl: `masklet:${smallSam2}`, objs: { 1: [{ obj_id: 2, bbox: boxOn(best) }] } });
  assert.deepEqual(followed.map((feature: Json) => feature.geometry.plane.z), [1, 2]);
  assert.equal(followed[0].properties.sam_model, smallSam2);
  const [chosen] = await found("", { type: "vit_h", bbox: boxOn(best), b64img: base64(png(sliceOf(best))), checkpoint_url: "masklet:mobile-sam" });
  assert.equal(chosen.properties.sam_model, "mobile-sam");
});

test("frames that nobody asks about expire, and no session or volume was ever made", async () => {
  assert.equal((await upload(sam(), "forgotten", "0.jpg", jpeg(sliceOf(0)))).status, 200);
  assert.equal((await framesLeft()).length, 1);
  while ((await framesLeft()).length > 0) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal((await ask(sam(), "POST", "video/", { type: "sam2_t", dirname: "forgotten", objs: {} })).status, 404);
  const kept = (await readdir(home.path)).filter((name) => ["sessions", "volumes", "planes", "uploads"].includes(name));
  assert.deepEqual(kept, []);
});
