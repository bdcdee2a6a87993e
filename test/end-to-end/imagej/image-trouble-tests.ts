// What people do to an image while Masklet works on it, and images of unusual size.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { DISKS } from "./macro-tests.ts";
import { startFakeServer } from "./fake-server.ts";
import { runSteps, type Step } from "./run-steps.ts";
import { startServerUnderTest } from "./server-under-test.ts";
import { assertTold, assertWorked } from "./trouble-tests.ts";

const connect = (url: string): string => `run("Masklet Connect...", "server=${url} timeout=3");\n`;
const PROMPT = `setSlice(5); makeRectangle(17, 14, 21, 21); run("Masklet Add Prompt...", "object=1 kind=box mode=replace");\n`;
const propagate = (output: string): string => `run("Masklet Propagate...", "axis=z direction=both first=0 last=0 objects=all output=${output}");\n`;
const COUNTS = `tell("outlines", Overlay.size); tell("rois", roiManager("count"));`;

async function steps(url: string, macros: readonly string[], timeoutMs?: number): Promise<readonly Step[]> {
  const [first = "", ...others] = macros;
  const run = await runSteps([`${connect(url)}${first}`, ...others], timeoutMs === undefined ? {} : { timeoutMs });
  assert.ok(run.alive, run.output);
  assert.doesNotMatch(run.output, /Exception/);
  return run.steps;
}

async function againstFake(macros: readonly string[]): Promise<readonly Step[]> {
  const server = await startFakeServer({ planeDelayMs: 60 });
  try {
    return await steps(server.url, macros);
  } finally {
    await server.stop();
  }
}

async function againstReal(macros: (folder: string) => readonly string[]): Promise<readonly Step[]> {
  const folder = await mkdtemp(join(tmpdir(), "masklet-trouble-"));
  const server = await startServerUnderTest("real");
  try {
    return await steps(server.url, macros(folder), 240_000);
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

export function imageTroubleTests(): void {
  test("a stack closed during a run: while its pixels are needed, and after all were sent", async () => {
    const close = `call("Steps.when", "stack.tif", "3", "close");`;
    const [needed, sent, next] = await againstFake([
      `${DISKS}${PROMPT}${close}${propagate("all")}`,
      `${DISKS}${PROMPT}${propagate("overlay")} run("Remove Overlay"); ${close}${propagate("all")}`,
      `${DISKS}${PROMPT}${propagate("overlay")}${COUNTS}`,
    ]);
    assertTold(needed!, /^Masklet: Masklet still needed pixels of "stack\.tif", but the image was closed\. Open it again and repeat the command\.$/);
    assertTold(sent!, /^Masklet: "stack\.tif" was closed before the command had ended\. /);
    assertWorked(next!);
    assert.equal(next!.told["outlines"], "7");
  });

  test("a stack edited during a run is told, with what was found shown; undoing the edit is enough", async () => {
    const [edited, next, undone] = await againstFake([
      `${DISKS}${PROMPT} call("Steps.when", "stack.tif", "3", "edit"); ${propagate("overlay")}`,
      `tell("outlines", Overlay.size); ${PROMPT}`,
      `setSlice(5); setPixel(0, 0, 0); updateDisplay(); ${PROMPT}${propagate("overlay")}${COUNTS}`,
    ]);
    assertTold(edited!, /^Masklet: "stack\.tif" was edited after its pixels were sent \(slice 5\)\. Undo the edit, or work on a copy: Image > Duplicate\.\.\.\.$/);
    assert.equal(next!.told["outlines"], "7");
    assertTold(next!, /^Masklet: "stack\.tif" was edited/);
    assertWorked(undone!);
    assert.equal(undone!.told["outlines"], "7");
  });

  test("cropped or converted, an image is another one and begins anew", async () => {
    const [cropped, converted] = await againstFake([
      `${DISKS}${PROMPT}${propagate("overlay")} run("Remove Overlay"); makeRectangle(10, 10, 40, 34); run("Crop"); setSlice(5); makeRectangle(7, 4, 21, 21);
       run("Masklet Add Prompt...", "object=1 kind=box mode=replace"); tell("prompt", result()); tell("outlines", Overlay.size);`,
      `run("8-bit"); makeRectangle(7, 4, 21, 21); run("Masklet Add Prompt...", "object=next kind=box"); tell("prompt", result());`,
    ]);
    assertWorked(cropped!);
    assert.match(cropped!.told["prompt"]!, /"object":1,"area":225,/);
    assert.equal(cropped!.told["outlines"], "1");
    assertWorked(converted!);
    assert.match(converted!.told["prompt"]!, /"object":1,"area":225,/);
  });

  test("the ROI Manager closed during a run, and between two", async () => {
    const [during, between] = await againstFake([
      `${DISKS}${PROMPT}${propagate("rois")} tell("first", roiManager("count")); run("Remove Overlay"); call("Steps.when", "stack.tif", "3", "close rois"); ${propagate("all")} selectWindow("stack.tif"); ${COUNTS}`,
      `selectWindow("ROI Manager"); run("Close"); selectWindow("stack.tif"); ${propagate("rois")}${COUNTS}`,
    ]);
    assertWorked(during!);
    assert.deepEqual([during!.told["first"], during!.told["outlines"], during!.told["rois"]], ["7", "7", "7"]);
    assertWorked(between!);
    assert.equal(between!.told["rois"], "7");
  });
}

/** Bounds instead of equalities where a network decides. */
export function imageTroubleOnRealServer(): void {
  test("one slice is prompted and outlined, and there is nothing to follow; three slices are no RGB", () => againstReal(() => {
    const prompted = (slices: number): string => `newImage("s${slices}.tif", "16-bit black", 64, 48, ${slices}); setColor(900);
      for (z = 1; z <= ${slices}; z++) { setSlice(z); fillRect(20, 14, 18, 16); } setMinAndMax(0, 1000); setSlice(1); makeRectangle(19, 13, 20, 18);
      run("Masklet Add Prompt...", "object=1 kind=box mode=replace"); tell("prompt", result());`;
    return [
      `${prompted(1)} run("Masklet Segment Slice...", "object=all output=roi"); ${COUNTS}`,
      propagate("all"),
      `roiManager("reset"); ${prompted(3)} ${propagate("all")} tell("slices", nSlices); tell("title", getTitle()); tell("rois", roiManager("count"));`,
    ];
  }).then(([one, nothing, three]) => {
    for (const step of [one!, three!]) {
      assertWorked(step);
      const area = Number(/"area":(\d+)/.exec(step.told["prompt"]!)![1]);
      assert.ok(area > 200 && area < 420, `${area} of 288 pixels`);
    }
    assert.deepEqual([one!.told["outlines"], one!.told["rois"]], ["1", "1"]);
    assertTold(nothing!, /^Masklet: Cannot follow objects along z: the volume has one plane along z; it is a single picture/);
    assert.deepEqual([three!.told["slices"], three!.told["title"], three!.told["rois"]], ["3", "s3-labels", "3"]);
  }));

  test("ten thousand objects: labels, outlines and ROIs in seconds", (context) => againstReal(() => [
    `newImage("many.tif", "16-bit black", 1000, 1000, 1); setColor(900);
     for (y = 0; y < 100; y++) for (x = 0; x < 100; x++) fillRect(10 * x + 2, 10 * y + 2, 6, 6); setMinAndMax(0, 1000);`,
    `run("Masklet Classical 3D...", "recipe=fds polarity=bright rings=off split=none low=450 high=450 minvolume=1 output=all set=[threshold.method=fixed denoise.method=none close.radius=0]");
     tell("labels", getTitle()); getStatistics(area, mean, min, max); tell("highest", max); tell("rois", roiManager("count")); selectWindow("many.tif"); tell("outlines", Overlay.size);`,
    `run("Masklet Segment Slice...", "object=all output=overlay"); tell("outlines", Overlay.size);`,
    `selectWindow("many-labels"); run("Masklet Labels To ROI Manager...", "objects=all"); tell("rois", roiManager("count"));`,
    `selectWindow("many.tif"); run("Masklet Undo"); tell("outlines", Overlay.size);`,
  ]).then(([, classical, slice, rois, undone]) => {
    for (const step of [classical!, slice!, rois!, undone!]) assertWorked(step);
    assert.deepEqual([classical!.told["highest"], classical!.told["rois"], classical!.told["outlines"]], ["10000", "10000", "10000"]);
    assert.deepEqual([slice!.told["outlines"], rois!.told["rois"], undone!.told["outlines"]], ["10000", "10000", "0"]);
    const seconds = [classical!, slice!, rois!, undone!].map((step) => step.seconds);
    context.diagnostic(`seconds: ${seconds.map((each) => each.toFixed(1)).join(", ")} for segmenting with all outputs, the outlines again, ROIs of the label image, undo`);
  }));

  test("two ImageJs on one session: each sees the other's objects, a conflict is told, and nothing is lost", async () => {
    const folder = await mkdtemp(join(tmpdir(), "masklet-two-"));
    const server = await startServerUnderTest("real");
    try {
      const file = join(folder, "stack.tif");
      const said = (name: string): string => `File.saveString("", "${join(folder, name)}");`;
      const heard = (name: string): string => `while (!File.exists("${join(folder, name)}")) wait(20);`;
      const names = `text = ""; for (i = 0; i < Overlay.size; i++) { Overlay.activateSelection(i); name = Roi.getName; text += name + " "; } run("Select None"); tell("outlines", text);`;
      const prompt = (object: number, x: number): string => `setSlice(5); makeRectangle(${x}, 14, 21, 21); run("Masklet Add Prompt...", "object=${object} kind=box mode=replace");`;
      const open = `${connect(server.url)} open("${file}"); setSlice(5);`;
      await steps(server.url, [`${DISKS} saveAs("Tiff", "${file}");`]);
      const first = runSteps([
        `${open} ${prompt(1, 17)} ${said("a1")} ${heard("b1")}`,
        prompt(1, 16), // the other one has edited it since
        `${names} ${prompt(1, 16)} ${said("a2")} ${heard("b2")} run("Masklet Segment Slice...", "object=all"); ${names}`,
      ], { timeoutMs: 240_000 });
      const second = runSteps([
        `${heard("a1")} ${open} run("Masklet Segment Slice...", "object=1"); ${names}`,
        `${prompt(1, 18)} ${prompt(2, 18)} ${said("b1")} ${heard("a2")}`,
        `run("Masklet Propagate...", "axis=z objects=2 output=overlay"); tell("result", result()); ${said("b2")}`,
      ], { timeoutMs: 240_000 });
      const [a, b] = [await first, await second];
      assert.ok(a.alive && b.alive, a.output + b.output);
      const [, conflict, again] = a.steps;
      assertTold(conflict!, /^Masklet: Object 1 was edited \(edit \d+\) after the state that this began from \(edit \d+\)\. Look at the change, then repeat your edit\.$/);
      assertWorked(again!);
      const [joined, edited, followed] = b.steps;
      assert.equal(joined!.told["outlines"], "obj0001-z0005-t0001 ");
      for (const step of [joined!, edited!, followed!]) assertWorked(step);
      assert.match(again!.told["outlines"]!, /obj0001-z0005-t0001 /);
      assert.match(again!.told["outlines"]!, /obj0002-z0005-t0001 /);
      const sessions: unknown = await (await fetch(`${server.url.replace("ws", "http")}/v1/sessions`)).json();
      assert.ok(Array.isArray(sessions) && sessions.length === 1);
    } finally {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });
}
