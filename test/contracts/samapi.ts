// What an unmodified QuPath SAM extension needs of a server, asked for from outside: a suite for any server that has samapi's routes.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import test from "node:test";
import { areaOf, ask, askOfferingTls, base64, dice, disc, jpeg, pixelsOf, png, polygonsOf, upload } from "../samapi-client.ts";
import type { Json, Picture } from "../samapi-client.ts";

/** Where samapi 0.7.1 itself is known to do otherwise; against it these points are skipped by name. */
export const departures = {
  "progress before a download": "samapi answers 500 as long as nothing was ever downloaded",
  "weights of sam3": "samapi lists SAM 3 only where it is installed",
  "pictures of other kinds": "samapi fails at grey, alpha and 16 bits",
  "no object_idx on pictures": "samapi numbers masks from -1, and shifts their qualities by one",
  "exact outlines": "samapi draws one ring through the middles of pixels",
  "output types in any case": "samapi knows only its extension's spelling",
  "frames before the prompt": "samapi follows objects forward only",
  "names of uploads": "samapi joins them to its folder as they are",
  "answers while the model works": "samapi's handlers hold up each other",
  "SAM 3": "samapi answers by what is installed",
  "texts of 500": "samapi's says no more than its name",
} as const;
export type Departure = keyof typeof departures;

export interface ServerUnderContract {
  /** Ends in `/sam/`. */
  readonly base: string;
  readonly departs: (what: Departure) => string | false;
}

const names = ["vit_h", "vit_l", "vit_b", "vit_t", "sam2_l", "sam2_bp", "sam2_s", "sam2_t", "sam3"] as const;
const [width, height] = [96, 80];
const there = { x: 52, y: 38, radius: 18 };
const picture = disc(width, height, there);
const isDisc = (x: number, y: number): boolean => Math.hypot(x + 0.5 - there.x, y + 0.5 - there.y) < there.radius;
const around = [32, 18, 72, 58];
const image = base64(png(picture));

/** @param server asked at each test, when it has been started */
export function samapiContract({ departs }: Pick<ServerUnderContract, "departs">, server: () => string): void {
  const post = (path: string, body: unknown): Promise<Json> => ask(server(), "POST", path, body);
  const found = async (path: string, body: unknown): Promise<Json[]> => {
    const { status, json, text } = await post(path, body);
    assert.equal(status, 200, text);
    assert.ok(Array.isArray(json), "a bare list of features");
    return json;
  };
  const isFound = (features: Json[], truth = isDisc): void => {
    assert.equal(features.length, 1);
    assert.deepEqual([features[0].type, features[0].properties.label, typeof features[0].properties.sam_model], ["Feature", "object", "string"]);
    assert.ok(dice(pixelsOf(features[0], width, height), truth, width) > 0.9);
  };

  test("1: a GET that offers to upgrade to TLS is answered", async () => {
    for (const path of ["weights/?type=vit_l", "weights/cancel/", "version/"]) assert.equal((await askOfferingTls(server(), path)).status, 200, path);
    assert.equal((await askOfferingTls(server(), "weights/cancel/")).text, "Cancel signal sent");
  });

  test("1: so is one for the progress", { skip: departs("progress before a download") }, async () => {
    const { status, text } = await askOfferingTls(server(), "progress/");
    assert.deepEqual([status, Object.keys(JSON.parse(text)), Number.isInteger(JSON.parse(text).percent)], [200, ["message", "percent"], true]);
  });

  test("2: each name has weights, with and without a slash at the end", async () => {
    for (const name of names) {
      if (name === "sam3" && departs("weights of sam3") !== false) continue;
      for (const path of [`weights/?type=${name}`, `weights?type=${name}`]) {
        const { status, json } = await ask(server(), "GET", path);
        assert.equal(status, 200, path);
        assert.ok(json.length > 0, path);
        for (const entry of json) assert.deepEqual([entry.type, typeof entry.name, typeof entry.url, entry.url !== ""], [name, "string", "string", true]);
        assert.equal(new Set(json.map((entry: Json) => entry.url)).size, json.length);
      }
    }
    assert.ok((await ask(server(), "GET", "weights/")).json.length >= 8, "all of them without a type");
    const { status, json } = await ask(server(), "GET", "weights/?type=vit_x");
    assert.deepEqual([status, json.detail[0].loc], [422, ["query", "type"]]);
    assert.equal((await ask(server(), "GET", "version/")).text, (await ask(server(), "GET", "version")).text);
  });

  test("3: a box, points and both find the object, whatever else is sent", async () => {
    const points = { point_coords: [[4, 4], [80, 70], [52, 38]], point_labels: [0, 0, 1] };
    isFound(await found("", { type: "vit_b", bbox: around, b64img: image, multimask_output: false }));
    isFound(await found("", { type: "vit_b", ...points, b64img: image }));
    isFound(await found("", { type: "vit_b", bbox: around, ...points, b64img: image, multimask_output: false }));
    isFound(await found("", { type: "sam2_t", bbox: around, b64img: image }));
    isFound(await found("", { type: "vit_b", bbox: ["32", 18.9, 72, 58], point_coords: null, point_labels: null, b64mask: null, checkpoint_url: null, b64img: image, colour: { of: "nobody" } }));
    isFound(await found("", { type: "vit_b", bbox: around, point_coords: [], point_labels: [], b64img: image }));
  });

  test("3: the prompt goes to the address itself, with and without its slash", async () => {
    const body = { type: "vit_b", bbox: around, b64img: image };
    const { status, json } = await ask(server().replace(/\/$/, ""), "POST", "", body);
    assert.equal(status, 200);
    isFound(json);
  });

  test("3: a box may reach past the picture", async () => {
    const corner = disc(width, height, { x: 84, y: 66, radius: 20 });
    isFound(await found("", { type: "vit_b", bbox: [60, 42, 130, 100], b64img: base64(png(corner)) }), (x, y) => Math.hypot(x + 0.5 - 84, y + 0.5 - 66) < 20);
  });

  test("3: three masks for who asks for them", async () => {
    const features = await found("", { type: "vit_b", bbox: around, b64img: image, multimask_output: true });
    assert.equal(features.length, 3);
    for (const { properties } of features) assert.ok(properties.quality > 0 && properties.quality <= 1.1);
  });

  test("3: grey, alpha, 16 bits and JPEG are pictures, too", { skip: departs("pictures of other kinds") }, async () => {
    for (const [samples, depth] of [[1, 8], [2, 8], [4, 8], [1, 16], [3, 16]] as const) isFound(await found("", { type: "vit_b", bbox: around, b64img: base64(png(picture, samples, depth)) }));
    isFound(await found("", { type: "vit_b", bbox: around, b64img: base64(jpeg(picture)) }));
  });

  test("4: outlines lie on pixel edges, as many pixels as they say, and keep holes", { skip: departs("exact outlines") }, async () => {
    const ring = disc(width, height, { ...there, radius: 30, hole: 14 });
    const [feature] = await found("", { type: "vit_b", bbox: [22, 8, 82, 68], point_coords: [[52, 38]], point_labels: [0], b64img: base64(png(ring)) });
    for (const [x, y] of polygonsOf(feature).flat(2)) assert.ok(Number.isInteger(x) && Number.isInteger(y));
    for (const at of polygonsOf(feature).flat()) assert.deepEqual(at[0], at.at(-1), "closed");
    assert.equal(areaOf(feature), pixelsOf(feature, width, height).reduce((sum, value) => sum + value, 0));
    assert.ok(polygonsOf(feature).some((rings) => rings.length > 1), "the hole");
  });

  test("4: pictures' features have no number, which would become a class", { skip: departs("no object_idx on pictures") }, async () => {
    const [feature] = await found("", { type: "vit_b", bbox: around, b64img: image });
    assert.equal(feature.properties.object_idx, undefined);
    assert.equal(feature.geometry.plane, undefined);
  });

  test("5: automask knows its kinds of output", async () => {
    const several: Picture = { width, height, at: (x, y) => (Math.hypot(x - 25, y - 25) < 14 ? [200, 60, 60] : Math.hypot(x - 70, y - 50) < 18 ? [60, 60, 200] : [50, 90, 50]) };
    const settings = { type: "vit_b", b64img: base64(png(several)), points_per_side: 3, points_per_batch: 64, pred_iou_thresh: 0.7, stability_score_thresh: 0.8, box_nms_thresh: 0.2, include_image_edge: false };
    const kinds = ["Single mask", "Multi-mask (all)", "Multi-mask (largest)", "Multi-mask (smallest)", "Multi-mask (best quality)"];
    const spellings = departs("output types in any case") === false ? [...kinds, "Single Mask", "MULTI-MASK (ALL)"] : kinds;
    for (const kind of spellings) {
      const features = await found("automask/", { ...settings, output_type: kind });
      assert.ok(features.length >= 1, kind);
      for (const { properties } of features) assert.ok(properties.quality > 0.7, kind);
    }
    const all = await found("automask/", { ...settings, output_type: kinds[1] });
    assert.ok(all.length > (await found("automask/", { ...settings, output_type: kinds[3] })).length, "nothing is suppressed");
    assert.equal((await post("automask/", { ...settings, output_type: "some" })).status, 422);
  });

  const count = 64;
  const place = (frame: number) => ({ x: 30 + frame * 0.5, y: 38, radius: 14 });
  const send = async (dirname: string): Promise<void> => {
    const order = Array.from({ length: count }, (_, nth) => (nth * 37) % count);
    const replies = await Promise.all(order.map(async (frame) => {
      const name = `${String(frame).padStart(2, "0")}.jpg`;
      const { status, json } = await upload(server(), dirname, name, jpeg(disc(width, height, place(frame))));
      return [status, json.filename === name];
    }));
    for (const reply of replies) assert.deepEqual(reply, [200, true]);
  };
  const prompt = (frame: number) => ({ obj_id: 7, bbox: [place(frame).x - 15, 23, place(frame).x + 15, 53].map(Math.round), point_coords: null, builderAsGroovyScript: "nobody's" });
  const isFollowed = (features: Json[], frames: readonly number[], axis: "z" | "t", fixed: number): void => {
    assert.deepEqual(features.map((feature: Json) => feature.geometry.plane[axis]).sort((a: number, b: number) => a - b), frames);
    for (const feature of features) {
      const { plane } = feature.geometry;
      assert.deepEqual([Object.keys(plane).sort(), plane.c, axis === "z" ? plane.t : plane.z, feature.properties.object_idx], [["c", "t", "z"], -1, fixed, 7]);
      const { x, y, radius } = place(plane[axis]);
      assert.ok(dice(pixelsOf(feature, width, height), (px, py) => Math.hypot(px + 0.5 - x, py + 0.5 - y) < radius, width) > 0.85, `frame ${plane[axis]}`);
    }
  };

  test("6: frames that come in any order are followed in that of their numbers, and then are gone", async () => {
    const dirname = randomUUID();
    await send(dirname);
    const body = { type: "sam2_t", dirname, axes: "XYZ", plane_position: 3, start_frame_idx: 40, max_frame_num_to_track: 3, objs: { 40: [prompt(40)] }, checkpointUrl: null };
    isFollowed(await found("video/", body), [40, 41, 42, 43], "z", 3);
    const again = await post("video/", body);
    assert.equal(again.status, 404);
    assert.equal(typeof again.json.detail, "string");
  });

  test("6: frames may come with the request", async () => {
    const b64imgs = [0, 1, 2].map((frame) => base64(jpeg(disc(width, height, place(frame)))));
    isFollowed(await found("video/", { type: "sam2_s", b64imgs, axes: "XYT", plane_position: 2, objs: { 0: [prompt(0)] } }), [0, 1, 2], "t", 2);
  });

  test("6: an object is followed backwards, too", { skip: departs("frames before the prompt") }, async () => {
    const dirname = randomUUID();
    await send(dirname);
    isFollowed(await found("video/", { type: "sam2_t", dirname, axes: "XYT", start_frame_idx: 0, max_frame_num_to_track: 4, objs: { 3: [prompt(3)] } }), [0, 1, 2, 3, 4], "t", 0);
  });

  test("6: weights are chosen under both spellings", async () => {
    const { json: [first] } = await ask(server(), "GET", "weights/?type=sam2_t");
    const b64imgs = [0, 1].map((frame) => base64(jpeg(disc(width, height, place(frame)))));
    for (const spelling of ["checkpoint_url", "checkpointUrl"]) {
      isFollowed(await found("video/", { type: "sam2_t", b64imgs, axes: "XYT", objs: { 0: [prompt(0)] }, [spelling]: first.url }), [0, 1], "t", 0);
    }
  });

  test("6: uploads are a plain folder and a number", { skip: departs("names of uploads") }, async () => {
    const frame = jpeg(picture);
    for (const [dirname, filename] of [["..", "0.jpg"], ["a/../../b", "0.jpg"], ["/tmp/x", "0.jpg"], ["", "0.jpg"], ["x", "a.jpg"], ["x", "0.png"], ["x", "..jpg"], ["a\0b", "0.jpg"]] as const) {
      const { status, json } = await upload(server(), dirname, filename, frame);
      assert.deepEqual([status, Array.isArray(json.detail)], [422, true], `${dirname} ${filename}`);
    }
    assert.equal((await upload(server(), "x", "1.jpg", Buffer.from("no picture"))).status, 422);
  });

  test("8: a second prompt on the same picture costs no second encoding", async () => {
    const large = disc(300, 260, { x: 150, y: 130, radius: 40, seed: Date.now() % 100_000 });
    const asked = async (bbox: readonly number[], b64img: string): Promise<number> => {
      const began = performance.now();
      assert.equal((await found("", { type: "vit_b", bbox, b64img })).length, 1);
      return performance.now() - began;
    };
    // The model is loaded by now; the fastest of three, since the machine may have other work.
    const first = await asked([105, 85, 195, 175], base64(png(large)));
    const later = [await asked([100, 80, 200, 180], base64(png(large))), await asked([108, 88, 192, 172], base64(png(large, 4))), await asked([104, 84, 196, 176], base64(png(large)))];
    assert.ok(Math.min(...later) < 0.6 * first, `${later.map(Math.round).join(", ")} ms after ${Math.round(first)}`);
  });

  test("9: the progress is told while the model works", { skip: departs("answers while the model works") }, async () => {
    const work = { done: false };
    const busy = found("automask/", { type: "vit_b", b64img: base64(png(disc(200, 180, { ...there, seed: Date.now() % 100_000 }))), points_per_side: 6 }).finally(() => { work.done = true; });
    const waits: number[] = [];
    while (!work.done) {
      const began = performance.now();
      assert.equal((await ask(server(), "GET", "progress/")).status, 200);
      waits.push(performance.now() - began);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await busy;
    waits.sort((a, b) => a - b);
    assert.ok(waits.length >= 5 && waits[Math.floor(waits.length / 2)]! < 50, `half of ${waits.length} within ${Math.round(waits[Math.floor(waits.length / 2)]!)} ms`);
  });

  test("10: what is wrong is said in samapi's words", async () => {
    const cases: readonly (readonly [number, string, string, unknown])[] = [
      [422, "POST", "", { type: "vit_b", bbox: around }],
      [422, "POST", "", { type: "vit_x", b64img: image }],
      [422, "POST", "", { type: "vit_b", bbox: ["a", 1, 2, 3], b64img: image }],
      [422, "POST", "", "{"],
      [422, "POST", "", "[1]"],
      [422, "POST", "automask/", { b64img: image, points_per_side: "many" }],
      [422, "POST", "video/", { type: "sam2_t", b64imgs: "none" }],
      [422, "POST", "weights/", { type: "vit_b", name: "x" }],
      [422, "POST", "upload/", {}],
    ];
    for (const [expected, method, path, body] of cases) {
      const { status, json } = await ask(server(), method, path, body);
      assert.equal(status, expected, `${path} ${JSON.stringify(body).slice(0, 60)}`);
      for (const { loc, msg, type } of json.detail) assert.deepEqual([Array.isArray(loc), typeof msg, typeof type], [true, "string", "string"]);
    }
    const texts: readonly (readonly [number, string, string, unknown])[] = [
      [404, "POST", "video/", { type: "vit_b", b64imgs: [image], objs: {} }],
      [404, "POST", "video/", { type: "sam2_t", objs: {} }],
      [404, "POST", "sam3video/", { type: "sam2_t", dirname: "x" }],
      [404, "GET", "nothing/", undefined],
      [405, "GET", "video/", undefined],
      [405, "POST", "version/", {}],
      [405, "DELETE", "weights/", undefined],
    ];
    for (const [expected, method, path, body] of texts) {
      const { status, json } = await ask(server(), method, path, body);
      assert.deepEqual([status, typeof json.detail], [expected, "string"], `${method} ${path}`);
    }
    assert.equal((await ask(server(), "GET", "nothing/")).json.detail, "Not Found");
    assert.equal((await ask(server(), "GET", "video/")).json.detail, "Method Not Allowed");
    const frames = [0, 1].map(() => image);
    for (const [path, body] of [["", { type: "vit_b", bbox: around, b64img: "!!!" }], ["", { type: "sam3", bbox: around, b64img: image }], ["video/", { type: "sam2_t", b64imgs: frames, axes: "XYC", objs: { 0: [prompt(0)] } }], ["video/", { type: "sam2_t", b64imgs: frames }]] as const) {
      const { status, type, text } = await ask(server(), "POST", path, body);
      assert.deepEqual([status, type.split(";")[0], text.startsWith("Internal Server Error")], [500, "text/plain", true], path);
    }
  });

  test("10: SAM 3 is not here and says so", { skip: departs("SAM 3") }, async () => {
    for (const [path, body] of [["sam3/", { type: "sam3", b64img: image, text_prompt: "cell" }], ["sam3video/", { type: "sam3", dirname: "x", objs: {} }]] as const) {
      const { status, json } = await ask(server(), "POST", path, body);
      assert.deepEqual([status, json.detail], [503, "SAM 3 is not installed."], path);
    }
  });

  test("10: a text of 500 says what to do", { skip: departs("texts of 500") }, async () => {
    assert.match((await ask(server(), "POST", "", { type: "vit_b", bbox: around, b64img: image, checkpoint_url: "https://elsewhere.example/mine.pt" })).text, /mine\.pt are not here\. Register them/);
  });
}
