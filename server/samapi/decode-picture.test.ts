import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { encode as encodePng } from "fast-png";
import { encode as encodeJpeg } from "jpeg-js";
import { decodePicture } from "./decode-picture.ts";
import { pictureVolume } from "./picture-volume.ts";

const scratch = mkdtempSync(join(tmpdir(), "masklet-pictures-"));
after(() => rmSync(scratch, { recursive: true }));

const [width, height] = [3, 2];
const planesOf = async (bytes: Uint8Array): Promise<number[][]> => (await decodePicture(bytes, scratch)).planes.map((plane) => Array.from(plane));
const png = (channels: number, depth: 1 | 2 | 4 | 8 | 16, values: readonly number[]): Uint8Array =>
  encodePng({ width, height, channels, depth, data: depth === 16 ? Uint16Array.from(values) : Uint8Array.from(values) });
const times = <T>(count: number, value: (at: number) => readonly T[]): T[] => Array.from({ length: count }, (_, at) => value(at)).flat();

test("grey, alpha, colours: alpha is left out, grey in colours is one plane", async () => {
  assert.deepEqual(await planesOf(png(1, 8, [1, 2, 3, 4, 5, 6])), [[1, 2, 3, 4, 5, 6]]);
  assert.deepEqual(await planesOf(png(2, 8, times(6, (at) => [at, 9]))), [[0, 1, 2, 3, 4, 5]]);
  assert.deepEqual(await planesOf(png(3, 8, times(6, (at) => [at, 10 + at, 20 + at]))), [[0, 1, 2, 3, 4, 5], [10, 11, 12, 13, 14, 15], [20, 21, 22, 23, 24, 25]]);
  assert.deepEqual(await planesOf(png(4, 8, times(6, (at) => [at, at, at, 200]))), [[0, 1, 2, 3, 4, 5]]);
});

test("16 bits stay for grey, and become 8 for colours", async () => {
  assert.deepEqual(await planesOf(png(1, 16, [0, 256, 65_535, 7, 300, 40_000])), [[0, 256, 65_535, 7, 300, 40_000]]);
  assert.deepEqual(await planesOf(png(3, 16, times(6, (at) => [at * 256, 65_535, 0]))), [[0, 1, 2, 3, 4, 5], times(6, () => [255]), times(6, () => [0])]);
});

test("few bits are spread, palettes are their colours", async () => {
  const pictures = {
    oneBit: "iVBORw0KGgoAAAANSUhEUgAAAAgAAAABAQAAAADLe9LuAAAACklEQVR4nGNYCgAApwCm5bnF4gAAAABJRU5ErkJggg==",
    fourBits: "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACBAAAAAB979THAAAADklEQVR4nGPgN2AQegAAAhUBMiP35qEAAAAASUVORK5CYII=",
    palette: "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACAgMAAAAP2OW3AAAACVBMVEUBAgMoMjxGUFooJN8LAAAADElEQVR4nGMQYJgAAADEAKEWXLqWAAAAAElFTkSuQmCC",
  };
  const read = (base64: string): Promise<number[][]> => planesOf(Buffer.from(base64, "base64"));
  assert.deepEqual(await read(pictures.oneBit), [[255, 0, 255, 0, 0, 255, 0, 255]]);
  assert.deepEqual(await read(pictures.fourBits), [[0, 15, 3, 1, 2, 14].map((value) => value * 17)]);
  assert.deepEqual(await read(pictures.palette), [[1, 40, 70, 40], [2, 50, 80, 50], [3, 60, 90, 60]]);
});

test("a JPEG and a TIFF", async () => {
  const flat = encodeJpeg({ width: 16, height: 8, data: Uint8Array.from(times(128, () => [90, 90, 90, 255])) }, 95).data;
  const picture = await decodePicture(flat, scratch);
  assert.deepEqual([picture.width, picture.height, picture.planes.length], [16, 8, 1]);
  assert.ok(picture.planes[0]!.every((value) => Math.abs(value - 90) <= 1));
  const tiff = await decodePicture(readFileSync(new URL("../../fixtures/tiff/u16-lzw.tif", import.meta.url)), scratch);
  assert.ok(tiff.planes[0] instanceof Uint16Array);
  const rgb = await decodePicture(readFileSync(new URL("../../fixtures/tiff/rgb-lzw.tif", import.meta.url)), scratch);
  assert.equal(rgb.planes.length, 3);
  assert.deepEqual(readdirSync(scratch), [], "the file it lay in is gone");
});

test("the key names the pixels, not the packing", async () => {
  const key = async (bytes: Uint8Array): Promise<string> => (await decodePicture(bytes, scratch)).key;
  const grey = [1, 2, 3, 4, 5, 6];
  assert.equal(await key(png(1, 8, grey)), await key(png(4, 8, times(6, (at) => [grey[at]!, grey[at]!, grey[at]!, at]))));
  assert.notEqual(await key(png(1, 8, grey)), await key(png(1, 8, [...grey].reverse())));
  assert.notEqual(await key(png(1, 8, grey)), await key(encodePng({ width: 2, height: 3, channels: 1, data: Uint8Array.from(grey) })));
  assert.notEqual(await key(png(1, 8, grey)), await key(png(1, 16, grey)));
});

test("a picture is a volume of one slice", async () => {
  const volume = pictureVolume(await decodePicture(png(3, 8, times(6, (at) => [at, 10 + at, 20 + at])), scratch));
  assert.deepEqual([volume.shape, volume.rgb, volume.dtype], [{ t: 1, c: 3, z: 1, y: 2, x: 3 }, true, "uint8"]);
  assert.deepEqual(Array.from(await volume.read({ t: 0, c: 1, z: [0, 1], y: [1, 2], x: [1, 3] })), [14, 15]);
  await assert.rejects(volume.read({ t: 0, c: 0, z: [1, 2], y: [0, 1], x: [0, 1] }), { code: "plane_off_volume" });
});
