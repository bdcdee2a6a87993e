// Masklet Measure... and Masklet Evaluate... as macros replay them; what they say beside ImageJ's own numbers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startFakeServer } from "./fake-server.ts";
import { AREAS, connect, SQUARES } from "./object-macro-tests.ts";
import { runMacro } from "./run-macro.ts";
import { runWindow } from "./run-window.ts";
import { startServerUnderTest } from "./server-under-test.ts";

const TABLES = `function table(name) { selectWindow(name); return getInfo("window.contents"); }\n`;

type Row = Readonly<Record<string, string>>;

/** Rows of a table of ImageJ's by their columns. */
function rows(text: string): Row[] {
  const [head, ...lines] = text.replaceAll("\\n", "\n").trimEnd().split("\n").map((line) => line.split("\t"));
  return lines.map((line) => Object.fromEntries(head!.map((name, at) => [name, line[at] ?? ""])));
}

export function scoreTests(): void {
  test("the table grows by the shape and by the clusters, and the page is saved; a line of before still does what it did", async () => {
    const server = await startFakeServer();
    try {
      const { told, finished, output } = await runMacro(`${AREAS}${TABLES}${connect(server.url)}${SQUARES} setVoxelSize(0.5, 0.5, 2, "um");
        run("Masklet Segment Every Particle...", "axis=z every=4 points=8 score=0.7 stability=0.9 output=overlay model=auto");
        run("Masklet Measure...", "objects=all"); tell("before", result()); tell("basic", table("Masklet Measurements"));
        run("Masklet Measure...", "objects=all columns=shape clusters save=[HOME/a page.html]"); tell("result", result()); tell("shape", table("Masklet Measurements")); tell("clusters", table("Masklet Clusters"));
        tell("page", File.openAsString("HOME/a page.html"));
        run("Masklet Measure...", "objects=1 columns=all"); tell("one", table("Masklet Measurements"));`);
      assert.ok(finished, output);
      assert.match(told["before"]!, /^\{"ok":true,"command":"measure","measured":3\}$/);
      assert.deepEqual(Object.keys(rows(told["basic"]!)[0]!), ["object_id", "cluster_id", "t", "voxels", "volume_um3", "centroid_z_um", "centroid_y_um", "centroid_x_um", "z0", "y0", "x0", "z1", "y1", "x1", "score"]);
      assert.match(told["result"]!, /"measured":3,"clusters":0,"report":"[^"]+a page\.html"/);
      const [first] = rows(told["shape"]!);
      // 12 x 12 pixels of 0.5 um on seven slices of 2 um: as flat as it is high, by its extents.
      assert.deepEqual([first!["voxels"], first!["volume_um3"], first!["zingg_class"], first!["contacts"], first!["intensity_mean"]], ["1008", "504", "rod", "0", undefined]);
      assert.ok(Math.abs(Number(first!["radius1_um"]) - 14 * Math.sqrt(5 / 12)) < 1e-3, first!["radius1_um"]);
      assert.match(told["page"]!, /^<!doctype html><title>A page<\/title>/);
      assert.deepEqual(rows(told["one"]!).map((row) => [row["object_id"], row["intensity_mean"]]), [["1", ""]]);
    } finally {
      await server.stop();
    }
  });
}

/** Labels of two bars and a cube; in the second image the first bar is cut, the cube is gone, and something is made up. */
const LABELS = `
newImage("truth.tif", "16-bit black", 40, 30, 8); setVoxelSize(0.5, 0.5, 2, "um");
for (z = 2; z <= 6; z++) { setSlice(z); setColor(1); fillRect(4, 4, 20, 6); setColor(2); fillRect(4, 14, 20, 6); setColor(3); fillRect(30, 20, 6, 6); }
newImage("found.tif", "8-bit black", 40, 30, 8); setVoxelSize(0.5, 0.5, 2, "um");
for (z = 2; z <= 6; z++) { setSlice(z); setColor(9); fillRect(4, 4, 10, 6); setColor(8); fillRect(14, 4, 10, 6); setColor(7); fillRect(4, 14, 20, 6); setColor(6); fillRect(32, 2, 4, 4); }
`;

export function scoresOnRealServer(): void {
  test("label images that are open are judged; rows stand below each other; what does not fit is said", async () => {
    const server = await startServerUnderTest("real");
    try {
      const { told, finished, output } = await runMacro(`${AREAS}${TABLES}${connect(server.url)}${LABELS}
        run("Masklet Evaluate...", "truth=truth.tif prediction=found.tif save=[HOME/judged.html]"); tell("result", result());
        tell("objects", table("Masklet Evaluated Objects")); tell("page", File.length("HOME/judged.html"));
        selectImage("truth.tif"); run("Duplicate...", "title=same.tif duplicate");
        run("Masklet Evaluate...", "truth=truth.tif prediction=same.tif"); tell("scores", table("Masklet Evaluation"));
        selectImage("found.tif"); setSlice(2); setColor(0); fillRect(32, 2, 4, 4);
        run("Masklet Evaluate...", "truth=truth.tif prediction=found.tif"); tell("edited", result());`);
      assert.ok(finished, output);
      // Of 276 and 256 pixels a slice 240 are the same; of three true objects two have a partner among four, with an IoU of 1/2 and 1.
      assert.match(told["result"]!, /"ok":true,"command":"evaluate","dice":0\.9022\d+,"f1":0\.5714\d+,"pq":0\.4285\d+,"missed":1,"spurious":1,"rows":5,"report":"[^"]+judged\.html"/);
      assert.deepEqual(rows(told["objects"]!).map((row) => [row["truth_id"], row["prediction_id"], row["verdict"]]), [["1", "8", "matched"], ["2", "7", "matched"], ["3", "", "missed"], ["", "6", "spurious"], ["", "9", "part"]]);
      assert.ok(Number(told["page"]) > 10_000, told["page"]);
      const [first, second] = rows(told["scores"]!);
      assert.deepEqual([first!["prediction"], first!["true_objects"], first!["predicted_objects"], first!["over_segmented"]], ["found.tif", "3", "4", "1"]);
      assert.deepEqual([second!["prediction"], ...["dice", "f1_0.90", "hausdorff95_um", "voi_split"].map((name) => Number(second![name]))], ["same.tif", 1, 1, 0, 0]);
      assert.notEqual(told["edited"], told["result"], "an edited image is judged as it is now");
    } finally {
      await server.stop();
    }
  });

  for (const [what, macro, words] of [
    ["another size", 'selectImage("found.tif"); run("Canvas Size...", "width=50 height=30 position=Center");', "do not lie on one grid"],
    ["halves", 'selectImage("found.tif"); run("32-bit"); run("Multiply...", "value=0.5 stack");', "is no label image: at z=1, y=4, x=4 it holds 4.5"],
    ["colours", 'selectImage("found.tif"); run("RGB Color");', "is a colour picture"],
    ["signed numbers", 'selectImage("found.tif"); run("16-bit"); run("Calibrate...", "function=[Straight Line] unit=x text1=[0 1] text2=[-32768 -32767]");', "has a calibration function"],
    ["itself", "", "cannot be judged against itself"],
  ] as const) {
    test(`an image that cannot be judged is said to be so: ${what}`, async () => {
      const server = await startServerUnderTest("real");
      try {
        const prediction = what === "itself" ? "truth.tif" : "found.tif";
        const { told, finished, output } = await runMacro(`${connect(server.url)}${LABELS}${macro}
          setBatchMode(true); tell("begun", "yes"); run("Masklet Evaluate...", "truth=truth.tif prediction=${prediction}");`);
        assert.deepEqual([told["begun"], finished], ["yes", false], output);
        assert.ok(output.includes(words), output);
      } finally {
        await server.stop();
      }
    });
  }

  test("by menu, dialog and Recorder; replayed, the tables are the same", async () => {
    const server = await startServerUnderTest("real");
    try {
      const { facts, output } = await runWindow("ScoreHarness", server.url);
      assert.equal(facts["finished"], "yes", output);
      assert.equal(facts["fields of Masklet Measure..."], "objects|columns|save");
      assert.equal(facts["fields of Masklet Evaluate..."], "truth|prediction|objects|save");
      assert.match(facts["measured"]!, /"ok":true,"command":"measure","measured":3/);
      assert.match(facts["judged"]!, /"ok":true,"command":"evaluate","dice":0\.9\d+/);
      assert.deepEqual(facts["recorded"]!.trim().split("\n").filter((line) => line.startsWith('run("Masklet')), [
        'run("Masklet Measure...", "objects=all columns=shape save=[]");',
        'run("Masklet Evaluate...", "truth=truth.tif prediction=found.tif objects=all save=[]");',
      ]);
      assert.deepEqual([facts["replayEqual"], facts["scores"]], ["true", "2"], facts["shapes"]);
    } finally {
      await server.stop();
    }
  });

  test("volume, centroid, area and grey values are those that ImageJ measures slice by slice", async () => {
    const server = await startServerUnderTest("real");
    try {
      const { told, finished, output } = await runMacro(`${AREAS}${TABLES}${connect(server.url)}
        newImage("bodies.tif", "16-bit black", 80, 60, 12); setVoxelSize(0.5, 0.5, 2, "um");
        run("Add...", "value=100 stack");
        for (z = 3; z <= 9; z++) { setSlice(z); r = 9 - abs(z - 6) * 2; setColor(900 + 10 * z); fillOval(20 - r, 20 - r, 2 * r, 2 * r); setColor(700); fillRect(44, 30, 24, 8); }
        setMinAndMax(0, 1000); setSlice(6);
        run("Masklet Classical 3D...", "recipe=fds-grains minvolume=20 output=labels"); rename("labels");
        selectImage("bodies.tif"); run("Masklet Measure...", "objects=all columns=all"); tell("table", table("Masklet Measurements"));
        text = "";
        for (id = 1; id <= 2; id++) { v = 0; sx = 0; sy = 0; sz = 0; grey = 0;
          for (z = 1; z <= 12; z++) { selectImage("labels"); setSlice(z); setThreshold(id, id); run("Create Selection"); type = selectionType(); 
            if (type >= 0) { selectImage("bodies.tif"); setSlice(z); run("Restore Selection"); List.setMeasurements; a = List.getValue("Area"); v += a * 2; sx += a * List.getValue("X"); sy += a * List.getValue("Y"); sz += a * (z - 0.5) * 2; grey += a * List.getValue("Mean"); run("Select None"); }
            selectImage("labels"); run("Select None"); }
          text += "" + d2s(v, 6) + " " + d2s(sx / (v / 2), 6) + " " + d2s(sy / (v / 2), 6) + " " + d2s(sz / (v / 2), 6) + " " + d2s(grey / (v / 2), 6) + ";"; }
        tell("imagej", text);`, { timeoutMs: 120_000 });
      assert.ok(finished, output);
      const measured = rows(told["table"]!);
      assert.equal(measured.length, 2, told["table"]);
      const own = told["imagej"]!.split(";").slice(0, 2).map((line) => line.split(" ").map(Number));
      for (const [nth, row] of measured.entries()) {
        const ours = ["volume_um3", "centroid_x_um", "centroid_y_um", "centroid_z_um", "intensity_mean"].map((name) => Number(row[name]));
        ours.forEach((value, at) => assert.ok(Math.abs(value - own[nth]![at]!) < 2e-3, `object ${row["object_id"]}: ${ours.join(" ")} and ${own[nth]!.join(" ")}`));
      }
    } finally {
      await server.stop();
    }
  });
}
