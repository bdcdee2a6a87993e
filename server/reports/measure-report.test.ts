import assert from "node:assert/strict";
import { test } from "node:test";
import { decode } from "fast-png";
import { MaskletError } from "#protocol/errors.ts";
import type { Triple } from "#server/volumes/label-reader.ts";
import { imageArray, labelArray } from "../../test/array-readers.ts";
import { ellipsoid, populationOf, seededMeasures } from "../../test/seeded-measures.ts";
import { assertSelfContained, assertWellFormed } from "../../test/well-formed.ts";
import type { MeasureReportRequest, Report } from "./contract.ts";
import { composeMeasureReport, measureReport } from "./measure-report.ts";
import { reportFiles } from "./report-files.ts";

const size: Triple = [6, 20, 24];
const axes: [[number, number, number], [number, number, number], [number, number, number]] = [[0, 0, 1], [0, 1, 0], [1, 0, 0]];
const voxels = Array.from({ length: 6 * 20 * 24 }, (_, at) => ({ z: Math.floor(at / 480), y: Math.floor(at / 24) % 20, x: at % 24 }));
// Object 1: x 3..8, y 4..9; object 2: x 14..19, y 10..15; both z 2..3.
const ids = Uint32Array.from(voxels, ({ z, y, x }) => (z < 2 || z > 3 ? 0 : x >= 3 && x < 9 && y >= 4 && y < 10 ? 1 : x >= 14 && x < 20 && y >= 10 && y < 16 ? 2 : 0));
const grey = Float32Array.from(voxels, ({ y, x }) => 10 * y + x);

function request(change: Partial<MeasureReportRequest> = {}): MeasureReportRequest {
  const objects = [1, 2].map((id) => ellipsoid(id, [4, 3, 1], axes)).map((object, nth) => ({ ...object, centroid: [3, [7, 13][nth]!, [6, 17][nth]!] as [number, number, number], start: [2, [4, 10][nth]!, [3, 14][nth]!] as [number, number, number], end: [4, [10, 16][nth]!, [9, 20][nth]!] as [number, number, number], confidence: [0.9, 0.2][nth]! }));
  return { title: "Two", measures: { unit: "um", spacing: [1, 1, 1], size: [...size], frames: 1, objects, clusters: [], population: populationOf(objects) }, labels: labelArray(ids, size), image: imageArray(grey, size), ...change };
}

function picturesOf(report: Report) {
  return report.sections.flatMap(({ blocks }) => blocks).flatMap((block) => (block.kind === "pictures" ? block.pictures : []));
}

const hostile = `<script>alert("1")</script> & ' \u0000 \ud800 </title>`;

test("a page is well formed, complete in itself, and the same again", async () => {
  const html = await measureReport(request());
  assertWellFormed(html);
  assertSelfContained(html);
  assert.equal(html, await measureReport(request()));
  for (const heading of ["Slices", "Sizes and shapes", "Orientations", "Objects to look at first"]) assert.ok(html.includes(`<h2>${heading}</h2>`), heading);
  assert.ok(html.includes("<dt>Voxel size</dt><dd>1 × 1 × 1 µm (z × y × x)</dd>"));
  // Every figure can be had without seeing it.
  assert.equal(html.split("<img ").length, html.split(/ alt="[^"]+"/).length);
  assert.equal(html.split("<svg ").length, html.split("<desc ").length);
});

test("names are shown as they are and never become mark-up", async () => {
  const html = await measureReport({ ...request(), title: hostile, labels: { ...labelArray(ids, size), name: hostile }, image: { ...imageArray(grey, size), name: hostile } });
  assertWellFormed(html);
  assertSelfContained(html);
  assert.ok(html.includes("<h1>&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;  \ufffd &lt;/title&gt;</h1>"));
});

test("without objects, with one, with all at the border, on one slice, without an image: a page that says so", async () => {
  const empty = { ...seededMeasures({ count: 0 }), size: [...size] as [number, number, number] };
  const without = await measureReport(request({ measures: empty, labels: labelArray(new Uint32Array(6 * 20 * 24), size) }));
  assert.ok(without.includes("There is no object."));
  const { measures } = request();
  const one = measures.objects.slice(0, 1);
  const single = await measureReport(request({ measures: { ...measures, objects: one, population: populationOf(one) } }));
  const border = measures.objects.map((object) => ({ ...object, border: true }));
  const cut = await measureReport(request({ measures: { ...measures, objects: border, population: populationOf(border) }, image: undefined }));
  assert.ok(cut.includes("each of the 2 objects reaches the border") && cut.includes("none given: no intensities"));
  const flat = measures.objects.map((object) => ({ ...object, start: [0, object.start[1], object.start[2]] as [number, number, number], end: [1, object.end[1], object.end[2]] as [number, number, number], centroid: [0.5, object.centroid[1], object.centroid[2]] as [number, number, number] }));
  const slice = await measureReport(request({ measures: { ...measures, size: [1, 20, 24], objects: flat, population: populationOf(flat) }, labels: labelArray(ids.subarray(960, 1440), [1, 20, 24]), image: undefined }));
  assert.ok(slice.includes("one slice:") && !slice.includes("cut y ="));
  for (const html of [without, single, cut, slice]) {
    assertWellFormed(html);
    assertSelfContained(html);
  }
});

test("slices show the greys and the outlines; values that are no numbers do not spoil them", async () => {
  const pictures = picturesOf(await composeMeasureReport(request()));
  const slice = pictures.find(({ name }) => name === "slice-z2")!;
  const { width, data } = decode(slice.png);
  const magnify = width / 24;
  const at = (x: number, y: number): number[] => [...data.subarray(3 * (y * magnify * width + x * magnify)).subarray(0, 3)];
  const isGrey = ([r, g, b]: number[]): boolean => r === g && g === b;
  assert.ok(isGrey(at(0, 0)) && isGrey(at(5, 6)) && !isGrey(at(3, 4)) && !isGrey(at(14, 10)));
  assert.ok(at(0, 17)[0]! > at(0, 1)[0]!);
  const noNumbers = await measureReport(request({ image: imageArray(new Float32Array(grey.length).fill(NaN), size) }));
  assertWellFormed(noNumbers);
});

test("the least confident come first; with no confidence the least solid", async () => {
  const named = (report: Report): string[] => picturesOf(report).map(({ name }) => name).filter((name) => /^(worst|best)/.test(name));
  assert.deepEqual(named(await composeMeasureReport(request())), ["worst-2", "best-1"]);
  const objects = request().measures.objects.map((object, nth) => ({ ...object, confidence: null, solidity: [0.4, 0.8][nth]! }));
  assert.deepEqual(named(await composeMeasureReport(request({ measures: { ...request().measures, objects } }))), ["worst-1", "best-2"]);
});

test("a hundred thousand objects make a page of less than 2 MB without an image", async () => {
  const html = await measureReport({ title: "Many", measures: { ...seededMeasures({ count: 100_000 }), size: [...size] }, labels: labelArray(ids, size) });
  assert.ok(html.length < 2_000_000, `${html.length} bytes`);
  assert.ok(html.includes("The 200 largest of 100\u2009000 objects"));
});

test("plots and pictures as files: SVG and PNG that can be read", async () => {
  const names: string[] = [];
  for await (const { name, content } of reportFiles(await composeMeasureReport(request()))) {
    names.push(name);
    if (typeof content === "string") assert.ok(content.startsWith("<svg ") && content.endsWith("</svg>"), name);
    else assert.ok(new Set(decode(content).data).size > 2, `${name} is blank`);
  }
  assert.equal(new Set(names).size, names.length);
  for (const name of ["size-distribution.svg", "size-distribution.png", "zingg.svg", "platelet-normals.png", "slice-z2.png", "worst-2.png"]) assert.ok(names.includes(name), name);
});

test("a cancel is heard", async () => {
  const stop = new AbortController();
  await assert.rejects(measureReport(request(), { signal: stop.signal, onProgress: () => stop.abort() }), (thrown) => thrown instanceof MaskletError && thrown.code === "cancelled");
});
