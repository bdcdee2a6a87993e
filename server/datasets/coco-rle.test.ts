// Against pycocotools: fixtures/make/datasets/coco_rle.py.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { MaskletError } from "#protocol/errors.ts";
import { forEachPixel, packRuns, runLengths, unpackRuns } from "./coco-rle.ts";
import { paintAnnotations } from "./coco-annotations.ts";

interface MaskCase { name: string; size: [number, number]; counts: number[]; packed: string; area: number; rows?: string[] }
interface PolygonCase { polygon: number[]; along: boolean; rows: string[] }
const cases: { masks: MaskCase[]; polygons: PolygonCase[] } = JSON.parse(readFileSync("fixtures/datasets/coco-rle.json", "utf8"));
const refused = (says: RegExp) => (fault: unknown): boolean => fault instanceof MaskletError && fault.code === "dataset_invalid" && says.test(fault.message);

test("runs are pycocotools' runs, as numbers and as text, there and back", () => {
  for (const { name, size: [height, width], counts, packed, area, rows } of cases.masks) {
    assert.equal(packRuns(counts), packed, name);
    assert.deepEqual(unpackRuns(packed, name), counts, name);
    const mask = new Uint8Array(height * width);
    forEachPixel(counts, width, height, name, (at) => { mask[at] = 1; });
    assert.equal(mask.reduce((sum, value) => sum + value, 0), area, name);
    assert.deepEqual(runLengths(mask, width, height), counts, name);
    if (rows !== undefined) assert.equal(Array.from(mask).join(""), rows.join(""), name);
  }
  assert.equal(cases.masks.length, 33);
});

test("polygons along pixel edges are pycocotools' exactly; of others its outline is up to a pixel wider", () => {
  for (const [nth, { polygon, along, rows }] of cases.polygons.entries()) {
    const { numbers } = paintAnnotations({ width: 41, height: 35, annotations: [{ name: "polygon", object: undefined, segmentation: [polygon] }] });
    const theirs = Array.from(rows.join(""), Number);
    const differ = theirs.filter((value, at) => value !== numbers[at]).length;
    const area = theirs.reduce((sum, value) => sum + value, 0);
    if (along) assert.equal(differ, 0, `polygon ${nth}`);
    // Its rule rounds corners to fifths of a pixel and takes what the outline touches; ours takes centres.
    else assert.ok(differ <= 2.5 * Math.sqrt(area) + 2, `polygon ${nth}: ${differ} of ${area}`);
  }
});

test("runs that lie are refused before anything is painted", () => {
  const paint = (counts: number[]): void => forEachPixel(counts, 4, 3, "a.json", () => assert.fail("painted"));
  assert.throws(() => paint([13]), refused(/13 pixels long where 4 x 3/));
  assert.throws(() => paint([5, 6]), refused(/11 pixels/));
  assert.throws(() => paint([5, -1, 8]), refused(/-1 long/));
  assert.throws(() => paint([1.5, 10.5]), refused(/1\.5 long/));
  assert.throws(() => paint([NaN, 12]), refused(/NaN/));
  assert.throws(() => paint([1e300, 1e300]), refused(/pixels long/));
  assert.throws(() => unpackRuns("o".repeat(10), "a.json"), refused(/above 2\^31/));
  assert.throws(() => unpackRuns("P", "a.json"), refused(/break off/));
  assert.throws(() => unpackRuns("0 0", "a.json"), refused(/codes nothing/));
  assert.throws(() => unpackRuns("0\u20ac", "a.json"), refused(/codes nothing/));
});
