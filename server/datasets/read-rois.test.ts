import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { crc32 } from "node:zlib";
import { unzipSync, zipSync } from "fflate";
import { MaskletError } from "#protocol/errors.ts";
import { packMask, reframe } from "#protocol/mask.ts";
import type { Mask } from "#protocol/types.ts";
import { writeRoisZip } from "#server/exports/rois-zip.ts";
import { seededMasks } from "../../test/oracles/seeded-masks.ts";
import { decodeRoi } from "./decode-roi.ts";
import { readRois } from "./read-rois.ts";

const made = new Uint8Array(readFileSync("fixtures/datasets/imagej-rois.zip"));
const entries = unzipSync(made);
interface Said { entry: string; name: string; index: number; z: number; t: number; object: string | null; pixels: number; bits: number }
const said: Said[] = JSON.parse(readFileSync("fixtures/datasets/imagej-rois.json", "utf8"));
const refused = (says: RegExp) => (fault: unknown): boolean => fault instanceof MaskletError && fault.code === "dataset_invalid" && says.test(fault.message);
const stack = { t: 3, c: 1, z: 24, y: 60, x: 80 };

test("ROIs that ImageJ wrote have the pixels, names and places that ImageJ says", () => {
  const wrong = said.filter((one) => {
    const roi = decodeRoi(entries[one.entry]!, one.entry);
    if (roi.fill === undefined) return !/^(line|point|polyline)$/.test(one.name);
    const { data } = reframe(roi.fill(80, 60), [0, 0, 80, 60]);
    const bits = new Uint8Array(600);
    data.forEach((value, at) => { bits[at >> 3]! |= value << (7 - (at & 7)); });
    return crc32(bits) !== one.bits || roi.name !== one.name || roi.position.index !== one.index || (roi.position.z || roi.position.index) !== one.z || String(roi.object ?? null) !== String(one.object);
  });
  assert.deepEqual(wrong, []);
  assert.equal(said.length, 159);
});

test("an object is its property, else its group, else its name", () => {
  const { masks, notes } = readRois(made, "RoiSet.zip", stack);
  assert.match(notes[0]!, /objects of 156 ROIs: 23 by the property masklet\.object, \d+ one object a group, \d+ one object a name/);
  assert.match(notes[1]!, /3 ROIs without an inside/);
  const first = masks.find((mask) => mask.objectId === 1000)!;
  assert.deepEqual([first.index, first.t], [0, 0]);
});

test("what we write comes back: objects, planes, frames and pixels", () => {
  const masks = [4, 5].flatMap((seed) => seededMasks(seed, { u: 3, v: 5, width: 37, height: 29 })).map(({ mask }) => mask);
  for (const shape of [{ t: 3, c: 1, z: 9, y: 60, x: 80 }, { t: 3, c: 2, z: 9, y: 60, x: 80 }]) {
    const back = readRois(writeRoisZip(masks, { shape }), "rois.zip", shape).masks;
    const key = (mask: Mask): string => `${mask.objectId} ${mask.t} ${mask.index} ${mask.area} ${mask.box.join()} ${Buffer.from(mask.bits).toString("hex")}`;
    assert.deepEqual(back.map(key).sort(), masks.map(key).sort());
  }
});

test("a place in a plain stack is its slice, an old name too, and none is refused in a stack", () => {
  const mask: Mask = { objectId: 300, axis: "z", index: 6, t: 0, score: 1, ...packMask({ box: [1, 1, 3, 2], data: Uint8Array.of(1, 1) }) };
  const plain = { t: 1, c: 1, z: 9, y: 4, x: 5 };
  assert.equal(readRois(writeRoisZip([mask], { shape: plain }), "rois.zip", plain).masks[0]!.index, 6);
  assert.throws(() => readRois(writeRoisZip([mask], { shape: plain }), "rois.zip", { ...plain, z: 5 }), refused(/lies on place 7 of an image with 1 channels, 5 slices/));
  const [name] = Object.keys(unzipSync(writeRoisZip([mask], { shape: plain })));
  const roi = unzipSync(writeRoisZip([mask], { shape: plain }))[name!]!;
  const without = (as: string): Uint8Array => {
    const bytes = roi.slice();
    const view = new DataView(bytes.buffer);
    view.setInt32(56, 0);
    // Without its second header the name is that of the entry.
    view.setInt32(60, 0);
    return zipSync({ [as]: bytes });
  };
  assert.equal(readRois(without("0004-0001-0002.roi"), "rois.zip", plain).masks[0]!.index, 3);
  assert.throws(() => readRois(without("cell.roi"), "rois.zip", plain), refused(/"cell" says no position/));
  assert.equal(readRois(without("cell.roi"), "rois.zip", { ...plain, z: 1 }).masks[0]!.index, 0);
});

test("damaged zips and ROIs are refused or read, never anything else", () => {
  assert.throws(() => readRois(new Uint8Array(0), "empty.zip", stack), refused(/empty\.zip/));
  assert.throws(() => readRois(made.subarray(0, made.length >> 1), "half.zip", stack), refused(/no sound zip/));
  assert.throws(() => readRois(zipSync({ "a.roi": new Uint8Array(10) }), "short.zip", stack), refused(/no ImageJ ROI/));
  assert.throws(() => readRois(zipSync({ "../../a.txt": new Uint8Array(10) }), "none.zip", stack), refused(/no ROI with an inside/));
  let seed = 7;
  const random = (count: number): number => (seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0) % count;
  for (const { entry } of said) {
    for (let round = 0; round < 6; round++) {
      const bytes = entries[entry]!.slice(0, round < 2 ? random(entries[entry]!.length) : undefined);
      for (let change = 0; change < 3 && bytes.length > 0; change++) bytes[4 + random(bytes.length - 4 || 1)] = random(256);
      try {
        readRois(zipSync({ "a.roi": bytes }, { level: 0 }), "a.zip", stack);
      } catch (thrown) {
        assert.ok(thrown instanceof MaskletError && thrown.code === "dataset_invalid", `${entry} round ${round}: ${String(thrown)}`);
      }
    }
  }
});

test("a zip that unpacks to more than is allowed, or than it can, is refused before it is unpacked", () => {
  const lying = (claimed: number, content: Uint8Array, copies: number): Uint8Array => {
    const zip = zipSync(Object.fromEntries(Array.from({ length: copies }, (_, nth) => [`${nth}.roi`, content])), { level: 0 });
    const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
    for (let at = 0; at + 46 < zip.length; at++) if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, claimed, true);
    return zip;
  };
  assert.throws(() => readRois(lying(0x7fffffff, new Uint8Array(1000), 1), "bomb.zip", stack), refused(/claims to unpack to 2147483647/));
  assert.throws(() => readRois(lying(2 ** 29 + 2 ** 28, new Uint8Array(2 ** 20), 2), "bomb.zip", stack), refused(/maxRoisBytes/));
});
