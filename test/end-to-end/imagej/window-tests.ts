// One ImageJ with windows, mouse and keys; the pictures lie in .cache/imagej-pictures.
import assert from "node:assert/strict";
import { test } from "node:test";
import { runWindow } from "./run-window.ts";
import { startServerUnderTest, type ServerKind } from "./server-under-test.ts";

export function windowTests(kind: ServerKind): void {
  test("menu, dialogs, Recorder, replay and Escape", async () => {
    const server = await startServerUnderTest(kind, { planeDelayMs: 40 });
    try {
      const { facts, output } = await runWindow("WindowHarness", server.url, kind === "fake" ? ["objects"] : []); // a real network is asked for objects by macros
      assert.equal(facts["finished"], "yes", output);
      assert.match(facts["menu"]!, /^Masklet Connect\.\.\.\|.*Masklet Propagate\.\.\..*\|Masklet About$/);
      assert.equal(facts["fields of Masklet Propagate..."], "axis|direction|first|last|objects|output|model");
      assert.equal(facts["fields of Masklet Add Prompt..."], "object|polarity|kind|mode|model");
      const models = kind === "fake" ? /^auto\|fake-tiny$/ : /^auto\|(.+\|)?mobile-sam(\||$)/;
      for (const command of ["Add Prompt", "Propagate"]) assert.match(facts[`last choice of Masklet ${command}...`]!, models);
      assert.equal(facts["previewOutlines"], "1");
      assert.equal(facts["outlines"], facts["rois"]);
      const lines = facts["recorded"]!.trim().split("\n").filter((line) => !line.startsWith("//"));
      assert.deepEqual(lines, [
        "makeRectangle(17, 14, 21, 21);",
        `run("Masklet Connect...", "server=${server.url} timeout=3");`,
        'run("Masklet Add Prompt...", "object=1 polarity=positive kind=auto mode=add model=auto");',
        'run("Masklet Propagate...", "axis=z direction=both first=0 last=0 objects=all output=all model=auto");',
      ]);
      assert.equal(facts["replayEqual"], "true");
      assert.match(facts["escape"]!, /"cancelled":true/);
      assert.ok(Number(facts["escapeMs"]) < 1000, `${facts["escapeMs"]} ms from Escape to the end`);
      assert.ok(Number(facts["escapeOutlines"]) >= 4, "what had arrived was lost");
      assert.match(facts["promptAfterEscape"]!, /"ok":true/);
      assert.match(facts["error"]!, /"code":"no_selection"/);
      if (kind === "fake") assertObjects(facts);
      if (server.seen !== undefined) assert.equal(server.seen.filter((type) => type === "cancel").length, 2);
    } finally {
      await server.stop();
    }
  });
}

function assertObjects(facts: Readonly<Record<string, string>>): void {
  assert.match(facts["everyParticle"]!, /"objects":\[1,2,3\]/);
  assert.match(facts["split"]!, /"objects":\[1,4\]/);
  assert.match(facts["union"]!, /"objects":\[2\]/);
  assert.match(facts["automask"]!, /"command":"automask".*"objects":\[5,6,7\]/);
  const lines = facts["objectsRecorded"]!.trim().split("\n").filter((line) => line.startsWith('run("Masklet'));
  assert.deepEqual(lines, [
    'run("Masklet Segment Every Particle...", "axis=z every=4 first=0 last=0 points=32 score=0.80 stability=0.95 output=all model=auto");',
    'run("Masklet Split...", "object=1 seeds=8.5,12.5,5;16.5,12.5,5 depth=1 parts=0");',
    'run("Masklet Combine...", "how=union objects=2,3 axes=zyx votes=0 model=auto");',
    'run("Masklet Combine...", "how=directions objects=all axes=zyx votes=0 model=auto");',
    'run("Masklet Automask...", "points=8 score=0.80 stability=0.95 model=auto");',
  ]);
  assert.equal(facts["objectsEqual"], "true");
  assert.match(facts["automaskEscape"]!, /"command":"automask","cancelled":true/);
  const kept = Number(facts["automaskKept"]);
  assert.ok(kept >= 4 && kept < 160, `${kept} objects were kept`);
  assert.match(facts["nextAfterEscape"]!, new RegExp(`"command":"prompt.set","object":${kept + 1},`));
}
