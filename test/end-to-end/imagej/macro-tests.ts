// Commands replayed as a macro replays them. Bounds instead of equalities are for the real server, whose network decides.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startFakeServer } from "./fake-server.ts";
import { runMacro } from "./run-macro.ts";
import { startServerUnderTest, type ServerKind, type ServerUnderTest } from "./server-under-test.ts";

/** A disk of radius 8 that drifts to the right, on slices 2 to 8 of 9; its area is 225 pixels. */
export const DISKS = `
newImage("stack.tif", "16-bit black", 64, 48, 9);
setColor(900);
for (z = 2; z <= 8; z++) { setSlice(z); fillOval(14 + z, 16, 17, 17); }
setMinAndMax(0, 1000);
run("Properties...", "channels=1 slices=9 frames=1 unit=um pixel_width=0.5 pixel_height=0.5 voxel_depth=2");
setSlice(5);
`;
const AREA = 225;

export function macroTests(kind: ServerKind): void {
  let server: ServerUnderTest;
  before(async () => { server = await startServerUnderTest(kind); });
  after(async () => server.stop());

  const connect = (): string => `run("Masklet Connect...", "server=${server.url} timeout=3");\n`;

  test("a box prompt propagates to a label image, ROIs and an overlay", async () => {
    const run = await runMacro(`${DISKS}${connect()}
      makeRectangle(17, 14, 21, 21);
      run("Masklet Add Prompt...", "object=3 polarity=positive kind=auto");
      tell("prompt", result());
      tell("preview", Overlay.size);
      run("Masklet Propagate...", "axis=z direction=both first=0 last=0 objects=all output=all model=auto");
      tell("propagate", result());
      tell("title", getTitle()); tell("bits", bitDepth());
      getDimensions(w, h, c, z, t); tell("dimensions", "" + w + "," + h + "," + c + "," + z + "," + t);
      getVoxelSize(x, y, z, unit); tell("voxel", "" + x + "," + y + "," + z);
      getMinAndMax(low, high); tell("display", "" + low + "," + high);
      getLut(r, g, b); tell("colour3", "" + r[3] + "," + g[3] + "," + b[3]);
      areas = "";
      for (i = 1; i <= nSlices; i++) { setSlice(i); n = 0; for (y = 0; y < h; y++) for (x = 0; x < w; x++) { v = getPixel(x, y); if (v == 3) n++; else if (v != 0) n = 1e9; } areas += "" + n + " "; }
      tell("areas", areas);
      tell("rois", roiManager("count"));
      roiManager("select", 0); name = Roi.getName; id = Roi.getProperty("masklet.object"); tell("roi", "" + name + " " + id);
      Roi.getPosition(rc, rz, rt); tell("position", "" + rc + "," + rz + "," + rt);
      selectWindow("stack.tif"); tell("overlay", Overlay.size);`);
    assert.ok(run.finished, run.output);
    const { told } = run;
    const areas = told["areas"]!.trim().split(" ").map(Number);
    assert.equal(told["preview"], "1");
    assert.equal(told["title"], "stack-labels");
    assert.equal(told["bits"], "16");
    assert.equal(told["dimensions"], "64,48,1,9,1");
    assert.equal(told["voxel"], "0.5,0.5,2");
    assert.equal(told["display"], "0,255");
    assert.equal(told["colour3"], "255,0,0");
    assert.match(told["roi"]!, /^obj0003-z000\d-t0001 3$/);
    assert.equal(told["rois"], told["overlay"]);
    assert.equal(areas.length, 9);
    if (kind === "fake") {
      assert.deepEqual(areas, [0, AREA, AREA, AREA, AREA, AREA, AREA, AREA, 0]);
      assert.equal(told["rois"], "7");
      assert.equal(told["roi"], "obj0003-z0002-t0001 3");
    }
    assert.ok(areas[4]! > AREA * 0.6 && areas[4]! < AREA * 1.6, told["areas"]);
    assert.match(told["propagate"]!, /"ok":true.*"cancelled":false/);
  });

  test("undo, redo, segment slice, clear", async () => {
    const run = await runMacro(`${DISKS}${connect()}
      makeRectangle(17, 14, 21, 21);
      run("Masklet Add Prompt...", "object=next polarity=positive kind=auto");
      makeOval(19, 16, 17, 17);
      run("Masklet Add Prompt...", "object=next polarity=positive kind=auto");
      tell("second", result()); tell("both", Overlay.size);
      run("Masklet Undo"); tell("undone", Overlay.size);
      run("Masklet Redo"); tell("redone", Overlay.size);
      Overlay.clear;
      run("Masklet Segment Slice...", "object=all output=overlay"); tell("segmented", Overlay.size);
      run("Masklet Segment Slice...", "object=2 output=roi"); tell("rois", roiManager("count"));
      run("Masklet Clear Prompts"); tell("cleared", result()); tell("left", Overlay.size);`);
    assert.ok(run.finished, run.output);
    const { told } = run;
    assert.match(told["second"]!, /"object":2,/);
    assert.deepEqual([told["both"], told["undone"], told["redone"], told["segmented"], told["rois"], told["left"]], ["2", "1", "2", "2", "1", "0"]);
    assert.match(told["cleared"]!, /"objects":\[1,2\]/);
  });

  test("a hyperstack: the second channel is prompted, ROIs are positioned by slice and frame, frames are followed along t", async () => {
    const run = await runMacro(`
      newImage("hyper", "8-bit composite-mode", 40, 32, 2, 3, 4);
      setColor(240);
      for (t = 1; t <= 4; t++) for (z = 1; z <= 3; z++) { Stack.setPosition(2, z, t); fillOval(8 + t, 10, 12, 12); }
      Stack.setPosition(2, 2, 1); setMinAndMax(0, 255);
      makePoint(15.2, 16.7);
      run("Masklet Connect...", "server=${server.url} timeout=3");
      run("Masklet Add Prompt...", "object=1 polarity=positive kind=auto");
      run("Masklet Propagate...", "axis=t direction=forward first=1 last=3 objects=1 output=all model=auto");
      getDimensions(w, h, c, z, t); tell("dimensions", "" + w + "," + h + "," + c + "," + z + "," + t);
      n = roiManager("count"); tell("rois", n);
      roiManager("select", n - 1); Roi.getPosition(rc, rz, rt); tell("position", "" + rc + "," + rz + "," + rt); name = Roi.getName; tell("name", name);`);
    assert.ok(run.finished, run.output);
    assert.equal(run.told["dimensions"], "40,32,1,3,4");
    assert.match(run.told["position"]!, /^0,2,\d$/);
    if (kind === "fake") assert.deepEqual([run.told["rois"], run.told["position"], run.told["name"]], ["3", "0,2,3", "obj0001-z0002-t0003"]);
  });
}

/** What needs no answer of a network. */
export function localTests(): void {
  test("a label image becomes ROIs that keep every pixel", async () => {
    const run = await runMacro(`
      newImage("made-labels", "16-bit black", 30, 20, 4);
      setSlice(2); setColor(300); fillRect(3, 4, 7, 5); setColor(0); fillRect(5, 5, 2, 2); setColor(7); fillRect(20, 10, 10, 10);
      run("Masklet Labels To ROI Manager...", "objects=all");
      tell("rois", roiManager("count"));
      roiManager("select", 0); name = Roi.getName; tell("first", name); getStatistics(area); tell("area0", area);
      roiManager("select", 1); name = Roi.getName; tell("second", name); getStatistics(area); tell("area1", area); tell("slice", getSliceNumber());`);
    assert.ok(run.finished, run.output);
    const { told } = run;
    assert.deepEqual([told["rois"], told["first"], told["area0"], told["second"], told["area1"], told["slice"]],
      ["2", "obj0007-z0002-t0001", "100", "obj0300-z0002-t0001", "31", "2"]);
  });

  test("every pixel type is sent as it is, a plane above 16 MiB by PUT, a virtual stack with its file's identity", async () => {
    const fake = await startFakeServer();
    try {
      const prompt = `makeRectangle(0, 0, getWidth(), getHeight()); run("Masklet Add Prompt...", "object=1 polarity=positive kind=box"); tell(getTitle(), result());\n`;
      const run = await runMacro(`run("Masklet Connect...", "server=${fake.url} timeout=3");
        newImage("rgb", "RGB black", 20, 10, 1); setColor(255, 0, 0); fillRect(1, 2, 5, 4); ${prompt}
        newImage("float", "32-bit black", 20, 10, 2); setColor(0.75); fillRect(1, 2, 5, 4); setMinAndMax(0, 1); ${prompt}
        newImage("big", "16-bit black", 3000, 2900, 1); setColor(40000); fillRect(1000, 2000, 50, 40); setMinAndMax(0, 65535); ${prompt}
        newImage("file.tif", "16-bit black", 20, 10, 3); setSlice(2); setColor(600); fillRect(1, 2, 5, 4); setMinAndMax(0, 1000);
        saveAs("Tiff", "HOME/file.tif"); close();
        run("TIFF Virtual Stack...", "open=HOME/file.tif"); setSlice(2); setMinAndMax(0, 1000); ${prompt}`);
      assert.ok(run.finished, run.output);
      for (const name of ["rgb", "float", "file.tif"]) assert.match(run.told[name]!, /"area":20,/, name);
      assert.match(run.told["big"]!, /"area":2000,/);
      const [rgb, float, big, file] = fake.declarations;
      assert.deepEqual([rgb!.rgb, rgb!.shape.c, rgb!.dtype, rgb!.displayRange], [true, 3, "uint8", undefined]);
      assert.deepEqual([float!.dtype, float!.displayRange, float!.spacing], ["float32", [0, 1], undefined]);
      assert.deepEqual(big!.shape, { t: 1, c: 1, z: 1, y: 2900, x: 3000 });
      assert.match(file!.identity!, /file\.tif\|\d+\|\d+\|file\.tif\|16\[20, 10, 1, 3, 1\]$/);
      assert.deepEqual(fake.planes.filter((plane) => plane.way === "PUT").map((plane) => plane.bytes), [3000 * 2900 * 2]);
    } finally {
      await fake.stop();
    }
  });
}
