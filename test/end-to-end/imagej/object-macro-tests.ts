// Automask, Segment Every Particle, Combine, Split and the choice of a model, replayed as a macro replays them.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { startFakeServer } from "./fake-server.ts";
import { runMacro } from "./run-macro.ts";
import { startServerUnderTest, type ServerKind } from "./server-under-test.ts";

/** Two squares of 12 x 12 on slices 2 to 8 of 9, and a third of 6 x 6 on slice 5 alone. */
export const SQUARES = `
newImage("squares.tif", "16-bit black", 64, 48, 9);
setColor(900);
for (z = 2; z <= 8; z++) { setSlice(z); fillRect(6, 10, 12, 12); fillRect(40, 10, 12, 12); }
setSlice(5); fillRect(24, 36, 6, 6);
setMinAndMax(0, 1000);
`;

/** A bar of 40 x 12 on slices 2 to 8 of 9, with a waist in its middle. */
const DUMBBELL = `
newImage("dumbbell.tif", "16-bit black", 64, 48, 9);
setColor(900);
for (z = 2; z <= 8; z++) { setSlice(z); fillRect(10, 16, 18, 16); fillRect(32, 16, 18, 16); fillRect(28, 21, 4, 6); }
setMinAndMax(0, 1000);
setSlice(5);
`;

export const AREAS = `
function areas() { text = ""; getDimensions(w, h, c, s, f);
  for (id = 1; id <= 9; id++) { n = 0; for (i = 1; i <= nSlices; i++) { setSlice(i); for (y = 0; y < h; y++) for (x = 0; x < w; x++) if (getPixel(x, y) == id) n++; } if (n > 0) text += "" + id + ":" + n + " "; }
  return text; }
function outlines() { text = ""; for (i = 0; i < Overlay.size; i++) { Overlay.activateSelection(i); name = Roi.getName; getStatistics(area); text += name + "=" + area + " "; } run("Select None"); return text; }
`;

export const connect = (url: string): string => `run("Masklet Connect...", "server=${url} timeout=3");\n`;

async function against(macro: string, kind: ServerKind = "fake"): Promise<Readonly<Record<string, string>>> {
  const server = await startServerUnderTest(kind);
  try {
    const run = await runMacro(`${AREAS}${connect(server.url)}${macro}`, kind === "real" ? { timeoutMs: 180_000 } : {});
    assert.ok(run.finished, run.output);
    return run.told;
  } finally {
    await server.stop();
  }
}

export function objectMacroTests(): void {
  test("automask takes the slice, or the selection's bounds, and undo takes all its objects back", async () => {
    const told = await against(`${SQUARES}
      makeRectangle(30, 0, 34, 48);
      run("Masklet Automask...", "points=8 score=0.7 stability=0.9 model=auto"); tell("region", result()); tell("regionOutlines", outlines());
      run("Masklet Undo"); tell("undone", Overlay.size);
      run("Select None");
      run("Masklet Automask...", "points=8 score=0.7 stability=0.9 model=fake-tiny"); tell("slice", result()); tell("sliceOutlines", outlines());`);
    assert.match(told["region"]!, /"ok":true,"command":"automask","cancelled":false,"planes":1,"objects":\[1\],"model":"fake"/);
    assert.equal(told["regionOutlines"], "obj0001-z0005-t0001=144 ");
    assert.equal(told["undone"], "0");
    assert.match(told["slice"]!, /"objects":\[1,2,3\],"model":"fake-tiny"/);
    assert.equal(told["sliceOutlines"], "obj0001-z0005-t0001=144 obj0002-z0005-t0001=144 obj0003-z0005-t0001=36 ");
  });

  test("every particle becomes a label image, in the range that was asked for", async () => {
    const told = await against(`${SQUARES}
      run("Masklet Segment Every Particle...", "axis=z every=4 first=3 last=6 points=8 score=0.7 stability=0.9 output=labels model=auto");
      tell("result", result()); tell("title", getTitle()); tell("areas", areas());`);
    assert.match(told["result"]!, /"command":"automask.stack","cancelled":false,"planes":9,"objects":\[1,2,3\],"model":"fake","labels":"squares-labels"/);
    assert.deepEqual([told["title"], told["areas"]], ["squares-labels", "1:576 2:576 3:36 "]);
  });

  test("a union joins objects into the first, directions show how far they disagree", async () => {
    const told = await against(`${SQUARES}
      run("Masklet Automask...", "points=8 score=0.7 stability=0.9 model=auto");
      run("Masklet Combine...", "how=union objects=1,3 axes=zyx votes=0 model=auto"); tell("union", result()); tell("unionOutlines", outlines());
      run("Masklet Combine...", "how=directions objects=all axes=zy votes=2 model=auto"); tell("directions", result());
      selectWindow("Masklet Disagreement"); tell("table", getInfo("window.contents"));`);
    assert.match(told["union"]!, /"command":"combine".*"objects":\[1\]/);
    assert.deepEqual(told["unionOutlines"]!.trim().split(" ").sort(), ["obj0001-z0005-t0001=180", "obj0002-z0005-t0001=144"]);
    assert.match(told["directions"]!, /"disagreements":\[.*\{"objectId":1,"voxels":180,"disputed":5,"dice":0.75,/);
    const rows = told["table"]!.replaceAll("\\n", "\n").trim().split("\n").map((row) => row.split("\t"));
    assert.deepEqual(rows[0], ["object", "voxels", "disputed", "dice", "worst axis", "worst plane"]);
    assert.deepEqual(rows.slice(1).map((row) => [row[0], row[1], row[4], row[5]]).sort(), [["1", "180", "z", "6"], ["2", "144", "z", "6"]]);
  });

  test("an object is split at points, which may be written out, and without points", async () => {
    const told = await against(`${DUMBBELL}
      makeRectangle(9, 15, 42, 18);
      run("Masklet Add Prompt...", "object=1 kind=box mode=replace model=auto");
      makePoint(15, 20); makeSelection("point", newArray(15, 45), newArray(20, 24));
      run("Masklet Split...", "object=1 seeds=selection depth=1 parts=0"); tell("points", result()); tell("pointOutlines", outlines());
      run("Masklet Undo");
      run("Masklet Split...", "object=1 seeds=15.5,20.5,5;45.5,24.5,5 depth=1 parts=0"); tell("writtenOutlines", outlines());
      run("Masklet Undo");
      run("Masklet Split...", "object=1 seeds=auto depth=0.5 parts=2"); tell("auto", result());`);
    assert.match(told["points"]!, /"command":"split","cancelled":false,"planes":2,"objects":\[1,2\]/);
    assert.match(told["pointOutlines"]!, /^obj0001-z0005-t0001=\d+ obj0002-z0005-t0001=\d+ $/);
    assert.equal(told["writtenOutlines"], told["pointOutlines"]);
    assert.match(told["auto"]!, /"objects":\[1,2\]/);
  });

  test("continue and the model reach the server, and a run keeps the slice and the selection", async () => {
    const server = await startFakeServer();
    const propagate = (more: string): string => `run("Masklet Propagate...", "axis=z direction=both first=2 last=8 objects=1 output=rois ${more}");\n`;
    try {
      const run = await runMacro(`${SQUARES}${connect(server.url)}
        makeRectangle(5, 9, 14, 14); run("Masklet Add Prompt...", "object=1 kind=box mode=add model=fake-tiny");
        ${propagate("model=auto")} setSlice(4); makeRectangle(1, 2, 3, 4); ${propagate("model=fake-tiny continue")}
        getSelectionBounds(x, y, w, h); tell("place", "" + getSliceNumber() + ":" + x + "," + y + "," + w + "," + h); tell("rois", roiManager("count"));`);
      assert.ok(run.finished, run.output);
      const [first, second] = server.propagations;
      assert.deepEqual([first!.continue, first!.model, second!.continue, second!.model], [undefined, undefined, true, "fake-tiny"]);
      assert.deepEqual([run.told["place"], run.told["rois"]], ["4:1,2,3,4", "7"]);
    } finally {
      await server.stop();
    }
  });

  test("a recorded model that is not there, an axis without a prompt and seeds that are none are one sentence each", async () => {
    const prompt = `makeRectangle(5, 9, 14, 14);\nrun("Masklet Add Prompt...", "object=1 kind=box mode=add`;
    const cases = [
      [`${prompt} model=gone-1");`, /^Masklet: There is no model "gone-1"\. Known models: fake-tiny, fake-absent/],
      [`${prompt}");\nrun("Masklet Propagate...", "axis=y direction=both first=0 last=0 objects=all output=labels model=auto continue");`, /^Masklet: Object 1 has no prompt on a y plane, so it cannot be followed along y\. /],
      [`run("Masklet Split...", "object=1 seeds=3,4 depth=1 parts=0");`, /^Masklet: "3,4" names no seeds\. /],
      [`run("Masklet Split...", "object=9 seeds=auto depth=1 parts=0");`, /^Masklet: There is no object 9/],
      [`run("Masklet Combine...", "how=directions objects=4 axes=zyx votes=0 model=auto");`, /^Masklet: There is no object 4/],
      [`run("Masklet Automask...", "points=0 score=0.7 stability=0.9 model=auto");`, /^Masklet: points must be a whole number from 1 to 256\./],
    ] as const;
    const server = await startFakeServer();
    try {
      for (const [macro, sentence] of cases) {
        const run = await runMacro(`${SQUARES}${connect(server.url)}${macro}`);
        assert.equal(run.finished, false, macro);
        const lines = run.output.split("\n").filter((line) => line.startsWith("Masklet:"));
        assert.equal(lines.length, 1, run.output);
        assert.match(lines[0]!, sentence);
      }
    } finally {
      await server.stop();
    }
  });
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "masklet-imagej-file-"));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Bounds instead of equalities: a network decides. */
export function objectsOnRealServer(): void {
  test("an object that another client prompted on a y plane is followed along y and outlined on slices", () => inFolder(async (folder) => {
    const file = join(folder, "squares.tif");
    const server = await startServerUnderTest("real");
    const http = server.url.replace("ws", "http");
    try {
      const first = await runMacro(`${SQUARES} saveAs("Tiff", "${file}"); close(); open("${file}");
        ${connect(server.url)} makeRectangle(6, 10, 12, 12); run("Masklet Add Prompt...", "object=1 kind=box mode=add model=auto");`);
      assert.ok(first.finished, first.output);
      const [session] = (await (await fetch(`${http}/v1/sessions`)).json()) as readonly { sessionId: string }[];
      const prompts = { objects: [{ id: 2, axis: "y", t: 0, c: 0, prompts: [{ y: 16, box: [40, 1, 52, 8] }] }] };
      const put = await fetch(`${http}/v1/sessions/${session!.sessionId}/prompts`, { method: "PUT", headers: { "content-type": "application/json" }, body: JSON.stringify(prompts) });
      assert.equal(put.status, 200, await put.text());
      const run = await runMacro(`${AREAS} open("${file}"); ${connect(server.url)}
        run("Masklet Propagate...", "axis=y direction=both first=14 last=20 objects=2 output=all model=auto"); tell("result", result());
        tell("rois", roiManager("count")); selectWindow("squares.tif"); tell("outlines", outlines());`);
      assert.ok(run.finished, run.output);
      assert.match(run.told["result"]!, /"command":"propagate","cancelled":false,"planes":\d+.*"objects":\[2\]/);
      const outlines = run.told["outlines"]!.trim().split(" ");
      const ofSecond = outlines.filter((outline) => outline.startsWith("obj0002-z"));
      assert.ok(ofSecond.length >= 5, run.told["outlines"]); // on slices, though each mask lies on one y plane
      assert.equal(String(ofSecond.length), run.told["rois"]);
      assert.equal(outlines.length, ofSecond.length + 1); // and the first object's
    } finally {
      await server.stop();
    }
  }));

  test("every particle is followed, and its directions are put to the vote", async () => {
    const told = await against(`
      newImage("squares.tif", "16-bit black", 40, 24, 4); setColor(900);
      for (z = 1; z <= 4; z++) { setSlice(z); fillRect(12, 6, 14, 12); } setMinAndMax(0, 1000);
      run("Masklet Segment Every Particle...", "axis=z every=3 first=1 last=3 points=3 score=0.6 stability=0.8 output=labels model=auto");
      tell("stack", result()); tell("areas", areas()); selectWindow("squares.tif");
      run("Masklet Combine...", "how=directions objects=1 axes=zy votes=1 model=auto"); tell("vote", result());`, "real");
    assert.match(told["stack"]!, /"command":"automask.stack","cancelled":false,"planes":\d+,"objects":\[1[,\]]/);
    assert.match(told["areas"]!, /^1:\d{3,} /);
    assert.match(told["vote"]!, /"command":"combine","cancelled":false.*"disagreements":\[\{"objectId":1,"voxels":\d+/);
  });

  test("automask finds the squares, a split parts the dumbbell, a union joins it again", async () => {
    const told = await against(`${SQUARES}
      run("Masklet Automask...", "points=8 score=0.6 stability=0.8 model=auto"); tell("automask", result()); tell("squares", outlines()); close();
      ${DUMBBELL}
      makeRectangle(9, 15, 42, 18);
      run("Masklet Add Prompt...", "object=1 kind=box mode=replace model=auto");
      makeRectangle(10, 16, 40, 16);
      run("Masklet Add Prompt...", "object=1 kind=mask mode=replace model=mobile-sam"); tell("whole", outlines());
      run("Masklet Split...", "object=1 seeds=15.5,24.5,5;45.5,24.5,5 depth=1 parts=0"); tell("split", result()); tell("parts", outlines());
      run("Masklet Combine...", "how=union objects=all axes=zyx votes=0 model=auto"); tell("union", result()); tell("joined", outlines());`, "real");
    assert.match(told["automask"]!, /"ok":true,"command":"automask"/);
    const areas = (key: string): number[] => told[key]!.trim().split(" ").map((each) => Number(each.split("=")[1]));
    assert.equal(areas("squares").filter((area) => area > 100 && area < 320).length, 2, told["squares"]); // 144 pixels each; a network leaves a margin on so small an image
    assert.match(told["split"]!, /"objects":\[1,2\]/);
    assert.equal(areas("parts").length, 2);
    assert.equal(areas("parts")[0]! + areas("parts")[1]!, areas("whole")[0]);
    assert.deepEqual([areas("joined"), /"objects":\[1\]/.test(told["union"]!)], [areas("whole"), true]);
  });
}
