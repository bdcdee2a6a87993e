// The commands around a propagation with windows, mouse and keys; the pictures lie in .cache/imagej-commands-pictures.
import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { startFakeServer } from "./fake-server.ts";
import { repository } from "./java-tools.ts";
import { runWindow } from "./run-window.ts";
import { freePort, startServerUnderTest } from "./server-under-test.ts";

export function commandWindowTests(): void {
  test("live preview, every dialog, Recorder, replay and Escape", async () => {
    const server = await startFakeServer({ planeDelayMs: 40, previewDelayMs: 150, doubts: { 1: { score: 0.7, warnings: ["low-score"] } } });
    try {
      const { facts, output } = await runWindow("CommandsHarness", server.url);
      assert.equal(facts["finished"], "yes", output);
      assert.ok(Number(facts["liveMs"]) < 2_000, `${facts["liveMs"]} ms from the end of the drag to the outline`);
      assert.equal(facts["liveOutline"], "java.awt.Rectangle[x=6,y=10,width=12,height=12] null"); // it belongs to no object
      assert.equal(facts["liveStatus"], "Masklet: preview, 144 pixels, score 0.90");
      assert.equal(facts["liveNothing"], "Masklet: preview, nothing found here");
      assert.equal(facts["liveLeft"], "0");
      assert.match(facts["liveRecorded"]!, /run\("Masklet Live Preview", "preview=on"\);/);
      assert.match(facts["liveRecorded"]!, /run\("Masklet Live Preview", "preview=off"\);/);
      assert.match(facts["previewThenPrompt"]!, /"ok":true,"command":"prompt.set","object":7,"area":144/);
      assert.equal(facts["promptOutlines"], "obj0007-z0005-t0001 java.awt.Rectangle[x=40,y=10,width=12,height=12] 144.0");
      const stored = server.sets.filter((message) => message.preview !== true);
      assert.deepEqual(stored.map((message) => [message.objectId, message.box ?? message.points]), [[7, [38, 8, 54, 24]], [2, [[46.5, 16.5, 1]]], [2, [[46.5, 16.5, 1]]]], "a preview stored a prompt");
      assert.ok(server.seen.filter((type) => type === "cancel").length >= 2, "an overtaken preview and Escape send cancel");

      assert.equal(facts["fields of Masklet Prompts From ROI Manager..."], "objects|number|masks|output|model");
      assert.equal(facts["fields of Masklet Refine..."], "object|polarity|axis|direction|first|last|output|model");
      assert.equal(facts["fields of Masklet Segment Volume..."], "server|prompts|axis|output|save|model");
      assert.match(facts["rois"]!, /"command":"prompts.put","cancelled":false,"planes":2,"prompted":2,"objects":\[1,2\],"model":"fake-tiny"/);
      assert.match(facts["jump"]!, /"object":1,"slice":2,"frame":1,"score":0.7,"warnings":\["low-score"\],"rank":1/);
      assert.equal(facts["jumpStatus"], "Masklet: object 1, slice 2, score 0.70: the network is unsure (1 of 14)");
      assert.equal(facts["jumpPlace"], "2 java.awt.Rectangle[x=6,y=10,width=12,height=12]");
      assert.match(facts["refine"]!, /"ok":true,"command":"refine","cancelled":false/);
      assert.match(facts["fetch"]!, /"ok":true,"command":"fetch".*"labels":"squares-labels"/);
      assert.match(facts["volume"]!, /"command":"segment-volume","cancelled":false.*"objects":\[5\]/);
      const lines = facts["recorded"]!.trim().split("\n").filter((line) => line.startsWith('run("Masklet'));
      assert.deepEqual(lines, [
        'run("Masklet Choose Model...", "model=fake-tiny");',
        'run("Masklet Prompts From ROI Manager...", "objects=each number=1 masks=now output=overlay model=fake-tiny");',
        'run("Masklet Propagate...", "axis=z direction=both first=0 last=0 objects=all output=overlay model=fake-tiny");',
        'run("Masklet Jump To Worst Slice");',
        'run("Masklet Refine...", "object=2 polarity=positive axis=z direction=both first=0 last=0 output=overlay model=fake-tiny");',
        'run("Masklet Measure...", "objects=all columns=basic save=[]");',
        'run("Masklet Fetch Result...", "job=[] objects=all output=labels");',
        `run("Masklet Segment Volume...", "server=${server.url} prompts=5:box:z5:22,34,32,44 axis=z output=labels save=[] model=fake-tiny");`,
      ]);
      assert.deepEqual([facts["replayEqual"], facts["volumeEqual"]], ["true", "true"]);
      assert.match(facts["escape"]!, /"command":"prompts.put","cancelled":true/);
      assert.ok(Number(facts["escapeMs"]) < 1000, `${facts["escapeMs"]} ms from Escape to the end`);
      const kept = Number(facts["escapeOutlines"]);
      assert.ok(kept >= 4 && kept < 60, `${kept} outlines were kept`);
      assert.equal(facts["undoneOutlines"], "0");
      assert.match(facts["volumeEscape"]!, /"ok":true,"command":"segment-volume","cancelled":true,.*"labels":"long-labels"/);
      assert.ok(Number(facts["volumeEscapeMs"]) < 1000, `${facts["volumeEscapeMs"]} ms from Escape to the end`);
      assert.equal(facts["volumeEscapeFiles"], "");
      const [outlines, slices] = facts["volumeEscapeKept"]!.split(" ").map(Number);
      assert.ok(outlines! >= 4 && outlines! < 200 && slices === 200, facts["volumeEscapeKept"]);
      assert.match(facts["fetchEscape"]!, /"code":"cancelled"/);
      assert.equal(facts["fetchDialogs"], "true", "who pressed Escape is told in the status bar");
    } finally {
      await server.stop();
    }
  });

  test("where no server runs and masklet is installed, a person may start it", async () => {
    const home = await mkdtemp(join(tmpdir(), "masklet-start-"));
    try {
      const program = join(home, "bin", "masklet");
      await mkdir(join(home, "bin"));
      await writeFile(program, `#!/bin/sh\nexec "${process.execPath}" "${join(repository, "server", "cli", "main.ts")}" "$@"\n`);
      await chmod(program, 0o755);
      const url = `ws://127.0.0.1:${await freePort()}`;
      const { facts, output } = await runWindow("StartHarness", url, [], { PATH: `${join(home, "bin")}${delimiter}${process.env["PATH"]}`, MASKLET_HOME: home });
      assert.equal(facts["finished"], "yes", output);
      assert.match(facts["refused"]!, /"code":"server_unreachable".*masklet serve/);
      assert.match(facts["started"]!, /"ok":true,"command":"connect".*"hello":\{"protocol":1/);
      await assert.rejects(fetch(`${url.replace("ws", "http")}/v1/health`), "the server outlived ImageJ");
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  });
}

export function livePreviewOnRealServer(): void {
  test("live preview of a network follows the selection and stores nothing", async () => {
    const server = await startServerUnderTest("real");
    try {
      const { facts, output } = await runWindow("CommandsHarness", server.url, ["live"]);
      assert.equal(facts["finished"], "yes", output);
      assert.ok(Math.abs(Number(facts["left"]) - 12) < 4, facts["left"]);
      assert.ok(Math.abs(Number(facts["right"]) - 46) < 4, facts["right"]);
      assert.equal(facts["leftOver"], "0");
      const sessions = (await (await fetch(`${server.url.replace("ws", "http")}/v1/sessions`)).json()) as readonly { seq: number; objects: readonly unknown[] }[];
      assert.deepEqual(sessions.map(({ seq, objects }) => [seq, objects]), [[0, []]]);
    } finally {
      await server.stop();
    }
  });
}
