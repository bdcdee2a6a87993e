// Prompts from the ROI Manager, Refine, Fetch Result, Measure and Segment Volume with the real server and weights.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { AREA, TABLE } from "./command-macro-tests.ts";
import { DISKS } from "./macro-tests.ts";
import { AREAS, connect } from "./object-macro-tests.ts";
import { runMacro } from "./run-macro.ts";
import { startServerUnderTest } from "./server-under-test.ts";

/** Bounds instead of equalities where a network decides. */
export function commandsOnRealServer(): void {
  test("ROIs are prompted and followed, corrected, measured, and fetched as the result of a job", async () => {
    const folder = await mkdtemp(join(tmpdir(), "masklet-imagej-file-"));
    const server = await startServerUnderTest("real");
    const http = server.url.replace("ws", "http");
    try {
      const file = join(folder, "stack.tif");
      const labels = join(folder, "labels.tif");
      const first = await runMacro(`${AREAS}${TABLE}${DISKS} saveAs("Tiff", "${file}"); close(); open("${file}"); ${connect(server.url)}
        setSlice(5); makeRectangle(17, 14, 21, 21); roiManager("add"); run("Select None"); roiManager("deselect"); setSlice(1);
        run("Masklet Prompts From ROI Manager...", "objects=each number=3 masks=now output=overlay"); tell("rois", result()); tell("prompted", outlines());
        run("Masklet Undo"); tell("undone", Overlay.size); run("Masklet Redo");
        run("Masklet Propagate...", "objects=3 output=labels"); tell("areas", areas()); close();
        run("Masklet Jump To Worst Slice"); tell("jump", result()); run("Select None");
        setSlice(7); makePoint(30, 24); run("Masklet Refine...", "object=3 polarity=positive output=overlay"); tell("refine", result());
        setSlice(4); makePoint(12, 24); run("Masklet Refine...", "object=3 polarity=negative output=overlay"); tell("negative", result());
        setSlice(3); makeOval(17, 16, 17, 17); run("Masklet Refine...", "object=3 polarity=positive first=2 last=4 output=table"); tell("area", result()); run("Masklet Fetch Result...", "output=labels"); tell("corrected", areas());
        saveAs("Tiff", "${labels}"); close(); tell("table", table());`, { timeoutMs: 180_000 });
      assert.ok(first.finished, first.output);
      const { told } = first;
      assert.match(told["rois"]!, /"ok":true,"command":"prompts.put","cancelled":false,"planes":1,"prompted":1,"objects":\[3\],"model":"/);
      assert.match(told["prompted"]!, /^obj0003-z0005-t0001=[\d.]+ $/);
      assert.equal(told["undone"], "0");
      assert.match(told["jump"]!, /"command":"jump","object":3,"slice":\d,"frame":1,"score":0\.\d+/);
      assert.match(told["refine"]!, /"ok":true,"command":"refine","cancelled":false/);
      assert.match(told["area"]!, /"ok":true,"command":"refine","cancelled":false/);
      const negative = Number(/"command":"refine","cancelled":false.*"area":(\d+)/.exec(told["negative"]!)?.[1]);
      assert.ok(negative > AREA * 0.6 && negative < AREA * 1.6, told["negative"]);
      const corrected = Number(/^3:(\d+) $/.exec(told["corrected"]!)![1]);
      assert.ok(corrected > 7 * AREA * 0.5 && corrected < 7 * AREA * 1.6, told["corrected"]);
      const [session] = (await (await fetch(`${http}/v1/sessions`)).json()) as readonly { sessionId: string }[];
      const csv = (await (await fetch(`${http}/v1/sessions/${session!.sessionId}/measurements.csv`)).text()).trim().split("\n").map((line) => line.split(",").slice(0, 15));
      const table = told["table"]!.replaceAll("\\n", "\n").trim().split("\n").map((line) => line.split("\t"));
      assert.deepEqual(table[0], csv[0]);
      assert.equal(table[1]!.length, csv[1]!.length);
      csv[1]!.forEach((value, at) => assert.ok(Math.abs(Number(value) - Number(table[1]![at])) < 1e-4, `${csv[0]![at]}: ${value} and ${table[1]![at]}`));

      const asked = { operation: "propagate", sessionId: session!.sessionId, params: { objects: [3], continue: true } };
      const job = (await (await fetch(`${http}/v1/jobs`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(asked) })).json()) as { id: string };
      const second = await runMacro(`${AREAS}${connect(server.url)} run("Masklet Fetch Result...", "job=${job.id} output=labels"); tell("result", result()); tell("title", getTitle()); tell("areas", areas());
        getVoxelSize(x, y, z, unit); tell("voxel", "" + x + "," + y + "," + z); fetched = getImageID(); open("${labels}"); other = getImageID();
        imageCalculator("Difference create stack", fetched, other); n = 0; for (i = 1; i <= nSlices; i++) { setSlice(i); getStatistics(area, mean); n += mean; } tell("different", n);`);
      assert.ok(second.finished, second.output);
      assert.match(second.told["result"]!, new RegExp(`"command":"fetch","session":"${session!.sessionId}","objects":\\[3\\]`));
      assert.deepEqual([second.told["title"], second.told["voxel"], second.told["areas"], second.told["different"]], ["stack-labels", "0.5,0.5,2", told["corrected"], "0"]);
    } finally {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });

  test("one line for a volume gives the same labels again; an RGB stack is segmented with and without a network", async () => {
    const server = await startServerUnderTest("real");
    try {
      const run = await runMacro(`${AREAS}${DISKS}
        run("Masklet Segment Volume...", "server=${server.url} prompts=[2:box:z5:17,14,38,35] output=labels"); tell("first", areas()); close();
        run("Masklet Segment Volume...", "server=${server.url} prompts=[2:box:z5:17,14,38,35] output=labels"); tell("second", areas()); run("Close All");
        newImage("colour", "RGB black", 64, 48, 5); setColor(0, 0, 220); for (z = 2; z <= 4; z++) { setSlice(z); fillOval(20, 16, 17, 17); }
        run("Masklet Segment Volume...", "prompts=[1:box:z3:19,15,38,34] output=labels"); tell("colour", areas()); close();
        run("Masklet Classical 3D...", "recipe=fds-grains minvolume=50 output=labels"); tell("classical", areas());`, { timeoutMs: 180_000 });
      assert.ok(run.finished, run.output);
      const { told } = run;
      assert.match(told["first"]!, /^2:\d{3,} $/);
      assert.equal(told["second"], told["first"]);
      assert.match(told["colour"]!, /^1:\d{3,4} $/);
      const blue = Number(/^2:(\d+) $/.exec(told["classical"]!)?.[1]); // nothing of it is red; the filter leaves a margin on so small a volume
      assert.ok(blue > 3 * AREA * 0.6 && blue < 3 * AREA * 2.5, told["classical"]);
    } finally {
      await server.stop();
    }
  });

  test("one slice, 32-bit, signed 16-bit and a virtual stack", async () => {
    const signed = new Uint8Array(64 * 48 * 3 * 2);
    for (let z = 0; z < 3; z++) for (let y = 16; y < 32; y++) for (let x = 16; x < 32; x++) new DataView(signed.buffer).setInt16(2 * ((z * 48 + y) * 64 + x), 600, true);
    const one = (name: string, slice: number): string => `
      run("Masklet Segment Volume...", "prompts=[1:box:z${slice}:15,15,33,33] output=labels"); tell("${name}", areas()); close();
      roiManager("reset"); makeRectangle(15, 15, 18, 18); roiManager("add"); run("Select None"); roiManager("deselect");
      run("Masklet Prompts From ROI Manager...", "objects=each number=2 masks=now output=overlay"); tell("${name}Rois", result());
      makePoint(20, 20); run("Masklet Refine...", "object=2 polarity=positive output=overlay"); tell("${name}Refined", result()); close();\n`;
    const filled = (type: string, slices: number, value: number): string => `newImage("made.tif", "${type} black", 64, 48, ${slices}); setColor(${value}); for (z = 1; z <= ${slices}; z++) { setSlice(z); fillRect(16, 16, 16, 16); }\n`;
    const server = await startServerUnderTest("real");
    try {
      const { told, finished, output } = await runMacro(`${AREAS}${connect(server.url)}
        ${filled("8-bit", 1, 200)} ${one("one", 1)}
        ${filled("32-bit", 3, 0.75)} setSlice(2); setMinAndMax(0, 1); ${one("float", 2)}
        run("Raw...", "open=HOME/signed.raw image=[16-bit Signed] width=64 height=48 number=3 little-endian"); setSlice(2); setMinAndMax(0, 1000); ${one("signed", 2)}
        ${filled("16-bit", 3, 600)} setSlice(2); setMinAndMax(0, 1000); saveAs("Tiff", "HOME/made.tif"); close();
        run("TIFF Virtual Stack...", "open=HOME/made.tif"); setSlice(2); setMinAndMax(0, 1000); ${one("virtual", 2)}`, { timeoutMs: 180_000, files: { "signed.raw": signed } });
      assert.ok(finished, output);
      for (const [name, slices] of [["one", 1], ["float", 3], ["signed", 3], ["virtual", 3]] as const) {
        const voxels = Number(/^1:(\d+) $/.exec(told[name]!)?.[1]);
        assert.ok(voxels > slices * 256 * 0.6 && voxels < slices * 256 * 1.6, `${name}: ${told[name]}`);
        assert.match(told[`${name}Rois`]!, /"planes":1,"prompted":1,"objects":\[2\]/, name);
        assert.match(told[`${name}Refined`]!, /"ok":true,"command":"refine","cancelled":false/, name);
      }
    } finally {
      await server.stop();
    }
  });
}
