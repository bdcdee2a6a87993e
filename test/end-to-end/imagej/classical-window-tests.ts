// Masklet Classical 3D... with windows, mouse and keys; the pictures lie in .cache/imagej-classical-pictures.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { writeImagejTiff } from "#server/exports/tiff-writer.ts";
import { makePhantom } from "../../../fixtures/make/phantom.ts";
import { startFakeServer } from "./fake-server.ts";
import { runWindow } from "./run-window.ts";
import { startServerUnderTest } from "./server-under-test.ts";

export function classicalWindowTests(): void {
  test("dialog, preview, steps, Recorder, replay, Escape and cancel", async () => {
    const server = await startFakeServer({ planeDelayMs: 350 });
    try {
      const { facts, output } = await runWindow("ClassicalHarness", server.url);
      assert.equal(facts["finished"], "yes", output);
      assert.equal(facts["fields"], "recipe|file|polarity|rings|split|h|sigma|rise|low|high|minVolume|first|last|within|seeds|set|prompts|output|show");
      assert.equal(facts["shown"], "file=! h=0.75 sigma=1.4 rise=0.3 low=3 high=5 minVolume=200 polarity=auto rings=auto split=auto show result|polarity|rings|denoise|threshold|drop|split|select");
      assert.equal(facts["ffs"], "file=! h=! sigma=! rise=! low=! high=! minVolume=200 polarity=auto rings=recipe! split=recipe! show result|polarity|gradient|select");
      assert.equal(facts["status"], "Masklet: preview, 3 objects on this slice");
      assert.equal(facts["warning"], "Masklet: preview, 0 objects on this slice. No object was found.");
      assert.equal(facts["mistake"], 'Masklet: low must be a number, not "many".');
      assert.match(facts["refusal"]!, /^Masklet: The recipe has no split\.width\./);
      assert.equal(facts["step"], `8 0.0 1.0 ${(2 * 144) / (64 * 48)}`);
      assert.deepEqual([facts["otherStep"], facts["current"]], ["true 32 2", "squares.tif"]);
      assert.match(facts["result"]!, /"ok":true,"command":"classical.run","cancelled":false.*"objects":\[1,2\],"labels":"squares-labels"\}/);
      assert.equal(facts["outlinesAfter"], "0");
      assert.equal(facts["line"], `run("Masklet Classical 3D...", "${[
        "recipe=fds polarity=auto rings=auto split=edt file=[] h=0.75 sigma=1.4 rise=0.3 low=3.6 high=5 minvolume=200 within=[] seeds=[]",
        "first=0 last=0 prompts=box output=labels set=rings.sigma=5",
      ].join(" ")}");`);
      assert.equal(facts["replayEqual"], "true");
      assert.match(facts["progress"]!, /^Masklet: segmenting, denoise \d+ % \(Esc stops\)$/);
      assert.match(facts["escape"]!, /"command":"classical.run","cancelled":true,"planes":0,"objects":\[\]/);
      assert.deepEqual([facts["escapeStatus"], facts["escapeLabels"], facts["cancelled"]], ["Masklet: stopped, nothing was changed", "true", "true"]);
      assert.equal(facts["lines"], "2"); // the run and the one that was stopped
      assert.match(facts["error"]!, /"code":"file_unreadable"/);
      assert.ok(server.seen.filter((type) => type === "cancel").length >= 2, "an overtaken preview and Escape send cancel");
      const edits = server.classicals.filter((message) => message.preview === undefined);
      assert.deepEqual(edits.slice(0, 2).map((message) => message.set), [edits[0]!.set, edits[0]!.set]);
      assert.ok(server.classicals.every((message) => message.preview === undefined || message.preview.index < 9));
    } finally {
      await server.stop();
    }
  });
}

export function classicalPictureOnRealServer(): void {
  test("a phantom's preview, as docs/imagej-classical.png shows it", async () => {
    const folder = await mkdtemp(join(tmpdir(), "masklet-classical-"));
    const server = await startServerUnderTest("real");
    try {
      const phantom = makePhantom({ noise: 1_200 });
      const [z, y, x] = phantom.shape;
      const planes = Array.from({ length: z }, (_, at) => phantom.raw.subarray(at * y * x, (at + 1) * y * x));
      await writeImagejTiff(join(folder, "clay.tif"), { shape: { t: 1, c: 1, z, y, x }, dtype: "uint16", spacing: undefined }, planes);
      const { facts, output } = await runWindow("ClassicalHarness", server.url, [join(folder, "clay.tif")]);
      assert.equal(facts["finished"], "yes", output);
      assert.match(facts["status"]!, /^Masklet: preview, \d+ objects on this slice/);
      assert.ok(Number(facts["outlines"]) >= 2, facts["status"]);
    } finally {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });
}
