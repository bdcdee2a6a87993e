// measure and evaluate with --report and --plots, as a person would run them.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { decode } from "fast-png";
import { writeLabelsTiff } from "#server/exports/labels-tiff.ts";
import { assertSelfContained, assertWellFormed } from "../well-formed.ts";
import { runCommand, type Ended } from "./run-command.ts";

const folder = mkdtempSync(join(tmpdir(), "masklet-cli-reports-"));
after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

const out = (name: string): string => join(folder, name);
const run = (...args: string[]): Promise<Ended> => runCommand(args, { home: out("home") });
const shape = { t: 1, c: 1, z: 9, y: 30, x: 40 };
const spacing = { z: 1, y: 0.5, x: 0.5 };

/** Platelets: centre z, y, x, and half-axes. */
const platelets = [[4, 8, 8, 1.5, 5, 6], [4, 20, 14, 3, 6, 1.5], [4, 14, 30, 3, 2, 7]] as const;
const idAt = (z: number, y: number, x: number, grow: number): number => 1 + platelets.findIndex(([cz, cy, cx, rz, ry, rx]) => ((z - cz) / (rz + grow)) ** 2 + ((y - cy) / (ry + grow)) ** 2 + ((x - cx) / (rx + grow)) ** 2 <= 1);
const planeOf = (grow: number) => (_t: number, z: number): Uint16Array => Uint16Array.from({ length: shape.y * shape.x }, (_, at) => idAt(z, Math.floor(at / shape.x), at % shape.x, grow));
// A name that would be mark-up if it were not kept as text.
const truth = out("truth <b>&.tif");
await writeLabelsTiff(truth, { shape, spacing }, 3, planeOf(0));
await writeLabelsTiff(out("thick.tif"), { shape, spacing }, 3, planeOf(0.6));
await writeLabelsTiff(out("thin.tif"), { shape, spacing }, 3, planeOf(-0.7));

function readPage(name: string): string {
  const html = readFileSync(out(name), "utf8");
  assertWellFormed(html);
  assertSelfContained(html);
  return html;
}

function checkPlots(name: string, expected: readonly string[]): void {
  const files = readdirSync(out(name));
  for (const file of expected) assert.ok(files.includes(file), `${file} is not among ${files.join(" ")}`);
  for (const file of files.filter((each) => each.endsWith(".png"))) assert.ok(new Set(decode(readFileSync(out(join(name, file)))).data).size > 1, `${file} is blank`);
  assert.ok(files.every((file) => /\.(svg|png)$/.test(file)), files.join(" "));
}

test("measure writes its page, its plots and its table", async () => {
  const ended = await run("measure", "--labels", truth, "--image", out("thick.tif"), "--output", out("table.csv"), "--report", out("measures.html"), "--plots", out("plots"), "--json");
  assert.equal(ended.code, 0, ended.out + ended.err);
  assert.deepEqual(JSON.parse(ended.out).files, [out("table.csv"), out("measures.html"), out("plots")]);
  const html = readPage("measures.html");
  assert.ok(html.includes("<h1>Measures of truth &lt;b&gt;&amp;.tif</h1>") && html.includes("1 × 0.5 × 0.5 µm") && html.includes("Mean intensity"));
  checkPlots("plots", ["size-distribution.svg", "size-distribution.png", "zingg.png", "platelet-normals.svg", "long-axes.png", "flatness-against-volume.svg", "slice-y15.png", "largest-1.png"]);
});

test("evaluate writes a page with two predictions beside each other, over an image", async () => {
  const prompts = out("prompts.json");
  writeFileSync(prompts, JSON.stringify({ objects: [{ id: 1, prompts: [{ z: 4, box: [2, 3, 14, 13] }] }] }));
  const ended = await run("evaluate", "--truth", truth, "--prediction", out("thick.tif"), "--prediction", out("thin.tif"), "--name", "thick <i>", "--name", "thin", "--image", truth, "--prompts", prompts, "--report", out("judged.html"), "--plots", out("judged-plots"));
  assert.equal(ended.code, 0, ended.out + ended.err);
  assert.ok(ended.err.includes(`Written: ${out("judged.html")}`));
  const html = readPage("judged.html");
  assert.ok(html.includes("thick &lt;i&gt;, cut y = 15") && html.includes("Dice against distance from the prompt"));
  checkPlots("judged-plots", ["f1-by-iou.svg", "ap-by-iou.png", "faults.svg", "dice-by-volume.png", "dice-by-distance.svg", "elongation-true-predicted.png", "slice-y15-1.png", "slice-y15-2.png"]);
});

test("what cannot be is said before anything is measured or judged", async () => {
  const fails = async (exit: number, code: string, ...args: string[]): Promise<void> => {
    const ended = await run(...args, "--json");
    assert.deepEqual([ended.code, JSON.parse(ended.out).error.code], [exit, code], ended.out + ended.err);
  };
  const measure = ["measure", "--labels", truth, "--output", out("never.csv")];
  await fails(2, "usage", ...measure, "--report", out("report.pdf"));
  await fails(2, "usage", ...measure, "--report", truth.replace(".tif", ".html"), "--plots", "");
  await fails(1, "file_not_written", ...measure, "--report", out("nowhere/report.html"));
  await fails(1, "file_not_written", ...measure, "--plots", truth);
  const evaluate = ["evaluate", "--truth", truth, "--prediction", out("thin.tif")];
  await fails(2, "usage", ...evaluate, "--image", truth);
  await fails(2, "usage", ...evaluate, "--report", out("e.html"), "--channel", "1");
  await fails(3, "file_missing", ...evaluate, "--report", out("e.html"), "--image", out("none.tif"));
  await writeLabelsTiff(out("other.tif"), { shape: { ...shape, z: 8 }, spacing }, 3, planeOf(0));
  await fails(3, "labels_mismatch", ...evaluate, "--report", out("e.html"), "--image", out("other.tif"));
  assert.ok(!existsSync(out("never.csv")) && !existsSync(out("e.html")));
});
