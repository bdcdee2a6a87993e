// The environment that trains, made with a program that only pretends to be Python.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { MaskletError } from "#protocol/errors.ts";
import { writeFakePython } from "../test/end-to-end/fake-python.ts";
import { environmentPython, requireDisk, trainingPython } from "./environment.ts";
import { installEnvironment } from "./install-environment.ts";
import type { InstallOptions } from "./install-environment.ts";
import { parseEvent } from "./child-event.ts";

const folder = mkdtempSync(join(tmpdir(), "masklet-install-"));
after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
const named = writeFakePython(join(folder, "python"));
const log = join(folder, "log");
process.env["FAKE_LOG"] = log;

interface Tried {
  readonly home: string;
  readonly said: string[];
  /** What Python was asked, a list of arguments each time. */
  readonly asked: () => string[][];
  readonly install: () => Promise<string>;
}

/** @param how what the fake Python does */
function trial(how: string, more: Partial<InstallOptions> = {}): Tried {
  process.env["FAKE_PYTHON"] = how;
  rmSync(log, { force: true });
  const home = mkdtempSync(join(folder, "home-"));
  const said: string[] = [];
  const options = { home, named, device: "cpu" as const, say: (text: string) => void said.push(text), canReach: async () => false, freeBytes: () => 1e12, ...more };
  return { home, said, asked: () => readFileSync(log, "utf8").trim().split("\n").map((line): string[] => JSON.parse(line)), install: () => installEnvironment(options) };
}

test("it is made step by step, and found afterwards without being named", async () => {
  const { home, said, asked, install } = trial("install");
  assert.equal(await install(), environmentPython(home));
  assert.deepEqual(readdirSync(join(home, "finetune-env")).sort(), ["bin", "complete"]);
  assert.equal(said.length, 4);
  const pips = asked().filter(([, what]) => what === "pip");
  assert.deepEqual(pips.map((args) => args.slice(0, 5)), [["-m", "pip", "install", "--quiet", "--no-input"], ["-m", "pip", "install", "--quiet", "--no-input"]]);
  assert.match(pips[0]!.join(" "), /-r .*requirements\.txt$/);
  assert.match(pips[1]!.join(" "), /--no-deps --no-build-isolation sam2==/);
  process.env["FAKE_PYTHON"] = "";
  assert.equal(await trainingPython(home, undefined), environmentPython(home));
});

test("without an NVIDIA device torch comes from the index of builds without CUDA, where that is reachable", { skip: process.platform !== "linux" ? "other systems have no builds with it" : false }, async () => {
  const { asked, install } = trial("install", { canReach: async () => true });
  await install();
  const first = asked().find(([, what]) => what === "pip")!.join(" ");
  assert.match(first, /--index-url https:\/\/\S+\/cpu torch==[\d.]+ torchvision==[\d.]+$/);
});

test("nothing half-made is left by a failure, a Ctrl-C, or a disk that is too small", async () => {
  const failing = trial("install-fails");
  await assert.rejects(failing.install(), { code: "install_failed", details: { what: "The environment that trains networks", why: "ERROR: No matching distribution found for torch==2.6.0" } });
  assert.ok(!existsSync(join(failing.home, "finetune-env")));

  const stop = new AbortController();
  const slow = trial("install-slow", { signal: stop.signal, say: (text) => { if (text.startsWith("Installing")) setImmediate(() => stop.abort()); } });
  await assert.rejects(slow.install(), { code: "cancelled" });
  assert.ok(!existsSync(join(slow.home, "finetune-env")));

  const tight = trial("install", { freeBytes: () => 2e9 });
  mkdirSync(join(tight.home, "finetune-env"));
  await assert.rejects(tight.install(), (thrown) => thrown instanceof MaskletError && thrown.code === "disk_too_small" && /needs (3\.5|12\.0) GB in .*, where 2\.0 GB are free/.test(thrown.message) && thrown.exitCode === 4);
  await requireDisk("It", process.cwd(), 1);
  await assert.rejects(requireDisk("It", process.cwd(), 1e18), { code: "disk_too_small" });
});

test("lines that are no events are passed over, and no event breaks on what it lacks", () => {
  for (const line of ["", "{", "7", "null", "[]", '{"event":1}', '{"event":"other"}']) assert.equal(parseEvent(line), undefined, line);
  assert.deepEqual(parseEvent('{"event":"saved"}'), { event: "saved", step: NaN });
  assert.deepEqual(parseEvent('{"event":"checked","step":3,"dice":"x","kinds":{"box":1,"click":"no"}}'), { event: "checked", step: 3, dice: NaN, kinds: { box: 1 } });
});
