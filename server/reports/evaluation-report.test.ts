import assert from "node:assert/strict";
import { test } from "node:test";
import { decode } from "fast-png";
import { MaskletError } from "#protocol/errors.ts";
import { evaluateLabels } from "#server/evaluate/evaluate-labels.ts";
import type { Triple } from "#server/volumes/label-reader.ts";
import { imageArray, labelArray } from "../../test/array-readers.ts";
import { assertSelfContained, assertWellFormed } from "../../test/well-formed.ts";
import type { EvaluationReportRequest, Report } from "./contract.ts";
import { composeEvaluationReport, evaluationReport } from "./evaluation-report.ts";

const size: Triple = [5, 24, 40];

/** Boxes of ids: [id, z, y, x] from and to, half-open. */
function boxes(...all: readonly (readonly [id: number, start: Triple, end: Triple])[]): Uint32Array {
  const ids = new Uint32Array(size[0] * size[1] * size[2]);
  for (const [id, start, end] of all) for (let z = start[0]; z < end[0]; z++) for (let y = start[1]; y < end[1]; y++) ids.fill(id, (z * size[1] + y) * size[2] + start[2], (z * size[1] + y) * size[2] + end[2]);
  return ids;
}

const truth = boxes([1, [1, 2, 2], [4, 8, 10]], [2, [1, 2, 14], [4, 8, 22]], [3, [1, 12, 2], [4, 20, 20]], [4, [1, 12, 26], [4, 20, 38]]);
// Good: all but object 2 as they are, 4 a little narrow. Bad: 1 and 2 joined, 3 in two parts, 4 missed, one of nothing.
const good = boxes([1, [1, 2, 2], [4, 8, 10]], [2, [1, 2, 15], [4, 8, 22]], [3, [1, 12, 2], [4, 20, 20]], [4, [1, 12, 26], [4, 20, 36]]);
const bad = boxes([5, [1, 2, 2], [4, 8, 22]], [6, [1, 12, 2], [4, 20, 10]], [7, [1, 12, 11], [4, 20, 19]], [9, [1, 2, 30], [4, 6, 36]]);

async function request(predictions: readonly (readonly [string, Uint32Array])[], change: Partial<EvaluationReportRequest> & { readonly of?: Uint32Array } = {}): Promise<EvaluationReportRequest> {
  const reader = { ...labelArray(change.of ?? truth, size), name: "truth.tif" };
  const judged = predictions.map(async ([name, ids]) => ({ name, labels: labelArray(ids, size), evaluation: await evaluateLabels({ truth: reader, prediction: { ...labelArray(ids, size), name }, promptedSlices: new Map([[1, 2], [3, 1]]) }) }));
  return { title: "Judged", truth: reader, image: imageArray(Float32Array.from(truth, (id, at) => 10 * Math.min(1, id) + (at % 7)), size), predictions: await Promise.all(judged), ...change };
}

function picturesOf(report: Report) {
  return report.sections.flatMap(({ blocks }) => blocks).flatMap((block) => (block.kind === "pictures" ? block.pictures : []));
}

function plotsOf(report: Report): string[] {
  return report.sections.flatMap(({ blocks }) => blocks).flatMap((block) => (block.kind === "plot" ? [block.plot.name] : []));
}

test("two predictions beside each other: a well-formed page, complete in itself, the same again", async () => {
  const asked = await request([["good", good], ["bad", bad]]);
  const html = await evaluationReport(asked);
  assertWellFormed(html);
  assertSelfContained(html);
  assert.equal(html, await evaluationReport(asked));
});

test("the best of each row is bold, ties of all are not", async () => {
  const report = await composeEvaluationReport(await request([["good", good], ["bad", bad]]));
  const [block] = report.sections[0]!.blocks;
  assert.ok(block?.kind === "table");
  const row = (label: string) => block.table.rows.find(([first]) => String(first).startsWith(label))!.slice(1).map((cell) => (typeof cell === "string" ? undefined : cell.best));
  assert.deepEqual(block.table.columns, ["", "good", "bad"]);
  assert.deepEqual(row("Foreground Dice"), [true, false]);
  assert.deepEqual(row("Missed objects"), [true, false]);
  assert.deepEqual(row("Adapted Rand error"), [true, false]);
  assert.deepEqual(row("Hausdorff 95 of the pairs"), [true, false]);
  const same = await composeEvaluationReport(await request([["a", good], ["b", good]]));
  const [equal] = same.sections[0]!.blocks;
  assert.ok(equal?.kind === "table" && equal.table.rows.flat().every((cell) => typeof cell === "string" || cell.best !== true));
});

test("every fault has its example, and the plots are those that can be drawn", async () => {
  const report = await composeEvaluationReport(await request([["bad", bad]]));
  const names = picturesOf(report).map(({ name }) => name);
  for (const name of ["split-3", "joined-1", "joined-2", "missed-4", "spurious-9"]) assert.ok(names.includes(name), `${name} is not among ${names.join(" ")}`);
  assert.deepEqual(plotsOf(report).slice(0, 3), ["scores-by-iou", "faults", "dice-by-volume"]);
  assert.ok(plotsOf(report).includes("dice-by-distance"));
  assert.deepEqual(plotsOf(await composeEvaluationReport(await request([["good", good], ["bad", bad]]))).slice(0, 4), ["f1-by-iou", "ap-by-iou", "pq-by-iou", "faults"]);
});

test("both outlines are drawn, white where they meet", async () => {
  const report = await composeEvaluationReport(await request([["good", good]]));
  const slice = picturesOf(report).find(({ name }) => name === "slice-z2")!;
  const { width, data } = decode(slice.png);
  const magnify = width / size[2];
  const at = (x: number, y: number): number[] => [...data.subarray(3 * (y * magnify * width + x * magnify)).subarray(0, 3)];
  assert.deepEqual(at(2, 3), [255, 255, 255]);
  assert.deepEqual(at(14, 4), [64, 190, 255]);
  assert.deepEqual(at(15, 4), [255, 140, 0]);
});

test("nothing predicted, nothing there, or neither: a page that says what the scores mean", async () => {
  const none = new Uint32Array(truth.length);
  const pages = [
    await evaluationReport(await request([["empty", none]])), await evaluationReport(await request([["bad", bad]], { of: none })), await evaluationReport(await request([["empty", none]], { of: none, image: undefined })),
  ];
  for (const html of pages) {
    assertWellFormed(html);
    assertSelfContained(html);
  }
  assert.ok(pages[0]!.includes("nothing is predicted") && pages[1]!.includes("the truth has no object") && pages[2]!.includes("there was nothing to find"));
});

test("names of predictions are text", async () => {
  const html = await evaluationReport(await request([["</svg><script>alert(1)</script>", good], ["</svg><script>alert(1)</script>", bad]]));
  assertWellFormed(html);
  assertSelfContained(html);
  assert.ok(html.includes("&lt;/svg&gt;&lt;script&gt;alert(1)&lt;/script&gt;"));
});

test("a cancel is heard", async () => {
  const stop = new AbortController();
  await assert.rejects(evaluationReport(await request([["good", good]]), { signal: stop.signal, onProgress: () => stop.abort() }), (thrown) => thrown instanceof MaskletError && thrown.code === "cancelled");
});
