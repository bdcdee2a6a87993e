// One particle of a small phantom followed by the real command with real weights: in its own process, on a server, and interrupted.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { leaveEmbeddedOut } from "../embedded.ts";
import { ensureWeights, weightsHome } from "../weights.ts";
import { runCommand, startCommand, withCommandServer, type Ended } from "./run-command.ts";
import { dice, readLabels, spacing, writePhantomFiles } from "./small-phantom.ts";

leaveEmbeddedOut();

await ensureWeights();
const folder = mkdtempSync(join(tmpdir(), "masklet-cli-propagate-"));
after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
// A home of its own, so that no embedding is there before; it never removes a model.
const home = join(folder, "home");
mkdirSync(home);
symlinkSync(join(weightsHome(), "models"), join(home, "models"), "junction");
const files = await writePhantomFiles(folder);
const [, height, width] = files.phantom.shape;
const range = { start: files.z - 1, end: files.z + 2 };
const options = { home };

function propagate(name: string, ...rest: string[]): string[] {
  return ["propagate", "--input", files.raw, "--prompts", files.prompts, "--output", join(folder, name), ...rest];
}
const threePlanes = ["--range", `${range.start}:${range.end}`];

function failure({ code, out }: Ended): [number | null, string] {
  return [code, JSON.parse(out).error.code];
}

test("a box on one plane finds the particle on its neighbours, here and on a server alike", { timeout: 300_000 }, async () => {
  const csv = join(folder, "here.csv");
  const here = await runCommand([...propagate("here.tif", ...threePlanes), "--csv", csv, "--json"], options);
  assert.equal(here.code, 0, here.err);
  const { planes, objects, ends } = JSON.parse(here.out);
  assert.deepEqual([planes, objects], [3, 1]);
  assert.deepEqual(ends.map(({ direction, index, reason }: Record<string, unknown>) => [direction, index, reason]), [["forward", range.end - 1, "range"], ["backward", range.start, "range"]]);
  assert.match(here.err, /propagating: 100 % of 3 planes\n/);

  const [found, truth] = [await readLabels(join(folder, "here.tif")), await readLabels(files.truth)];
  assert.deepEqual([found.shape, found.spacing], [files.phantom.shape, spacing]);
  const part = [range.start * height * width, range.end * height * width] as const;
  const inRange = (ids: ArrayLike<number>) => Array.from(ids).slice(...part);
  const agreement = dice(inRange(found.ids), inRange(truth.ids), files.objectId);
  assert.ok(agreement > 0.5, `Dice ${agreement.toFixed(3)}`);
  const voxels = Array.from(found.ids).filter((id) => id === files.objectId).length;
  assert.equal(inRange(found.ids).filter((id) => id === files.objectId).length, voxels, "nothing outside the range");
  assert.equal(Array.from(found.ids).filter((id) => id !== 0).length, voxels, "no other object");
  assert.equal(readFileSync(csv, "utf8").split("\n")[1]!.split(",")[3], String(voxels));

  await withCommandServer(options, async (url) => {
    const there = await runCommand([...propagate("there.tif", ...threePlanes), "--server", url, "--json"], options);
    assert.equal(there.code, 0, there.err);
    assert.equal(JSON.parse(there.out).planes, 3);
    assert.deepEqual(await readLabels(join(folder, "there.tif")), found);
    await assertStoppedServerRunKeepsWhatArrived(url);
  });
});

test("a box on a y plane of a stack with coarse z is followed along y, because the prompts say so", { timeout: 300_000 }, async () => {
  const truth = await readLabels(files.truth);
  const rows = new Set<number>();
  for (let at = 0; at < truth.ids.length; at++) if (truth.ids[at] === files.objectId) rows.add(Math.floor(at / width) % height);
  const y = Math.round((Math.min(...rows) + Math.max(...rows)) / 2);
  const box = [Infinity, Infinity, 0, 0];
  for (let at = 0; at < truth.ids.length; at++) {
    if (truth.ids[at] !== files.objectId || Math.floor(at / width) % height !== y) continue;
    const [x, z] = [at % width, Math.floor(at / (width * height))];
    [box[0], box[1], box[2], box[3]] = [Math.min(box[0]!, x), Math.min(box[1]!, z), Math.max(box[2]!, x + 1), Math.max(box[3]!, z + 1)];
  }
  const path = join(folder, "along-y.json");
  writeFileSync(path, JSON.stringify({ objects: [{ id: files.objectId, axis: "y", prompts: [{ y, box }] }] }));
  const ended = await runCommand(["propagate", "--input", files.raw, "--prompts", path, "--output", join(folder, "along-y.tif"), "--range", `${y - 1}:${y + 2}`, "--json"], options);
  assert.equal(ended.code, 0, ended.err);
  assert.equal(JSON.parse(ended.out).planes, 3);
  const found = await readLabels(join(folder, "along-y.tif"));
  const near = (ids: ArrayLike<number>) => Array.from(ids).filter((_, at) => Math.abs((Math.floor(at / width) % height) - y) <= 1);
  const agreement = dice(near(found.ids), near(truth.ids), files.objectId);
  assert.ok(agreement > 0.5, `Dice ${agreement.toFixed(3)}`);
  assert.equal(Array.from(found.ids).filter((id) => id !== 0).length, near(found.ids).filter((id) => id === files.objectId).length);
});

/** Embeddings of three planes are cached by now, so the interrupt falls into the others. */
async function assertStoppedServerRunKeepsWhatArrived(url: string): Promise<void> {
  const run = startCommand([...propagate("stopped-there.tif"), "--server", url, "--json"], options);
  await run.line(/propagating: [1-9]\d? % of 12 planes/);
  run.interrupt();
  const ended = await run.ended;
  assert.deepEqual(failure(ended), [130, "cancelled"]);
  await assertSomePlanes("stopped-there.tif");
}

test("Ctrl-C in the middle writes what arrived and ends with 130", { timeout: 120_000 }, async () => {
  const run = startCommand([...propagate("stopped.tif"), "--json"], options);
  await run.line(/propagating: [1-9]\d? % of 12 planes/);
  run.interrupt();
  const ended = await run.ended;
  assert.deepEqual(failure(ended), [130, "cancelled"]);
  assert.match(ended.err, /Stopped early \(cancelled\); \d+ masks that were found are in /);
  await assertSomePlanes("stopped.tif");
  // Every process of the group, the model's too, is gone.
  assert.throws(() => process.kill(-run.child.pid!, 0), { code: "ESRCH" });
});

async function assertSomePlanes(name: string): Promise<void> {
  const { shape, ids } = await readLabels(join(folder, name));
  assert.deepEqual(shape, files.phantom.shape);
  const planes = new Set(Array.from(ids, (id, at) => (id === 0 ? -1 : Math.floor(at / (height * width)))));
  planes.delete(-1);
  assert.ok(planes.size >= 1 && planes.size < 12, `${planes.size} planes`);
  assert.deepEqual(readdirSync(folder).filter((file) => file.endsWith(".part")), []);
}

test("a prompt that is off the image, off the volume or empty is bad input, with nothing written", async () => {
  const ask = async (prompt: object): Promise<[number | null, string]> => {
    const path = join(folder, "bad.json");
    writeFileSync(path, JSON.stringify({ objects: [{ id: 1, prompts: [prompt] }] }));
    return failure(await runCommand(["propagate", "--input", files.raw, "--prompts", path, "--output", join(folder, "bad.tif"), "--json"], options));
  };
  assert.deepEqual(await ask({ z: 3, box: [60, 10, 66, 20] }), [3, "prompt_off_image"]);
  assert.deepEqual(await ask({ z: 12, box: [10, 10, 20, 20] }), [3, "plane_off_volume"]);
  assert.deepEqual(await ask({ z: 3 }), [3, "prompt_empty"]);
  assert.deepEqual(await ask({ z: 3, mask: "no-such-mask.png" }), [3, "file_missing"]);
  assert.ok(!existsSync(join(folder, "bad.tif")));
});
