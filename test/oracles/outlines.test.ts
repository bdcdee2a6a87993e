// Masks as ROIs read by ImageJ and as GeoJSON read by JTS: the pixels must come back exactly.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { packMask, reframe, unpackMask } from "#protocol/mask.ts";
import type { Mask } from "#protocol/types.ts";
import { objectsGeojson } from "#server/exports/geojson.ts";
import { objectColor } from "#server/exports/object-colors.ts";
import { writeRoisZip } from "#server/exports/rois-zip.ts";
import { skipWithout } from "../tools.ts";
import { prepareOracles } from "./prepare.ts";
import { seededMasks } from "./seeded-masks.ts";
import type { Place, SeededMask } from "./seeded-masks.ts";

const skip = skipWithout("java", "mvn");

const places: readonly Place[] = [
  { u: 0, v: 0, width: 37, height: 29 },
  { u: 5, v: 1000, width: 29, height: 37 },
  { u: 40_000, v: 33_000, width: 37, height: 29 },
  { u: 65_490, v: 61_000, width: 37, height: 29 },
];

/** In the order the exports list them. */
function masksAt(place: Place): SeededMask[] {
  const all = [1, 2, 3].flatMap((seed) => seededMasks(seed, place));
  return all.sort((a, b) => a.mask.objectId - b.mask.objectId || a.mask.t - b.mask.t || a.mask.index - b.mask.index);
}

function askOracle(main: string, place: Place, bytes: Uint8Array | string): Record<string, unknown>[] {
  const folder = mkdtempSync(join(tmpdir(), "masklet-oracle-"));
  try {
    const file = join(folder, "masks");
    writeFileSync(file, bytes);
    const printed = prepareOracles().java(main, [file, ...[place.u, place.v, place.width, place.height].map(String)]);
    return printed.trim().split("\n").map((line): Record<string, unknown> => JSON.parse(line));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function expectedBits(mask: Mask, place: Place): string {
  const { data } = reframe(unpackMask(mask), [place.u, place.v, place.u + place.width, place.v + place.height]);
  const rowBytes = (place.width + 7) >> 3;
  const bits = new Uint8Array(rowBytes * place.height);
  data.forEach((value, at) => {
    const x = at % place.width;
    bits[Math.floor(at / place.width) * rowBytes + (x >> 3)]! |= value === 0 ? 0 : 0x80 >> (x & 7);
  });
  return Buffer.from(bits).toString("hex");
}

for (const place of places) {
  test(`ImageJ reads the same pixels from the ROIs at (${place.u}, ${place.v})`, { skip }, () => {
    const masks = masksAt(place);
    const found = askOracle("ImagejRois", place, writeRoisZip(masks.map((one) => one.mask), { shape: { t: 3, c: 1, z: 4 } }));
    assert.equal(found.length, masks.length);
    masks.forEach(({ what, mask }, at) => {
      const roi = found[at]!;
      const number = (value: number): string => String(value).padStart(4, "0");
      const name = `obj${number(mask.objectId)}-z${number(mask.index + 1)}-t${number(mask.t + 1)}`;
      const color = `ff${objectColor(mask.objectId).map((value) => value.toString(16).padStart(2, "0")).join("")}`;
      assert.deepEqual(
        { name: roi.name, c: roi.c, z: roi.z, t: roi.t, object: roi.object, color: roi.color, pixels: roi.pixels, bits: roi.bits },
        { name, c: 0, z: mask.index + 1, t: mask.t + 1, object: String(mask.objectId), color, pixels: mask.area, bits: expectedBits(mask, place) }, what,
      );
    });
  });

  test(`JTS finds the GeoJSON valid and the same pixels in it at (${place.u}, ${place.v})`, { skip }, () => {
    const masks = masksAt(place);
    const found = askOracle("JtsGeojson", place, JSON.stringify(objectsGeojson(masks.map((one) => one.mask))));
    assert.equal(found.length, masks.length);
    masks.forEach(({ what, mask }, at) => {
      const feature = found[at]!;
      assert.deepEqual(
        { fault: feature.fault, wound: feature.wound, area: feature.area, plane: feature.plane, bits: feature.bits },
        { fault: null, wound: true, area: mask.area, plane: { c: -1, z: mask.index, t: mask.t }, bits: expectedBits(mask, place) }, what,
      );
    });
  });
}

test("ImageJ puts a ROI of a plain stack on its slice", { skip }, () => {
  const place = { u: 0, v: 0, width: 4, height: 3 };
  const mask: Mask = { objectId: 300, axis: "z", index: 6, t: 0, score: 1, ...packMask({ box: [1, 1, 3, 2], data: Uint8Array.of(1, 1) }) };
  const [roi] = askOracle("ImagejRois", place, writeRoisZip([mask], { shape: { t: 1, c: 1, z: 9 } }));
  assert.deepEqual([roi?.index, roi?.object, roi?.type, roi?.bits], [7, "300", "Traced", "006000"]);
});

test("ImageJ reads a ring of more corners than 16 bits count", { skip }, () => {
  // A comb: teeth of one pixel, four corners each.
  const place = { u: 0, v: 0, width: 33_002, height: 2 };
  const data = Uint8Array.from({ length: 2 * place.width }, (_, at) => (at < place.width || at % 2 === 0 ? 1 : 0));
  const mask: Mask = { objectId: 1, axis: "z", index: 0, t: 0, score: 1, ...packMask({ box: [0, 0, place.width, 2], data }) };
  const [roi] = askOracle("ImagejRois", place, writeRoisZip([mask], { shape: { t: 1, c: 1, z: 1 } }));
  assert.equal(roi?.pixels, mask.area);
  assert.ok(roi?.bits === expectedBits(mask, place), "the pixels differ");
});
