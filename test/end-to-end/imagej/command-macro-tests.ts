// Prompts from the ROI Manager, Refine, Jump To Worst Slice, Measure, Fetch Result, Choose Model, Segment Volume and Live Preview as macros replay them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startFakeServer, type FakeOptions, type FakeServer } from "./fake-server.ts";
import { DISKS } from "./macro-tests.ts";
import { AREAS, connect, SQUARES } from "./object-macro-tests.ts";
import { runMacro, type MacroOptions, type MacroRun } from "./run-macro.ts";

export const AREA = 225;
const ADD = `makeRectangle(17, 14, 21, 21); run("Masklet Add Prompt...", "object=1 kind=box");\n`;
const PROPAGATE = `run("Masklet Propagate...", "axis=z direction=both first=0 last=0 objects=all output=overlay model=auto");\n`;
export const TABLE = `function table() { selectWindow("Masklet Measurements"); return getInfo("window.contents"); }\n`;

async function against(macro: string, options: FakeOptions = {}, how: MacroOptions = {}): Promise<MacroRun & { readonly server: FakeServer }> {
  const server = await startFakeServer(options);
  try {
    return { ...await runMacro(`${AREAS}${TABLE}${connect(server.url)}${macro.replaceAll("SERVER", server.url)}`, how), server };
  } finally {
    await server.stop();
  }
}

async function finished(...given: Parameters<typeof against>): Promise<MacroRun & { readonly server: FakeServer }> {
  const run = await against(...given);
  assert.ok(run.finished, run.output);
  return run;
}

/** Two entries named "left" on slices 3 and 6, a third named "12", a point of two slices. */
const ROIS = `
setSlice(3); makeRectangle(5, 9, 14, 14); Roi.setPosition(3); roiManager("add"); roiManager("select", 0); roiManager("rename", "left");
setSlice(6); makeRectangle(5, 9, 14, 14); Roi.setPosition(6); roiManager("add"); roiManager("select", 1); roiManager("rename", "left");
setSlice(4); makeRectangle(39, 9, 14, 14); Roi.setPosition(4); roiManager("add"); roiManager("select", 2); roiManager("rename", "12");
setSlice(1); run("Select None"); roiManager("deselect");
`;

export function commandMacroTests(): void {
  test("ROIs become prompts on their own slices, each an object, with their masks; one undo takes all back", async () => {
    const { told, server } = await finished(`${SQUARES}${ROIS}
      run("Masklet Prompts From ROI Manager...", "objects=each masks=now output=overlay"); tell("result", result()); tell("outlines", outlines());
      run("Masklet Undo"); tell("undone", Overlay.size); run("Masklet Redo"); tell("redone", outlines());
      setSlice(1); run("Masklet Prompts From ROI Manager...", "objects=each number=next masks=later output=overlay"); tell("later", result());`);
    assert.match(told["result"]!, /"ok":true,"command":"prompts.put","cancelled":false,"planes":3,"prompted":3,"objects":\[1,2,3\],"model":"fake"/);
    assert.equal(told["outlines"], "obj0001-z0003-t0001=144 obj0002-z0006-t0001=144 obj0003-z0004-t0001=144 ");
    assert.deepEqual([told["undone"], told["redone"]], ["0", told["outlines"]]);
    assert.match(told["later"]!, /"planes":0,"prompted":3,"objects":\[\]/);
    assert.deepEqual(server.puts.map((put) => [put.segment, put.objects.map(({ objectId, prompts }) => [objectId, prompts.map(({ cut }) => cut.index)])]), [
      [true, [[1, [2]], [2, [5]], [3, [3]]]], [undefined, [[4, [2]], [5, [5]], [6, [3]]]],
    ]);
  });

  test("ROIs of one name, or all, are one object; those that are selected are taken alone", async () => {
    const { told, server } = await finished(`${SQUARES}${ROIS}
      run("Masklet Prompts From ROI Manager...", "objects=by_name masks=now output=labels"); tell("named", result()); tell("areas", areas()); close();
      run("Masklet Prompts From ROI Manager...", "objects=single number=5 masks=now output=overlay"); tell("single", result());
      roiManager("select", newArray(0, 2)); run("Masklet Prompts From ROI Manager...", "objects=each number=20 masks=later"); tell("selected", result());`);
    assert.match(told["named"]!, /"prompted":2,"objects":\[12,13\]/);
    assert.match(told["single"]!, /"prompted":1,"objects":\[5\]/);
    assert.match(told["selected"]!, /"prompted":2/);
    assert.deepEqual(server.puts.map((put) => put.objects.map(({ objectId, prompts }) => [objectId, prompts.length])), [[[13, 2], [12, 1]], [[5, 3]], [[20, 1], [21, 1]]]);
  });

  test("a thousand ROIs are one edit", async () => {
    const { told, server } = await finished(`${SQUARES}
      for (i = 0; i < 1000; i++) { setSlice(1 + i % 9); makeRectangle(i % 50, i % 40, 5, 5); roiManager("add"); } run("Select None"); roiManager("deselect");
      run("Masklet Prompts From ROI Manager...", "objects=each masks=later"); tell("result", result());
      run("Masklet Undo"); tell("undone", result());`, {}, { timeoutMs: 120_000 });
    assert.match(told["result"]!, /"prompted":1000/);
    assert.match(told["undone"]!, /"undone":"prompts.put","objects":\[\]/);
    assert.equal(server.puts.length, 1);
    assert.deepEqual(server.puts[0]!.objects.map(({ objectId, prompts }) => [objectId, prompts[0]!.cut.index]), Array.from({ length: 1000 }, (_, i) => [i + 1, i % 9]));
  });

  test("a correction by points and by areas is followed on from its slice", async () => {
    const { told, server } = await finished(`${DISKS}${ADD}${PROPAGATE}
      setSlice(7); makePoint(29, 24); run("Masklet Refine...", "object=1 polarity=negative output=overlay"); tell("point", result());
      makePoint(28, 20); run("Masklet Refine...", "object=1 polarity=positive output=overlay");
      setSlice(3); makeRectangle(17, 10, 4, 30); run("Masklet Refine...", "object=1 polarity=negative direction=forward first=2 last=4 output=labels"); tell("area", result()); tell("title", getTitle());`);
    assert.match(told["point"]!, /"ok":true,"command":"refine","cancelled":false.*"ends":\[.*"objects":\[1\]/);
    assert.match(told["area"]!, /"command":"refine".*"labels":"stack-labels"/);
    const [, point, prompted, area] = server.sets;
    assert.deepEqual([point!.add, point!.cut.index, point!.points, point!.mask!.box], [true, 6, [[29.5, 24.5, 0]], [21, 16, 38, 33]], "beside what the run found there");
    assert.deepEqual([prompted!.add, prompted!.cut.index, prompted!.points, prompted!.mask], [true, 6, [[28.5, 20.5, 1]], undefined], "beside the prompt that is there");
    assert.deepEqual([area!.add, area!.cut.index, area!.points, area!.mask!.box], [undefined, 2, undefined, [17, 16, 34, 33]]);
    // The disk on slice 3 begins at x = 17; what is left of it begins where the rectangle ends.
    const bits = Buffer.from(area!.mask!.bits);
    for (let row = 0; row < 17; row++) assert.equal(bits[row * 3]! & 0xf0, 0, `row ${row}`);
    assert.ok(bits.some((byte) => byte !== 0));
    const [, first, , second] = server.propagations;
    assert.deepEqual([first!.continue, first!.objects, first!.direction, first!.range], [true, [1], "both", undefined]);
    assert.deepEqual([second!.continue, second!.direction, second!.range], [true, "forward", { start: 1, end: 4 }]);
  });

  test("jumps go from the worst slice to the next, and begin again", async () => {
    const doubts = { 1: { score: 0.95, warnings: ["area-jump"] }, 3: { score: 0.4 }, 6: { score: 0.8, warnings: ["low-score", "drift"] } } satisfies FakeOptions["doubts"];
    const jump = (key: string): string => `run("Masklet Jump To Worst Slice"); getSelectionBounds(x, y, w, h); tell("${key}", "" + getSliceNumber() + " " + selectionType() + " " + x + "," + y + "," + w + "," + h); tell("${key}Result", result());\n`;
    const { told } = await finished(`${DISKS}${ADD}${PROPAGATE}${[1, 2, 3, 4, 5, 6, 7, 8].map((nth) => jump(String(nth))).join("")}`, { doubts });
    assert.deepEqual([1, 2, 3, 4, 5, 6, 7, 8].map((nth) => Number(told[String(nth)]!.split(" ")[0])), [7, 2, 4, 3, 5, 6, 8, 7]);
    assert.equal(told["1"], `7 ${told["2"]!.split(" ")[1]} 21,16,17,17`);
    assert.match(told["1Result"]!, /"command":"jump","object":1,"slice":7,"frame":1,"score":0.8,"warnings":\["low-score","drift"\],"rank":1,"of":7/);
    assert.match(told["3Result"]!, /"slice":4,"frame":1,"score":0.4,"warnings":\[\],"rank":3/);
  });

  test("measurements are a table with the file's columns, in the image's units", async () => {
    const { told } = await finished(`${DISKS}${ADD}${PROPAGATE} run("Masklet Measure...", "objects=all"); tell("result", result()); tell("table", table());
      newImage("plain.tif", "16-bit black", 64, 48, 3); setSlice(2); setColor(900); fillRect(5, 6, 7, 8); setMinAndMax(0, 1000);
      makeRectangle(3, 3, 20, 20); run("Masklet Add Prompt...", "object=7 kind=box");
      run("Masklet Propagate...", "objects=all output=table"); tell("plain", table());`);
    assert.match(told["result"]!, /"command":"measure","measured":1/);
    const [head, row] = told["table"]!.replaceAll("\\n", "\n").trim().split("\n").map((line) => line.split("\t"));
    assert.deepEqual(head, ["object_id", "cluster_id", "t", "voxels", "volume_um3", "centroid_z_um", "centroid_y_um", "centroid_x_um", "z0", "y0", "x0", "z1", "y1", "x1", "score"]);
    assert.deepEqual(row, ["1", "1", "0", String(7 * AREA), (7 * AREA * 0.5).toFixed(4), "9", "12.2500", "13.7500", "1", "16", "16", "8", "33", "39", "0.9000"].map((value, at) => at === 5 ? row![5]! : value));
    assert.equal(Number(row![5]), 9);
    const [plainHead, plainRow] = told["plain"]!.replaceAll("\\n", "\n").trim().split("\n").map((line) => line.split("\t"));
    assert.deepEqual([plainHead![4], plainRow![0], plainRow![3], plainRow![4]], ["volume_vx", "7", "56", "56"]);
  });

  test("a result is fetched without a run: of this image's session, and of a job whose image is not open", async () => {
    const { told, server } = await finished(`${DISKS}${ADD}${PROPAGATE} Overlay.clear;
      run("Masklet Fetch Result...", "objects=1 output=all"); tell("own", result()); tell("title", getTitle()); tell("areas", areas()); tell("rois", roiManager("count"));
      selectWindow("stack.tif"); tell("overlay", Overlay.size); run("Close All");
      run("Masklet Fetch Result...", "job=job-000000 output=all"); tell("job", result()); tell("jobTitle", getTitle()); tell("jobAreas", areas());
      getDimensions(w, h, c, z, t); getVoxelSize(x, y, d, unit); tell("jobShape", "" + w + "," + h + "," + c + "," + z + "," + t + " " + x + "," + y + "," + d + " " + unit);`);
    assert.match(told["own"]!, /"command":"fetch","session":"ses-000000","objects":\[1\],"rois":7,"labels":"stack-labels"/);
    assert.deepEqual([told["title"], told["areas"], told["rois"], told["overlay"]], ["stack-labels", `1:${7 * AREA} `, "7", "7"]);
    assert.match(told["job"]!, /"session":"ses-000000","objects":\[1\]/);
    assert.deepEqual([told["jobTitle"], told["jobAreas"], told["jobShape"]], ["stack-labels", `1:${7 * AREA} `, "64,48,1,9,1 0.5,0.5,2 microns"]);
    assert.equal(server.seen.filter((type) => type === "propagate").length, 1);
  });

  test("the model that was chosen is taken where a line names none", async () => {
    const { told } = await finished(`${DISKS}${ADD} tell("before", result());
      run("Masklet Choose Model...", "model=fake-tiny"); tell("chosen", result());
      ${ADD} tell("after", result()); makePoint(28, 24); run("Masklet Add Prompt...", "object=1 model=auto"); tell("auto", result());`);
    assert.match(told["before"]!, /"model":"fake"/);
    assert.match(told["chosen"]!, /"command":"choose-model","model":"fake-tiny"/);
    assert.match(told["after"]!, /"model":"fake-tiny"/);
    assert.match(told["auto"]!, /"model":"fake"/);
  });

  test("one line segments a volume and writes its files", async () => {
    const { told, server } = await finished(`run("Masklet Disconnect"); ${DISKS}
      run("Masklet Segment Volume...", "server=SERVER prompts=[3:box:z5:17,14,38,35; 4:point:z3:24,24,+] axis=z output=labels save=[HOME/out put]"); tell("result", result());
      tell("title", getTitle()); tell("areas", areas()); close();
      run("Masklet Segment Volume...", "server=SERVER prompts=[3:box:z5:17,14,38,35; 4:point:z3:24,24,+] axis=z output=labels"); tell("again", areas()); run("Close All");
      open("HOME/out put/stack-labels.tif"); tell("saved", areas()); getVoxelSize(x, y, z, unit); tell("voxel", "" + x + "," + y + "," + z);
      roiManager("open", "HOME/out put/stack-rois.zip"); tell("rois", roiManager("count")); tell("csv", File.openAsString("HOME/out put/stack-measurements.csv"));`);
    assert.match(told["result"]!, /"ok":true,"command":"segment-volume","cancelled":false.*"saved":\["[^"]+stack-labels\.tif","[^"]+stack-rois\.zip","[^"]+stack-measurements\.csv"\],"objects":\[3,4\]/);
    assert.deepEqual([told["title"], told["voxel"], told["rois"]], ["stack-labels", "0.5,0.5,2", "14"]);
    assert.deepEqual([told["again"], told["saved"]], [told["areas"], told["areas"]]);
    assert.match(told["csv"]!, /^object_id,cluster_id,.*\\n3,/);
    assert.deepEqual(server.puts[0]!.objects, [
      { objectId: 3, prompts: [{ cut: { axis: "z", index: 4, t: 0, c: 0 }, box: [17, 14, 38, 35] }] },
      { objectId: 4, prompts: [{ cut: { axis: "z", index: 2, t: 0, c: 0 }, points: [[24.5, 24.5, 1]] }] },
    ]);
  });

  test("one slice, RGB, 32-bit, signed 16-bit and a virtual stack", async () => {
    // 600 on slice 2, which signed 16-bit stores as 600 + 32768.
    const signed = new Uint8Array(20 * 10 * 3 * 2);
    for (let y = 2; y < 6; y++) for (let x = 1; x < 6; x++) new DataView(signed.buffer).setInt16(2 * (200 + y * 20 + x), 600, true);
    const one = (name: string, slice: number): string => `
      run("Masklet Segment Volume...", "prompts=[1:box:z${slice}:0,0,20,10] output=all"); tell("${name}", areas()); close("*-labels");
      run("Masklet Jump To Worst Slice"); getStatistics(area); tell("${name}Jump", area);
      roiManager("reset"); makeRectangle(0, 0, 20, 10); roiManager("add"); run("Select None"); roiManager("deselect");
      run("Masklet Prompts From ROI Manager...", "objects=each number=2 masks=now output=overlay"); tell("${name}Rois", result());
      makePoint(3, 3); run("Masklet Refine...", "object=2 polarity=positive output=overlay"); tell("${name}Refined", result()); close();\n`;
    const { told, server } = await finished(`
      newImage("one", "8-bit black", 20, 10, 1); setColor(200); fillRect(1, 2, 5, 4); ${one("one", 1)}
      newImage("rgb", "RGB black", 20, 10, 3); setSlice(2); setColor(255, 255, 255); fillRect(1, 2, 5, 4); ${one("rgb", 2)}
      newImage("float", "32-bit black", 20, 10, 3); setSlice(2); setColor(0.75); fillRect(1, 2, 5, 4); setMinAndMax(0, 1); ${one("float", 2)}
      run("Raw...", "open=HOME/signed.raw image=[16-bit Signed] width=20 height=10 number=3 little-endian"); setSlice(2); setMinAndMax(0, 1000); ${one("signed", 2)}
      newImage("file.tif", "16-bit black", 20, 10, 3); setSlice(2); setColor(600); fillRect(1, 2, 5, 4); setMinAndMax(0, 1000);
      saveAs("Tiff", "HOME/file.tif"); close();
      run("TIFF Virtual Stack...", "open=HOME/file.tif"); setSlice(2); setMinAndMax(0, 1000); tell("virtualIs", is("Virtual Stack")); ${one("virtual", 2)}`, {}, { files: { "signed.raw": signed } });
    assert.equal(told["virtualIs"], "1");
    for (const name of ["one", "rgb", "float", "signed", "virtual"]) {
      assert.deepEqual([told[name], told[`${name}Jump`]], ["1:20 ", "20"], name);
      assert.match(told[`${name}Rois`]!, /"prompted":1,"objects":\[2\]/, name);
      assert.match(told[`${name}Refined`]!, /"ok":true,"command":"refine"/, name);
    }
    assert.deepEqual(server.declarations.map(({ dtype, rgb, displayRange }) => [dtype, rgb, displayRange]), [
      ["uint8", undefined, [0, 255]], ["uint8", true, undefined], ["float32", undefined, [0, 1]], ["uint16", undefined, [32768, 33768]], ["uint16", undefined, [0, 1000]],
    ]);
  });

  test("of a virtual stack the planes that are needed are read, and no other", async () => {
    const { told, server } = await finished(`
      newImage("file.tif", "16-bit black", 20, 10, 40); setSlice(30); setColor(600); fillRect(1, 2, 5, 4); setMinAndMax(0, 1000); saveAs("Tiff", "HOME/file.tif"); close();
      run("TIFF Virtual Stack...", "open=HOME/file.tif"); setSlice(30); setMinAndMax(0, 1000); makeRectangle(0, 0, 20, 10); roiManager("add"); run("Select None"); roiManager("deselect");
      run("Masklet Prompts From ROI Manager...", "objects=each masks=now output=overlay"); tell("outlines", outlines());`);
    assert.equal(told["outlines"], "obj0001-z0030-t0001=20 ");
    assert.equal(server.planes.length, 2); // the fake looks at the first at its opening
  });

  test("a hyperstack: channel, slice and frame are named, jumped to and corrected", async () => {
    const { told, server } = await finished(`
      newImage("hyper", "8-bit composite-mode", 40, 32, 2, 3, 4);
      setColor(240); for (t = 1; t <= 4; t++) for (z = 1; z <= 3; z++) { Stack.setPosition(2, z, t); fillRect(8 + t, 10, 12, 12); }
      Stack.setPosition(2, 1, 4); setMinAndMax(0, 255);
      run("Masklet Segment Volume...", "prompts=[1:box:z2t1c2:7,8,24,25] axis=t output=overlay"); tell("run", result());
      run("Masklet Jump To Worst Slice"); Stack.getPosition(c, z, t); tell("first", "" + c + "," + z + "," + t); run("Masklet Jump To Worst Slice"); Stack.getPosition(c, z, t); tell("second", "" + c + "," + z + "," + t);
      Stack.setPosition(2, 2, 3); makePoint(14, 14); run("Masklet Refine...", "object=1 polarity=positive axis=t output=overlay"); tell("refine", result());
      makeRectangle(8, 8, 18, 18); Roi.setPosition(0, 2, 4); roiManager("add"); run("Select None"); Stack.setPosition(2, 1, 1);
      run("Masklet Prompts From ROI Manager...", "objects=each number=6 masks=now"); tell("rois", result()); run("Masklet Measure...", "objects=6"); tell("table", table());`);
    assert.match(told["run"]!, /"planes":4,.*"objects":\[1\]/);
    assert.deepEqual([told["first"], told["second"]], ["2,2,1", "2,2,2"]);
    assert.match(told["refine"]!, /"ok":true,"command":"refine"/);
    assert.deepEqual([server.sets[0]!.cut, server.propagations[1]!.along], [{ axis: "z", index: 1, t: 2, c: 1 }, "t"]);
    assert.deepEqual(server.puts.map((put) => put.objects[0]!.prompts[0]!.cut), [{ axis: "z", index: 1, t: 0, c: 1 }, { axis: "z", index: 1, t: 3, c: 1 }]);
    assert.match(told["table"]!, /\\n6\t6\t3\t144\t/);
  });

  test("live preview is on or off as a script says, and makes no edit", async () => {
    const { told, server } = await finished(`${DISKS} run("Masklet Live Preview", "preview=on"); tell("on", result()); makeRectangle(17, 14, 21, 21); wait(400);
      run("Masklet Live Preview", "preview=off"); tell("off", result()); tell("outlines", Overlay.size);`);
    assert.match(told["on"]!, /"command":"preview","preview":true/);
    assert.match(told["off"]!, /"command":"preview","preview":false/);
    assert.deepEqual([told["outlines"], server.sets.length], ["0", 0]); // without windows there is nothing to look at
  });

  test("what cannot be done is one sentence, and the macro stops", async () => {
    for (const [macro, sentence] of [
      [`run("Masklet Prompts From ROI Manager...", "objects=each");`, /^Masklet: The ROI Manager is empty\. /],
      [`makeLine(1, 1, 9, 9); roiManager("add"); run("Masklet Prompts From ROI Manager...", "objects=each");`, /^Masklet: The ROI ".+" is a straight line, which cannot be a prompt\. /],
      [`makePoint(3, 3); run("Masklet Refine...", "object=4");`, /^Masklet: There is no object 4 in this session\. /],
      [`${ADD} run("Masklet Refine...", "object=1");`, /^Masklet: There is no selection /],
      [`${ADD} setSlice(8); makeRectangle(1, 1, 5, 5); run("Masklet Refine...", "object=1 polarity=negative");`, /^Masklet: Object 1 has no outline on this slice /],
      [`${ADD} setSlice(8); makePoint(5, 5); run("Masklet Refine...", "object=1 polarity=negative");`, /^Masklet: Object 1 has no outline on this slice /],
      [`${ADD} makeRectangle(0, 0, 64, 48); run("Masklet Refine...", "object=1 polarity=negative");`, /^Masklet: Nothing of object 1 would be left on this slice\. /],
      [`run("Masklet Jump To Worst Slice");`, /^Masklet: There is no mask to look at\. /],
      [`run("Masklet Fetch Result...", "job=nonsense");`, /^Masklet: "nonsense" is no id of a job or a session\. /],
      [`run("Masklet Fetch Result...", "output=rois");`, /^Masklet: There is no mask in this session yet\. /],
      [`run("Masklet Choose Model...", "model=fake-absent");`, /^Masklet: The model fake-absent is not installed\. Run `masklet models pull fake-absent`/],
      [`run("Masklet Choose Model...", "model=gone");`, /^Masklet: There is no model "gone"\. Installed are fake-tiny\./],
      [`run("Masklet Segment Volume...", "prompts=[1:box:12:1,2,3,4]");`, /^Masklet: "1:box:12:1,2,3,4" is no prompt\. Write prompts=/],
      [`run("Masklet Segment Volume...", "prompts=[1:box:z10:1,2,3,4]");`, /^Masklet: There is no slice 10, frame 1 in this image\. /],
      [`run("Masklet Segment Volume...", "prompts=[1:box:z5:1,2,30,40] save=[/proc/nowhere]");`, /^Masklet: \/proc\/nowhere is no folder/],
      [`run("Masklet Live Preview", "preview=maybe");`, /^Masklet: preview must be on or off/],
    ] as const) {
      const run = await against(`${DISKS}${macro}`);
      assert.equal(run.finished, false, macro);
      const lines = run.output.split("\n").filter((line) => line.startsWith("Masklet:"));
      assert.equal(lines.length, 1, run.output);
      assert.match(lines[0]!, sentence);
      assert.doesNotMatch(run.output, /\tat |Exception/);
    }
  });
}
