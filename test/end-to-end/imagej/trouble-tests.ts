// A server or a network that fails in the middle of each command, in one ImageJ: each failure is one sentence in the Log, and
// the same command, given again, works.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";
import { DISKS } from "./macro-tests.ts";
import { startFakeServer } from "./fake-server.ts";
import { startNetwork } from "./network.ts";
import { SQUARES } from "./object-macro-tests.ts";
import { runSteps, type Step, type StepsRun } from "./run-steps.ts";

const connect = (url: string, timeout = 3): string => `run("Masklet Connect...", "server=${url} timeout=${timeout}");\n`;
const BOX = `selectWindow("stack.tif"); setSlice(5); makeRectangle(17, 14, 21, 21);`;
const PROMPT = `${BOX} run("Masklet Add Prompt...", "object=1 kind=box mode=replace");\n`;
const PROPAGATE = `run("Masklet Propagate...", "axis=z direction=both first=0 last=0 objects=all output=labels");\n`;
/** Of the disks on slices 2 to 8. */
const ALL_FOUND = "0 225 225 225 225 225 225 225 0 ";
const LABELS_FOUND = `
  text = ""; getDimensions(w, h, c, s, f);
  for (i = 1; i <= nSlices; i++) { setSlice(i); n = 0; for (y = 0; y < h; y++) for (x = 0; x < w; x++) if (getPixel(x, y) == 1) n++; text += "" + n + " "; }
  tell("areas", text); close();`;

export function assertTold(step: Step, sentence: RegExp): void {
  assert.equal(step.finished, false, `the macro went on: ${step.result}`);
  assert.equal(step.log.length, 1, step.log.join("\n"));
  assert.match(step.log[0]!, sentence);
  assert.match(step.result, /^\{"ok":false,"error":\{"code":"\w+"/);
}

export function assertWorked(step: Step): void {
  assert.deepEqual(step.log, []);
  assert.ok(step.finished, step.result);
  assert.match(step.result, /^\{"ok":true/);
}

async function alive(steps: readonly string[], timeoutMs = 120_000): Promise<StepsRun> {
  const run = await runSteps(steps, { timeoutMs });
  assert.ok(run.alive, run.output);
  return run;
}

export function troubleTests(): void {
  test("the server goes in the middle of each command; the command given again works", async () => {
    /** What is heard when the connection breaks, the wait before, and the command that asks it. */
    const commands: readonly (readonly [what: string, afterMs: number, macro: string])[] = [
      ["hello", 0, "CONNECT"],
      ["volume.open", 0, `makeRectangle(5, 9, 14, 14); run("Masklet Add Prompt...", "object=1 kind=box");`],
      ["prompt.set", 0, `makeRectangle(5, 9, 14, 14); run("Masklet Add Prompt...", "object=1 kind=box");`],
      ["GET", 0, `run("Masklet Segment Slice...", "object=all");`],
      ["labels.get", 0, `run("Masklet Segment Slice...", "object=all");`],
      ["propagate", 150, `run("Masklet Propagate...", "axis=z objects=all output=overlay");`],
      ["automask", 80, `run("Masklet Automask...", "points=8");`],
      ["automask.stack", 80, `run("Masklet Segment Every Particle...", "every=4 output=overlay");`],
      ["combine", 0, `run("Masklet Combine...", "how=directions objects=all");`],
      ["split", 0, `run("Masklet Split...", "object=1 seeds=8.5,12.5,5;16.5,12.5,5");`],
      ["recipes.list", 0, `run("Masklet Classical 3D...", "recipe=fds output=overlay");`],
      ["classical.run", 80, `run("Masklet Classical 3D...", "recipe=fds output=overlay");`],
      ["undo", 0, `run("Masklet Undo");`],
      ["redo", 0, `run("Masklet Undo"); run("Masklet Redo");`],
      ["object.remove", 0, `run("Masklet Clear Prompts");`],
    ];
    let armed = "";
    const bell = await startBell((what) => { armed = what; });
    const server = await startFakeServer({
      planeDelayMs: 40,
      hear: (what) => {
        if (what !== armed) return;
        armed = "";
        const afterMs = commands.find(([each]) => each === what)![1];
        if (afterMs === 0) network.cut(); // before it is answered
        else setTimeout(() => network.cut(), afterMs);
      },
    });
    const network = await startNetwork(server.url);
    try {
      const steps = commands.flatMap(([what, , macro]) => {
        const line = macro === "CONNECT" ? connect(network.url) : `selectWindow("squares.tif"); setSlice(5); run("Select None"); ${macro}`;
        return [`${bell.ring(what)} ${line}`, line];
      });
      const run = await alive([SQUARES, ...steps], 240_000);
      for (const [nth, [what]] of commands.entries()) {
        const [broken, again] = [run.steps[1 + 2 * nth]!, run.steps[2 + 2 * nth]!];
        assertTold(broken, /^Masklet: The connection to ws:\/\/127\.0\.0\.1:\d+ broke \(.+\)\. Check the server; /);
        assert.ok(broken.seconds < 5, `${what}: ${broken.seconds} s`);
        assertWorked(again);
      }
    } finally {
      await network.stop();
      await server.stop();
      await bell.stop();
    }
  });

  test("a server of another protocol, one that hangs, one that does not answer hello", async () => {
    const newer = await startFakeServer({ protocol: 2 });
    const deaf = await startFakeServer({ hear: () => false });
    const hanging = await startNetwork(deaf.url);
    hanging.stall();
    const good = await startFakeServer();
    try {
      const run = await runSteps([connect(newer.url), connect(hanging.url, 1), connect(deaf.url, 1), connect(good.url)]);
      assert.ok(run.alive, run.output);
      assertTold(run.steps[0]!, /^Masklet: The client speaks protocol 1, this server 2\. Update the client\.$/);
      assertTold(run.steps[1]!, /^Masklet: No Masklet server answers at ws:/);
      assert.ok(run.steps[1]!.seconds < 3);
      assertTold(run.steps[2]!, /^Masklet: The server at ws:\S+ does not answer\. Look at its window or log\.$/);
      assertWorked(run.steps[3]!);
    } finally {
      for (const each of [hanging, newer, deaf, good]) await each.stop();
    }
  });

  test("a slow network gives the same labels; one that breaks on the way up is told, and what had arrived is not lost", async () => {
    const server = await startFakeServer();
    const slow = await startNetwork(server.url, { delayMs: 8, pieceBytes: 700 });
    const bell = await startBell(() => slow.cutAfter(9_000)); // one plane has 6144 bytes
    try {
      const run = await alive([
        `${DISKS}${connect(slow.url)}${PROMPT}${bell.ring("cut")}${PROPAGATE}`,
        `selectWindow("stack.tif"); run("Masklet Segment Slice...", "object=all"); tell("outlines", Overlay.size);`,
        `selectWindow("stack.tif"); ${PROPAGATE} ${LABELS_FOUND}`,
      ]);
      assertTold(run.steps[0]!, /^Masklet: The connection to ws:\S+ broke \(.+\)\. /);
      assertWorked(run.steps[1]!);
      assert.ok(Number(run.steps[1]!.told["outlines"]) >= 1);
      assertWorked(run.steps[2]!);
      assert.equal(run.steps[2]!.told["areas"], ALL_FOUND);
    } finally {
      await slow.stop();
      await server.stop();
      await bell.stop();
    }
  });

  test("a network that stands still: Escape gives ImageJ back, the run left behind is told of, and all goes on when it moves", async () => {
    const server = await startFakeServer({ planeDelayMs: 100 });
    const network = await startNetwork(server.url);
    const bell = await startBell((what) => (what === "stall" ? network.stall() : network.resume()));
    try {
      const run = await alive([
        `${DISKS}${connect(network.url)}${PROMPT} call("Steps.when", "stack.tif", "3", "${bell.url}/stall, escape"); run("Masklet Propagate...", "axis=z objects=all output=overlay");`,
        PROMPT,
        `${bell.ring("resume")} wait(500); ${PROMPT}`,
        `${PROPAGATE} ${LABELS_FOUND}`,
      ]);
      const [stopped, meanwhile, prompt, propagated] = run.steps;
      assert.match(stopped!.result, /"ok":true,"command":"propagate","cancelled":true/);
      assert.ok(stopped!.seconds < 5, `${stopped!.seconds} s`);
      assertTold(meanwhile!, /^Masklet: The server has not yet stopped the run that was cancelled\. Wait a moment and repeat the command\.$/);
      assertWorked(prompt!);
      assertWorked(propagated!);
      assert.equal(propagated!.told["areas"], ALL_FOUND);
    } finally {
      await network.stop();
      await server.stop();
      await bell.stop();
    }
  });
}

interface Bell {
  readonly url: string;
  /** A line of macro that rings it, and goes on when the test has heard. */
  ring(what: string): string;
  stop(): Promise<void>;
}

/** By which a macro tells the test that it has come to a place. */
async function startBell(heard: (what: string) => void): Promise<Bell> {
  const server = createServer((request, response) => {
    heard((request.url ?? "").slice(1));
    response.end("heard");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  const url = `http://127.0.0.1:${address.port}`;
  return { url, ring: (what) => `heard = File.openUrlAsString("${url}/${what}");`, stop: async () => void server.close() };
}
