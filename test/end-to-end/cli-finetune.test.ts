// masklet finetune as a person runs it, with a fake Python: what it asks of Python, and what becomes of each way that can end.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { fileURLToPath } from "node:url";
import { writeFakePython } from "./fake-python.ts";
import { commandFile, runCommand, startCommand, type Ended, type Started } from "./run-command.ts";

const folder = mkdtempSync(join(tmpdir(), "masklet-cli-finetune-"));
after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
const home = join(folder, "home");
const python = writeFakePython(join(folder, "python"));
const shrunken = fileURLToPath(new URL("../../fixtures/sam2/sam2.1_shrunken.safetensors", import.meta.url));
const set = join(folder, "set");
mkdirSync(set);
writeFileSync(join(set, "dataset.json"), "{}");
const output = join(folder, "tuned.safetensors");
const log = join(folder, "log");
const training = ["finetune", "--data", set, "--base", shrunken, "--output", output] as const;

/** @param how what the fake Python does */
function options(how: string, named: string = python) {
  return { home, command: ["env", `MASKLET_PYTHON=${named}`, `FAKE_PYTHON=${how}`, `FAKE_LOG=${log}`, `FAKE_WEIGHTS=${shrunken}`, process.execPath, commandFile] as const };
}

function started(how: string, ...args: string[]): Started {
  const { home: at, command: [program, ...before] } = options(how);
  return startCommand(args, { home: at, command: [program, ...before] });
}

async function fault(how: string, args: readonly string[], named?: string): Promise<{ code: string; message: string; hint: string; details: Record<string, unknown>; exit: number | null; err: string }> {
  const { command: [program, ...before] } = options(how, named);
  const ended: Ended = await runCommand([...args, "--json"], { home, command: [program, ...before] });
  return { ...JSON.parse(ended.out).error, exit: ended.code, err: ended.err };
}

test("a whole run: what Python is asked, what the person sees, the result, and the model installed at once", async () => {
  rmSync(log, { force: true });
  const ended = await started("", ...training, "--train", "memory", "--steps", "4", "--rate", "1e-4", "--seed", "7", "--add", "my-platelets", "--json").ended;
  assert.equal(ended.code, 0, ended.err + ended.out);
  const asked = JSON.parse(readFileSync(log, "utf8").trim().split("\n").at(-1)!);
  assert.deepEqual(asked.slice(2), ["--data", set, "--output", output, "--train", "memory", "--steps", "4", "--seed", "7", "--rate", "0.0001", "--base", shrunken]);
  assert.match(asked[1], /training\/finetune\.py$/);
  const told = JSON.parse(ended.out);
  assert.deepEqual([told.before, told.after, told.files.card, told.model.id, told.model.installed], [{ box: 0.6 }, { box: 0.7 }, join(folder, "tuned.md"), "my-platelets", true]);
  assert.match(ended.err, /1\.0 M parameters learn on cpu from 3 objects; 2 are held back/);
  assert.match(ended.err, /training \(loss 0\.500, held-out Dice 0\.600, 10 min left\): 20 %/);
  const listed = await runCommand(["models", "list"], { home });
  assert.match(listed.out, /my-platelets {2}sam2/);
  const plain = await started("", ...training).ended;
  assert.match(plain.out, /one box, one plane: 0\.600 before, 0\.700 after[^]*Install it with: masklet models add/);
});

test("what is missing has a code, and the command that helps", async () => {
  const none = await fault("", training, join(folder, "no-such-python"));
  assert.match(`${none.code} ${none.message}`, /tool_missing .*no-such-python/);
  const torch = await fault("no-torch", training);
  assert.deepEqual([torch.code, torch.exit], ["tool_missing", 4]);
  assert.match(`${torch.message} ${torch.hint}`, /torch, sam2 for [^]*masklet finetune --install/);
  const unknown = await fault("", ["finetune", "--install"], join(folder, "no-such-python"));
  assert.match(`${unknown.code} ${unknown.message} ${unknown.hint}`, /tool_missing .*no-such-python.*python\.org/);
  const old = await fault("old", ["finetune", "--install"]);
  assert.match(`${old.code} ${old.message} ${old.hint}`, /tool_missing .*there is 3\.8.*MASKLET_PYTHON=/);
});

test("a child that fails becomes a coded error, never a bare trace", async () => {
  const dies = await fault("dies", training);
  assert.deepEqual([dies.code, dies.exit], ["finetune_failed", 1]);
  assert.match(dies.message, /RuntimeError: the sky fell/);
  assert.doesNotMatch(dies.err, /Traceback/);
  assert.match((await fault("killed", training)).message, /SIGKILL[^]*memory/);
  assert.match((await fault("silent", training)).message, /without a result/);
  const diverged = await fault("fault", training);
  assert.deepEqual([diverged.code, diverged.exit, diverged.details], ["finetune_diverged", 3, { step: 3, why: "the loss is not a number", kept: "/run/of/it/step-2.pt" }]);
  assert.equal((await fault("unknown-fault", training)).code, "finetune_failed");
  const nonsense = await started("nonsense", ...training, "--json").ended;
  assert.deepEqual([nonsense.code, JSON.parse(nonsense.out).after], [0, { box: 0.7 }]);
});

test("Ctrl-C lets it save a checkpoint and says how to go on", async () => {
  const running = started("endless", ...training, "--json");
  await running.line(/training/);
  running.interrupt();
  const ended = await running.ended;
  assert.equal(ended.code, 130);
  assert.match(ended.err, /Stopped after step 2\. Go on with: masklet finetune --resume \/run\/of\/it/);
  assert.deepEqual(JSON.parse(ended.out).error.details, { run: "/run/of/it", step: 2 });
});

test("a run is gone on with as it was begun", async () => {
  const run = join(folder, "tuned.run");
  mkdirSync(run);
  writeFileSync(join(run, "run.json"), "{}");
  const ended = await started("", "finetune", "--resume", run, "--steps", "9").ended;
  assert.equal(ended.code, 0, ended.err);
  assert.deepEqual(JSON.parse(readFileSync(log, "utf8").trim().split("\n").at(-1)!).slice(2), ["--resume", run, "--steps", "9"]);
  assert.match((await fault("", ["finetune", "--resume", run, "--rate", "1e-3"])).message, /--rate/);
  assert.equal((await fault("", ["finetune", "--resume", folder])).code, "file_missing");
});

test("bad orders are refused before Python is looked for", async () => {
  const wrong: readonly [string, readonly string[]][] = [
    ["usage", ["finetune"]], ["usage", [...training, "--train", "encoder"]], ["usage", [...training, "--rate", "-1"]], ["usage", [...training, "--steps", "5", "--epochs", "2"]],
    ["usage", [...training, "--add", "../up"]], ["usage", ["finetune", "--data", set, "--base", shrunken, "--output", "tuned.pt"]], ["usage", [...training, "set"]],
    ["file_missing", ["finetune", "--data", folder, "--base", shrunken, "--output", output]], ["file_missing", ["finetune", "--data", set, "--base", "nowhere.pt", "--output", output]],
    ["model_unknown", ["finetune", "--data", set, "--base", "no-such-model", "--output", output]], ["base_unavailable", ["finetune", "--data", set, "--base", "mobile-sam", "--output", output]],
  ];
  for (const [code, args] of wrong) assert.equal((await fault("", args)).code, code, args.join(" "));
});

test("an installed model's own file is its base, as long as it is what was installed", async () => {
  const own = join(folder, "own.safetensors");
  writeFileSync(own, readFileSync(shrunken));
  assert.equal((await runCommand(["models", "add", own, "--id", "own"], { home })).code, 0);
  const args = ["finetune", "--data", set, "--base", "own", "--output", output];
  assert.equal((await started("", ...args).ended).code, 0);
  assert.ok(readFileSync(log, "utf8").trim().split("\n").at(-1)!.includes(own));
  writeFileSync(own, "other");
  assert.match((await fault("", args)).message, /has changed/);
  rmSync(own);
  assert.equal((await fault("", args)).code, "base_unavailable");
});
