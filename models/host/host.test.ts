import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { after, describe, it } from "node:test";
import { MaskletError } from "#protocol/errors.ts";
import type { ErrorCode } from "#protocol/errors.ts";
import { maskIou } from "#protocol/mask.ts";
import { disc, discBox, discCentre, viewOf } from "../../test/contracts/tracker-scene.ts";
import { createModelHost } from "./host.ts";
import type { ModelHost } from "./host.ts";

const entry = new URL("../../test/contracts/threshold-child.ts", import.meta.url);

describe("the model host", () => {
  const hosts: ModelHost[] = [];
  after(() => Promise.all(hosts.map((host) => host.close())));

  function makeHost(timeoutMs?: number): ModelHost {
    const host = createModelHost({ home: "unused", entry, timeoutMs });
    hosts.push(host);
    return host;
  }

  it("starts its process when first used, and says how it does", async () => {
    const host = makeHost();
    assert.equal(host.state(), "not-started");
    assert.equal(host.pid(), undefined);
    const opening = host.openTracker("any");
    assert.equal(host.state(), "starting");
    await opening;
    assert.equal(host.state(), "ready");
    await host.close();
    assert.equal(host.state(), "not-started");
  });

  it("goes on exactly where it was after its process was killed between steps", async () => {
    const kept = await (await prompted(makeHost())).step(viewOf(2), 2, "forward");
    const host = makeHost();
    const tracker = await prompted(host);
    const first = pidOf(host);
    await endOf(first);
    assert.deepEqual(await tracker.step(viewOf(2), 2, "forward"), kept);
    assert.notEqual(pidOf(host), first);
    await tracker.close();
  });

  it("fails what was pending when its process dies, and answers the next call", async () => {
    const host = makeHost();
    const tracker = await prompted(host);
    process.kill(pidOf(host), "SIGSTOP");
    const pending = [tracker.step(viewOf(2), 2, "forward"), host.encodeAhead("any", viewOf(3))];
    process.kill(pidOf(host), "SIGKILL");
    for (const one of await Promise.allSettled(pending)) assertRejected(one, "model_host_died");
    assert.equal((await tracker.step(viewOf(2), 2, "forward")).end, undefined);
  });

  it("goes on after a recall, and holds no more of a long walk than the tracker looks back", async () => {
    const host = makeHost();
    const tracker = await host.openTracker("any");
    await tracker.setPrompt(1, { box: discBox(1) });
    await tracker.recall(viewOf(1), 1, "forward", disc(1));
    for (const index of [2, 3]) await tracker.step(viewOf(index), index, "forward");
    await endOf(pidOf(host));
    const going = await tracker.step(viewOf(4), 4, "forward");
    assert.equal(going.end, undefined);
    await endOf(pidOf(host));
    // Plane 4 was answered by a process that is gone, from plane 3; plane 1 is prompted, 2 lies farther back than is looked.
    assert.deepEqual(await tracker.step(viewOf(4), 4, "forward"), going);
    assert.equal((await tracker.step(viewOf(2), 2, "forward")).end, undefined);
    await tracker.forget(1, 2);
    await endOf(pidOf(host));
    await assert.rejects(tracker.step(viewOf(2), 2, "forward"), coded("nothing_prompted"));
    await tracker.recall(viewOf(3), 3, "backward", disc(3));
    await endOf(pidOf(host));
    assert.equal((await tracker.step(viewOf(2), 2, "backward")).end, undefined);
  });

  it("answers clicks, also after its process died, and stops on a cancel", async () => {
    const host = makeHost();
    const request = { points: [discCentre(1), [20, 74]] as const, multimask: true, refine: false, scoreThreshold: 0, stabilityThreshold: 0, stabilityOffset: 1 };
    const found = await host.clicks("any", viewOf(1), request);
    assert.deepEqual(found.map(({ point }) => point), request.points);
    assert.ok(maskIou(found[0]!.mask, disc(1)) > 0.9);
    await endOf(pidOf(host));
    assert.deepEqual(await host.clicks("any", viewOf(1), request), found);
    process.kill(pidOf(host), "SIGSTOP");
    const abort = new AbortController();
    const hanging = host.clicks("any", viewOf(2), request, { signal: abort.signal });
    abort.abort();
    await assert.rejects(hanging, coded("cancelled"));
    process.kill(pidOf(host), "SIGCONT");
    assert.deepEqual(await host.clicks("any", viewOf(1), request), found);
  });

  it("does not bring back what was forgotten or unprompted", async () => {
    const host = makeHost();
    const tracker = await prompted(host);
    await tracker.step(viewOf(2), 2, "forward");
    await tracker.forget(2, 3);
    await tracker.setPrompt(4, { box: discBox(4) });
    await tracker.step(viewOf(4), 4, "forward");
    await tracker.removePrompt(4);
    await endOf(pidOf(host));
    await assert.rejects(tracker.step(viewOf(3), 3, "forward"), coded("nothing_prompted"));
    await assert.rejects(tracker.step(viewOf(5), 5, "forward"), coded("nothing_prompted"));
    await assert.rejects(tracker.step(viewOf(4), 4, "forward"), coded("nothing_prompted"));
    assert.equal((await tracker.step(viewOf(1), 1, "forward")).end, undefined);
  });

  it("stops a process that gives no sign of life", async () => {
    // Long enough for the process to start on a busy machine.
    const host = makeHost(4000);
    const tracker = await prompted(host);
    process.kill(pidOf(host), "SIGSTOP");
    await assert.rejects(tracker.step(viewOf(2), 2, "forward"), coded("model_host_hung"));
    assert.equal(host.state(), "not-started");
  });

  it("answers a cancel at once, even when its process does not", async () => {
    const host = makeHost();
    const tracker = await prompted(host);
    process.kill(pidOf(host), "SIGSTOP");
    const abort = new AbortController();
    const step = tracker.step(viewOf(2), 2, "forward", { signal: abort.signal });
    const ahead = host.encodeAhead("any", viewOf(3), { signal: abort.signal });
    abort.abort();
    for (const one of await Promise.allSettled([step, ahead])) assertRejected(one, "cancelled");
    process.kill(pidOf(host), "SIGCONT");
    assert.equal((await tracker.step(viewOf(2), 2, "forward")).end, undefined);
    await assert.rejects(tracker.step(viewOf(3), 3, "forward", { signal: abort.signal }), coded("cancelled"));
    assert.equal(host.state(), "ready");
  });

  it("answers what a person waits for before it encodes ahead", async () => {
    const host = makeHost();
    const tracker = await prompted(host);
    process.kill(pidOf(host), "SIGSTOP");
    const order: string[] = [];
    const ahead = [2, 3, 4].map(async (index) => {
      await host.encodeAhead("any", viewOf(index));
      order.push(`ahead ${index}`);
    });
    const step = tracker.step(viewOf(2), 2, "forward").then(() => order.push("step"));
    process.kill(pidOf(host), "SIGCONT");
    await Promise.all([...ahead, step]);
    assert.ok(order.indexOf("step") < order.indexOf("ahead 4"), order.join());
  });

  it("closes with calls pending", async () => {
    const host = makeHost();
    const tracker = await prompted(host);
    const step = tracker.step(viewOf(2), 2, "forward");
    const [closed, stepped] = await Promise.allSettled([host.close(), step]);
    assert.equal(closed.status, "fulfilled");
    assertRejected(stepped, "cancelled");
  });

  it("leaves no process behind when the server is killed", async () => {
    // The child shares its parent's stderr, so that stream ends only when both are gone.
    const script = `
      import { createModelHost } from ${JSON.stringify(new URL("./host.ts", import.meta.url))};
      const host = createModelHost({ home: "unused", entry: new URL(${JSON.stringify(entry)}) });
      await host.openTracker("any");
      process.stdout.write("open");
      setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ["--input-type=module", "--eval", script], { stdio: ["ignore", "pipe", "pipe"] });
    parent.stderr.resume();
    await once(parent.stdout, "data");
    const ended = once(parent.stderr, "end");
    parent.kill("SIGKILL");
    await ended;
  });

  it("lets a program end that forgot to close it", async () => {
    const script = `
      import { createModelHost } from ${JSON.stringify(new URL("./host.ts", import.meta.url))};
      const host = createModelHost({ home: "unused", entry: new URL(${JSON.stringify(entry)}) });
      await host.openTracker("any");`;
    const program = spawn(process.execPath, ["--input-type=module", "--eval", script], { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    program.stderr.on("data", (chunk) => (said += String(chunk)));
    assert.deepEqual(await once(program, "close"), [0, null], said);
  });

  async function prompted(host: ModelHost) {
    const tracker = await host.openTracker("any");
    await tracker.setPrompt(1, { box: discBox(1) });
    await tracker.step(viewOf(1), 1, "forward");
    return tracker;
  }
});

function pidOf(host: ModelHost): number {
  const pid = host.pid();
  assert.ok(pid !== undefined);
  return pid;
}

/** Kills, and waits until the host's own next turn has seen it. */
async function endOf(pid: number): Promise<void> {
  process.kill(pid, "SIGKILL");
  while (isThere(pid)) await new Promise((resolve) => setImmediate(resolve));
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (thrown) {
    assert.ok(thrown instanceof Error && "code" in thrown && thrown.code === "ESRCH");
    return false;
  }
}

function coded(code: ErrorCode): (thrown: unknown) => boolean {
  return (thrown) => thrown instanceof MaskletError && thrown.code === code;
}

function assertRejected(result: PromiseSettledResult<unknown>, code: ErrorCode): void {
  assert.ok(result.status === "rejected" && coded(code)(result.reason), `${result.status} instead of ${code}`);
}
