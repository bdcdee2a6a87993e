// Masklet Classical 3D..., replayed as a macro replays it.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { runCommand } from "../run-command.ts";
import { readLabels, writePhantomFiles } from "../small-phantom.ts";
import { AREAS, connect, SQUARES } from "./object-macro-tests.ts";
import { startFakeServer, type FakeServer } from "./fake-server.ts";
import { runMacro, type MacroOptions, type MacroRun } from "./run-macro.ts";
import { startServerUnderTest } from "./server-under-test.ts";

const CLASSICAL = "Masklet Classical 3D...";

async function against(macro: string, options: MacroOptions = {}): Promise<MacroRun & { readonly server: FakeServer }> {
  const server = await startFakeServer();
  try {
    return { ...await runMacro(`${AREAS}${connect(server.url)}${macro}`, options), server };
  } finally {
    await server.stop();
  }
}

export function classicalTests(): void {
  test("a stack becomes a label image; one undo takes all back", async () => {
    const { told, finished, output, server } = await against(`${SQUARES}
      run("${CLASSICAL}", "recipe=fds output=all"); tell("result", result());
      tell("title", getTitle()); tell("areas", areas()); tell("rois", roiManager("count"));
      selectWindow("squares.tif"); tell("outlines", Overlay.size);
      first = Table.getString("step", 0, "Masklet Recipe") + " " + Table.getString("name", 0, "Masklet Recipe") + " " + Table.getString("value", 0, "Masklet Recipe"); tell("first", first);
      run("Masklet Undo"); tell("undone", Overlay.size);`);
    assert.ok(finished, output);
    assert.match(told["result"]!, /"ok":true,"command":"classical.run","cancelled":false,"planes":14,"recipe":\{"name":"fds","steps":\[.*"warnings":\[\],"objects":\[1,2\],"rois":14,"labels":"squares-labels"\}/);
    assert.equal(told["areas"], "1:1008 2:1008 ");
    assert.deepEqual([told["title"], told["rois"], told["outlines"], told["first"], told["undone"]], ["squares-labels", "14", "14", "polarity particles auto", "0"]);
    const [message] = server.classicals;
    assert.deepEqual([message!.recipe, message!.set, message!.region, message!.frame, message!.c, message!.prompts, message!.preview], ["fds", undefined, undefined, 0, 0, "box", undefined]);
  });

  test("knobs that the recipe has, set, slices and the selection's bounds reach the server; preview does not", async () => {
    const { told, finished, output, server } = await against(`${SQUARES}
      makeRectangle(30, 0, 34, 48);
      run("${CLASSICAL}", "recipe=fds polarity=bright rings=off split=edt h=0.5 sigma=2 rise=0.5 low=2.5 high=4 minVolume=30 first=4 last=6 prompts=mask output=labels set=[rings.sigma=5 threshold.method=otsu] preview");
      tell("areas", areas()); selectWindow("squares.tif"); run("Select None");
      run("${CLASSICAL}", "recipe=ffs low=9 minvolume=10 set=gradient.sigma=7 output=overlay"); tell("log", getInfo("log"));`);
    assert.ok(finished, output);
    assert.equal(told["areas"], "1:432 ");
    const [fds, ffs] = server.classicals;
    assert.deepEqual(fds!.set, {
      "polarity.particles": "bright", "rings.correct": "off", "split.method": "edt", "split.h": 0.5, "split.sigma": 2, "split.rise": 0.5, "threshold.low": 2.5, "threshold.high": 4,
      "drop.minVolume": 30, "select.minVolume": 30, "rings.sigma": 5, "threshold.method": "otsu",
    });
    assert.deepEqual([fds!.region, fds!.prompts, fds!.preview], [{ z: { start: 3, end: 6 }, y: { start: 0, end: 48 }, x: { start: 30, end: 64 } }, "mask", undefined]);
    assert.deepEqual(ffs!.set, { "select.minVolume": 10, "gradient.sigma": 7 });
    assert.match(output, /Masklet: This recipe has no low; 9 was not used\./);
  });

  test("within splits a masklet, seeds grow from one, and a recipe may be a file", async () => {
    const recipe = { name: "mine", steps: [{ step: "threshold", id: "cut", low: 3 }, { step: "select", minVolume: 0 }] };
    const { told, finished, output, server } = await against(`${SQUARES}
      makeRectangle(0, 4, 64, 24);
      run("Masklet Add Prompt...", "object=4 polarity=positive kind=box"); run("Select None");
      run("${CLASSICAL}", "recipe=HOME/mine.json within=4 low=4 output=labels"); tell("within", result()); tell("areas", areas());
      selectWindow("squares.tif");
      run("${CLASSICAL}", "recipe=file file=HOME/mine.json seeds=all output=overlay"); tell("seeds", result());`, { files: { "mine.json": JSON.stringify(recipe) } });
    assert.ok(finished, output);
    assert.match(told["within"]!, /"objects":\[4,5,6\]/);
    assert.match(told["areas"]!, /^4:1008 5:1008 6:36 /);
    assert.deepEqual(server.classicals.map((message) => [message.recipe, message.set, message.within, message.seeds]), [[recipe, { "cut.low": 4 }, [4], undefined], [recipe, undefined, undefined, [4, 5, 6]]]);
  });

  test("one slice, RGB, 32-bit, a hyperstack's channel and frame", async () => {
    const { told, finished, output, server } = await against(`
      newImage("one", "8-bit black", 20, 10, 1); setColor(200); fillRect(1, 2, 5, 4); run("${CLASSICAL}", "minvolume=1 output=labels"); tell("one", areas());
      newImage("rgb", "RGB black", 20, 10, 3); setColor(255, 0, 0); fillRect(1, 2, 5, 4); run("${CLASSICAL}", "minvolume=1 output=labels"); tell("rgb", areas());
      newImage("float", "32-bit black", 20, 10, 2); setColor(0.75); fillRect(1, 2, 5, 4); setMinAndMax(0, 1); run("${CLASSICAL}", "minvolume=1 output=labels"); tell("float", areas());
      newImage("hyper", "16-bit composite-mode", 20, 10, 2, 3, 4); Stack.setPosition(2, 2, 3); setColor(900); fillRect(1, 2, 5, 4); setMinAndMax(0, 1000);
      run("${CLASSICAL}", "minvolume=1 output=all"); getDimensions(w, h, c, s, f); tell("dimensions", "" + c + " " + s + " " + f);
      roiManager("select", 0); Roi.getPosition(c, z, t); tell("position", "" + c + "," + z + "," + t);`);
    assert.ok(finished, output);
    assert.deepEqual([told["one"], told["rgb"], told["float"]], ["1:20 ", "1:20 ", "1:20 "]);
    assert.deepEqual([told["dimensions"], told["position"]], ["1 3 4", "0,2,3"]);
    assert.deepEqual(server.classicals.map(({ frame, c }) => [frame, c]), [[0, 0], [0, 0], [0, 0], [2, 1]]);
  });

  test("what was not found is said, and an error of the server's stops the macro with its sentence", async () => {
    const empty = await against(`${SQUARES} run("${CLASSICAL}", "low=8 output=overlay"); tell("result", result());`);
    assert.match(empty.told["result"]!, /"warnings":\["No object was found\."\],"objects":\[\]/);
    assert.match(empty.output, /Masklet: No object was found\./);
    for (const [options, sentence] of [
      ["recipe=nothing", /^Masklet: There is no recipe "nothing"; there are fds, fds-base, ffs\. `masklet recipes show/m],
      ["set=[split.width=3]", /^Masklet: The recipe has no split\.width\./m],
      ["low=many", /^Masklet: low must be a number, not "many"\./m],
      ["recipe=HOME/absent.json", /^Masklet: ".*absent\.json" is no recipe file\./m],
      ["within=all", /^Masklet: This image has no masklets yet\./m],
    ] as const) {
      const run = await against(`${SQUARES} run("${CLASSICAL}", "${options}");`);
      assert.equal(run.finished, false, options);
      assert.match(run.output, sentence);
      assert.doesNotMatch(run.output, /\tat |Exception/);
    }
  });
}

export function classicalOnRealServer(): void {
  test("the labels are those of masklet segment", async () => {
    const folder = await mkdtemp(join(tmpdir(), "masklet-classical-"));
    const server = await startServerUnderTest("real");
    try {
      const { raw } = await writePhantomFiles(folder);
      const run = await runMacro(`${connect(server.url)} open("${raw}"); setSlice(6);
        run("${CLASSICAL}", "recipe=fds rings=off split=ridge low=2.5 minvolume=60 first=2 output=labels set=[denoise.radius=2]"); tell("result", result());
        saveAs("Tiff", "${join(folder, "fiji.tif")}"); selectWindow("raw.tif");
        run("${CLASSICAL}", "recipe=fds-base within=1 output=overlay"); tell("within", result());
        run("Masklet Undo"); run("Masklet Undo"); tell("undone", Overlay.size);`, { timeoutMs: 180_000 });
      assert.ok(run.finished, run.output);
      assert.match(run.told["result"]!, /"ok":true.*"name":"fds".*"method":"ridge".*"found":\{"/);
      assert.match(run.told["within"]!, /"ok":true.*"name":"fds-base".*"objects":\[1[,\]]/);
      assert.equal(run.told["undone"], "0");
      const set = ["rings.correct=off", "split.method=ridge", "threshold.low=2.5", "drop.minVolume=60", "select.minVolume=60", "denoise.radius=2"].flatMap((each) => ["--set", each]);
      const ended = await runCommand(["segment", "--input", raw, "--roi", "1:12,0:56,0:64", ...set, "--output", join(folder, "cli.tif")], { home: join(folder, "home") });
      assert.equal(ended.code, 0, ended.err);
      const [fiji, cli] = [await readLabels(join(folder, "fiji.tif")), await readLabels(join(folder, "cli.tif"))];
      const ofRegion = Array.from(fiji.ids).slice(Array.from(fiji.ids).length - cli.ids.length);
      assert.ok(new Set(ofRegion).size > 2, "it found nothing");
      assert.deepEqual(ofRegion, Array.from(cli.ids));
    } finally {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });
}
