// What is sent to samapi's routes by mistake or by malice is refused in their words, and the server goes on.
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { connect as connectSocket } from "node:net";
import { join } from "node:path";
import test from "node:test";
import { crc32, deflateSync } from "node:zlib";
import { limits } from "#protocol/limits.ts";
import { ask, base64, disc, gson, jpeg, png, upload } from "../samapi-client.ts";
import type { Reply } from "../samapi-client.ts";
import { codeOf, connect } from "./live-client.ts";
import { withServer } from "./server-under-test.ts";

const picture = disc(40, 30, { x: 20, y: 15, radius: 6 });
const image = base64(png(picture));
const box = { type: "vit_b", bbox: [12, 8, 27, 22] };
const good = { ...box, b64img: image };

function chunk(type: string, data: Uint8Array): Buffer {
  const whole = Buffer.concat([Buffer.alloc(4), Buffer.from(type, "latin1"), data, Buffer.alloc(4)]);
  whole.writeUInt32BE(data.length, 0);
  whole.writeUInt32BE(crc32(whole.subarray(4, 8 + data.length)), 8 + data.length);
  return whole;
}

/** A grey PNG that claims a size and holds what it holds. */
function pngOf(width: number, height: number, unpacked: Uint8Array): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 0, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), chunk("IHDR", head), chunk("IDAT", deflateSync(unpacked)), chunk("IEND", new Uint8Array(0))]);
}

/** A JPEG whose frame claims a size. */
function jpegOf(width: number, height: number): Uint8Array {
  const bytes = jpeg(picture).slice();
  for (let at = 2; at < bytes.length - 9; at++) {
    if (bytes[at] !== 0xff || bytes[at + 1] !== 0xc0) continue;
    bytes.set([height >> 8, height & 255, width >> 8, width & 255], at + 5);
    break;
  }
  return bytes;
}

const said = ({ status, type, text }: Reply): string => `${status} ${type.split(";")[0]} ${text.split("\n").slice(-1)[0]}`;

test("pictures that are none, damaged, or larger than they look", () => withServer(async ({ url }) => {
  const sam = `${url}/sam/`;
  const cases: readonly (readonly [Uint8Array, RegExp])[] = [
    [new Uint8Array(0), /is empty, or not base64/],
    [Buffer.from("GIF89a, which is not read"), /neither PNG, JPEG nor TIFF/],
    [png(picture).subarray(0, 60), /PNG picture could not be read/],
    [png(picture).subarray(0, 20), /neither PNG/],
    [pngOf(60_000, 60_000, new Uint8Array(10)), /60000 x 60000 pixels where/],
    [pngOf(0, 5, new Uint8Array(10)), /has no pixel/],
    [pngOf(16, 16, new Uint8Array(64 * 2 ** 20)), /PNG picture could not be read/],
    [pngOf(16, 16, new Uint8Array(40)), /PNG picture could not be read/],
    [jpeg(picture).subarray(0, 100), /damaged: it has no frame/],
    [jpegOf(60_000, 60_000), /60000 x 60000 pixels where/],
    [Buffer.from([0xff, 0xd8, 0xff, 0xe0]), /damaged/],
    [Buffer.from("II*\0 no directory here"), /TIFF/],
  ];
  for (const [bytes, expected] of cases) {
    const reply = await ask(sam, "POST", "", { ...box, b64img: base64(bytes) });
    assert.match(said(reply), /^500 text\/plain/);
    assert.match(reply.text, expected);
  }
  // Cut off in the middle: as much as came is a picture, or it is an error; never a hang.
  const cut = await ask(sam, "POST", "", { ...box, b64img: base64(jpeg(picture).subarray(0, 700)) });
  assert.ok(cut.status === 200 || cut.status === 500, cut.text);
  assert.equal((await ask(sam, "POST", "", { ...good, b64mask: base64(Buffer.from("none")) })).status, 500);
  assert.equal((await ask(sam, "POST", "", good)).status, 200);
}));

test("requests that make no sense", () => withServer(async ({ url, log }) => {
  const sam = `${url}/sam/`;
  const cases: readonly (readonly [string, unknown, string])[] = [
    ["", "[".repeat(100_000), "body.0"],
    ["", "[".repeat(100_000) + "]".repeat(100_000), "body"],
    ["", '"text"', "body"],
    ["", "null", "body"],
    ["", '{"type":{"toString":1},"b64img":"x"}', "body.type"],
    ["", { ...good, bbox: [1, 2, 3] }, "body.bbox"],
    ["", { ...good, bbox: [1, 2, 3, 4, 5] }, "body.bbox"],
    ["", '{"b64img":"x","bbox":[1e400,0,1,1]}', "body.bbox.0"],
    ["", { ...good, bbox: { 0: 1 } }, "body.bbox"],
    ["", { b64img: image }, "body"],
    ["", { ...good, bbox: [100, 100, 200, 200] }, "body"],
    ["", { b64img: image, point_coords: [[3, 3]], point_labels: [0] }, "body"],
    ["", { b64img: image, point_coords: [[3, 3]] }, "body.point_labels"],
    ["", { b64img: image, point_coords: [[3]], point_labels: [1] }, "body.point_coords.0"],
    ["", { b64img: image, point_coords: [[3, 3, 3]], point_labels: [1] }, "body.point_coords.0"],
    ["", { b64img: image, point_coords: Array(limits.maxSamapiPoints + 1).fill([1, 1]), point_labels: [] }, "body.point_coords"],
    ["", { ...box, b64img: [image] }, "body.b64img"],
    ["", { ...good, multimask_output: "perhaps" }, "body.multimask_output"],
    ["automask/", { b64img: image, points_per_side: 100_000 }, "body.points_per_side"],
    ["automask/", { b64img: image, crop_n_layers: 40 }, "body.crop_n_layers"],
    ["automask/", { b64img: image, box_nms_thresh: -1 }, "body.box_nms_thresh"],
    ["video/", { objs: [], b64imgs: [image] }, "body.objs"],
    ["video/", { objs: { a: [] }, b64imgs: [image] }, "body.objs.a"],
    ["video/", { objs: { "-1": [] }, b64imgs: [image] }, "body.objs.-1"],
    ["video/", { objs: { 0: [{ bbox: [1, 1, 9, 9] }] }, b64imgs: [image] }, "body.objs.0.0.obj_id"],
    ["video/", { objs: { 5: [{ obj_id: 1, bbox: [1, 1, 9, 9] }] }, b64imgs: [image, image] }, "body.objs.5"],
    ["video/", { objs: { 0: [{ obj_id: 1 }] }, b64imgs: [image, image] }, "body.objs"],
    ["video/", { objs: {}, b64imgs: [image, image] }, "body.objs"],
    ["video/", { objs: { 0: [{ obj_id: 1, bbox: [1, 1, 9, 9] }] }, b64imgs: [image, image], start_frame_idx: 2 }, "body.start_frame_idx"],
    ["weights/", { type: "sam2_t", name: "x", url: null }, "body.url"],
  ];
  for (const [path, body, at] of cases) {
    const reply = await ask(sam, "POST", path, body);
    assert.equal(reply.status, 422, `${at}: ${reply.text}`);
    assert.equal(reply.json.detail[0].loc.join("."), at);
  }
  assert.equal((await ask(sam, "POST", "", "b64img=x", { "Content-Type": "application/x-www-form-urlencoded" })).status, 422);
  assert.equal((await ask(sam, "POST", "", '{"__proto__":{"b64img":"x"},"constructor":1}')).json.detail[0].loc.join("."), "body.b64img");
  const small = base64(png(disc(20, 30, { x: 9, y: 9, radius: 5 })));
  assert.match((await ask(sam, "POST", "video/", { objs: { 0: [{ obj_id: 1, bbox: [1, 1, 9, 9] }] }, b64imgs: [image, small] })).text, /Frame 1 has 20 x 30 pixels, the first one 40 x 30/);
  assert.ok(log.every((line) => line.startsWith("samapi: POST /sam/")), log.join("\n"));
  assert.equal((await ask(sam, "POST", "", good)).status, 200);
}));

test("bodies that are too large, cut off, or not waited for", () => withServer(async ({ url, log, pace }) => {
  const { port } = new URL(url);
  const send = (text: string, hangUpMs?: number): Promise<string> => new Promise((resolve) => {
    const socket = connectSocket(Number(port), "127.0.0.1", () => socket.write(text));
    let answer = "";
    if (hangUpMs !== undefined) setTimeout(() => socket.destroy(), hangUpMs);
    socket.on("data", (piece) => { answer += piece; });
    socket.on("close", () => resolve(answer));
    socket.on("error", () => undefined);
  });
  const head = (path: string, length: number): string => `POST /sam/${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`;
  assert.match(await send(head("", 99_999_999_999)), /^HTTP\/1.1 413 .*\{"detail":"The body has more than/s);
  assert.match(await send(head("upload/", limits.maxSamapiFrameBytes + 1)), /^HTTP\/1.1 413 /);
  await send(`${head("", 500)}{"b64img":`, 50);
  // Gone while blanks are sent.
  pace.beforePlane = () => new Promise((over) => setTimeout(over, 150));
  const video = gson({ type: "sam2_t", b64imgs: [image, image, image], axes: "XYZ", objs: { 0: [{ obj_id: 1, bbox: [1, 1, 9, 9] }] } });
  assert.match(await send(head("video/", video.length) + video, 120), /^HTTP\/1.1 200 /);
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.equal((await ask(`${url}/sam/`, "POST", "", good)).status, 200);
  assert.deepEqual(log.filter((line) => !line.includes("413") && !line.includes("masks on") && !line.includes("more than")), []);
}, { samapi: { heartbeatMs: 30 } }));

test("what fails after the first blank is an empty list and a line in the log", () => withServer(async ({ url, log, pace }) => {
  pace.beforePlane = async () => {
    await new Promise((over) => setTimeout(over, 200));
    throw new RangeError("out of something");
  };
  const { status, text } = await ask(`${url}/sam/`, "POST", "video/", { type: "sam2_t", b64imgs: [image, image], axes: "XYZ", objs: { 0: [{ obj_id: 1, bbox: [1, 1, 9, 9] }] } });
  assert.deepEqual([status, text.trim()], [200, "[]"]);
  assert.ok(text.startsWith(" "));
  assert.ok(log.some((line) => line.includes("out of something")), log.join("\n"));
}, { samapi: { heartbeatMs: 30 } }));

test("what fails before it has its status", () => withServer(async ({ url, pace }) => {
  pace.beforePlane = async () => { throw new RangeError("out of something"); };
  const { status, text } = await ask(`${url}/sam/`, "POST", "video/", { type: "sam2_t", b64imgs: [image, image], axes: "XYZ", objs: { 0: [{ obj_id: 1, bbox: [1, 1, 9, 9] }] } });
  assert.deepEqual([status, text.split("\n")[0]], [500, "Internal Server Error"]);
}));

test("uploads lead nowhere else, and every way a video ends takes its frames away", () => withServer(async ({ url, home }) => {
  const sam = `${url}/sam/`;
  const frame = jpeg(picture);
  for (const body of ["no form", "--x\r\n\r\n--x--"]) assert.equal((await ask(sam, "POST", "upload/", body, { "Content-Type": "multipart/form-data; boundary=x" })).status, 422);
  const half = new FormData();
  half.append("dirname", "x");
  assert.equal((await ask(sam, "POST", "upload/", half)).json.detail[0].loc.join("."), "body.file");
  half.append("file", "a text");
  assert.equal((await ask(sam, "POST", "upload/", half)).status, 422);
  const frames = async (): Promise<string[]> => (await readdir(join(home, "scratch"), { recursive: true })).filter((name) => name.endsWith(".jpg") || name.endsWith(".part"));
  const object = { obj_id: 1, bbox: [1, 1, 9, 9] };
  const endings: readonly (readonly [number, string, object])[] = [
    [200, "video/", { type: "sam2_t", axes: "XYZ", objs: { 0: [object] } }],
    [404, "video/", { type: "vit_b", axes: "XYZ", objs: { 0: [object] } }],
    [500, "video/", { type: "sam2_t", axes: "ZYX", objs: { 0: [object] } }],
    [500, "video/", { type: "sam2_t", axes: "XYZ" }],
    [422, "video/", { type: "sam2_t", axes: "XYZ", objs: { 7: [object] } }],
    [503, "sam3video/", { type: "sam3", objs: {} }],
  ];
  for (const [status, path, body] of endings) {
    for (const name of ["0.jpg", "1.jpg", "1.jpeg"]) assert.equal((await upload(sam, "frames", name, frame)).status, 200);
    assert.equal((await frames()).length, 2, "the second frame was sent twice");
    assert.equal((await ask(sam, "POST", path, { ...body, dirname: "frames" })).status, status, JSON.stringify(body));
    assert.deepEqual(await frames(), [], JSON.stringify(body));
  }
  assert.deepEqual((await readdir(join(home, "scratch"))).filter((name) => !name.startsWith("samapi-frames-")), []);
}));

test("only samapi's own paths, this machine's names and who has the token", async () => {
  const statusOf = (url: string, path: string, headers: Record<string, string> = {}): Promise<number> => new Promise((resolve, reject) => {
    const sent = httpRequest(url, { path, headers, agent: false }, (response) => { response.resume().on("end", () => resolve(response.statusCode ?? 0)); });
    sent.on("error", reject).end();
  });
  await withServer(async ({ url }) => {
    for (const path of ["/sam//", "/sam/../v1/health", "/sam/%2e%2e/", "/sam/__proto__", "/sam/constructor/", "/sam/version//", "/SAM/version/", "/samx", "/sam/weights/x"]) assert.equal(await statusOf(url, path), 404, path);
    for (const path of ["/sam/version", "/sam/version/?x=1", "/sam/weights/?type=", "/sam/progress"]) assert.equal(await statusOf(url, path), 200, path);
    assert.equal(await statusOf(url, "/sam/"), 405);
    assert.equal(await statusOf(url, "/sam/version/", { Host: "evil.example" }), 403);
    assert.equal(await statusOf(url, "/sam/version/", { Origin: "http://evil.example" }), 403);
    const live = await connect(url);
    assert.equal(codeOf(await live.ask({ t: "hello", id: 1, protocol: 1, client: "test" })), "", "beside it the live socket works");
    await live.close();
  });
  await withServer(async ({ url }) => {
    assert.equal(await statusOf(url, "/sam/version/"), 401);
    assert.equal(await statusOf(url, "/sam/version/", { Authorization: "Bearer secret" }), 200);
  }, { token: "secret" });
});
