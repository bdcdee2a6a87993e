// A fresh machine without a network: what comes in the box follows a particle, on the command line, on a server and for the QuPath
// extension, and is told of truthfully. The box is the test's own, with the small trained network of the fixtures in it.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { useEmbedded } from "../embedded.ts";
import { ask, base64, disc, jpeg } from "../samapi-client.ts";
import { smallSam2File } from "../small-sam2.ts";
import { runCommand, withCommandServer } from "./run-command.ts";
import { dice, readLabels, writePhantomFiles } from "./small-phantom.ts";

const id = "masklet-sam2";
const folder = mkdtempSync(join(tmpdir(), "masklet-embedded-"));
after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
const [box, home] = [join(folder, "box"), join(folder, "home")];
mkdirSync(box);
copyFileSync(smallSam2File, join(box, `${id}.safetensors`));
const scores = (mean: number): void => writeFileSync(join(box, "scores.json"), JSON.stringify({
  made: "2026-01-01", models: { [id]: { sha256: createHash("sha256").update(readFileSync(smallSam2File)).digest("hex"), groups: {}, mean }, "mobile-sam": { groups: {}, mean: 0.7 } },
}));
scores(0.75);
useEmbedded(box);
const files = await writePhantomFiles(folder);
const following = (output: string) => ["propagate", "--input", files.raw, "--prompts", files.prompts, "--output", join(folder, output)];

async function json(...args: string[]) {
  const { code, out, err } = await runCommand([...args, "--json"], { home });
  assert.equal(code, 0, out + err);
  return JSON.parse(out);
}

async function text(...args: string[]): Promise<string> {
  const { code, out, err } = await runCommand(args, { home });
  assert.equal(code, 0, out + err);
  return out;
}

async function assertFound(output: string): Promise<void> {
  const [found, truth] = [await readLabels(join(folder, output)), await readLabels(files.truth)];
  const agreement = dice(Array.from(found.ids), Array.from(truth.ids), files.objectId);
  assert.ok(agreement > 0.5, `Dice ${agreement.toFixed(3)}`);
}

test("nothing is installed, and a box is followed through the stack all the same", { timeout: 300_000 }, async () => {
  assert.match(await text("models", "list"), /^masklet-sam2  sam2  5 MiB  in the box, verified  \(Apache-2\.0\)$/m);
  assert.equal(existsSync(join(home, "models")), false, "so far nothing was compiled");
  const { model, planes, seconds } = await json(...following("here.tif"));
  assert.equal(model, id);
  assert.ok(planes > 4 && seconds > 0);
  await assertFound("here.tif");
  assert.match(await text("models", "list"), /^masklet-sam2  sam2  10 MiB  128 px  in the box, verified/m);
});

test("how it scored is said as it is, whichever is better", { timeout: 300_000 }, async () => {
  const better = /masklet-sam2 scores better than mobile-sam \(mean Dice from one box on the validation sets 0\.750 and 0\.700\), so `auto` prefers it\./;
  assert.match(await text("models", "list"), better);
  const doctor = await text("doctor", "--server", "http://127.0.0.1:1");
  assert.match(doctor, /^ok       model auto: means masklet-sam2\. /m);
  assert.match(doctor, better);
  try {
    scores(0.65);
    assert.match(await text("models", "list"), /masklet-sam2 does not score better than mobile-sam \(mean Dice from one box on the validation sets 0\.650 and 0\.700\), so `auto` takes it only where nothing else is installed\.$/m);
  } finally {
    scores(0.75);
  }
});

test("a server has it at once, for its own clients and for the QuPath extension", { timeout: 300_000 }, () => withCommandServer({ home }, async (url) => {
  const models = JSON.parse(await (await fetch(`${url}/v1/models`)).text());
  const { embedded, meanDice, installed } = models.find((model: { id: string }) => model.id === id);
  assert.deepEqual([embedded, meanDice, installed], [true, 0.75, true]);
  const there = await json(...following("there.tif"), "--server", url);
  assert.ok(there.planes > 4);
  await assertFound("there.tif");
  const weights = async (type: string) => (await ask(`${url}/sam/`, "GET", `weights/?type=${type}`)).json.map(({ name, url: address }: { name: string; url: string }) => [name, address]);
  assert.deepEqual(await weights("sam2_t"), [["masklet-sam2 (SAM 2 tiny not installed)", "masklet:masklet-sam2"]]);
  assert.deepEqual(await weights("vit_h"), [["masklet-sam2 (SAM ViT-H not installed)", "masklet:masklet-sam2"]]);
  const { json: [feature] } = await ask(`${url}/sam/`, "POST", "", { type: "sam2_t", bbox: [17, 12, 43, 38], b64img: base64(jpeg(disc(64, 56, { x: 30, y: 25, radius: 11 }))) });
  assert.equal(feature.properties.sam_model, id);
}));

test("objects are found with it that nobody points at", { timeout: 300_000 }, async () => {
  const { model, objects } = await json("automask", "--input", files.raw, "--slice", String(files.z), "--points-per-side", "6", "--pred-iou", "0", "--stability", "0", "--output", join(folder, "auto.tif"));
  assert.equal(model, id);
  assert.ok(objects > 0);
  const [found, truth] = await Promise.all(["auto.tif", "truth.tif"].map(async (name) => Array.from((await readLabels(join(folder, name))).ids).map(Number)));
  const inside = found!.map((one, at) => (truth![at] === files.objectId ? one : 0)).filter((one) => one !== 0);
  assert.ok(inside.length > 0, "one of them is the particle");
});

test("removing it says that it comes back, and it does", { timeout: 300_000 }, async () => {
  assert.match(await text("models", "remove", id), /it comes with Masklet, so it stays in the list and is compiled again when it is used/);
  assert.equal(existsSync(join(home, "models", id)), false);
  assert.equal((await json("models", "verify", id))[0].id, id);
});

test("where its file is damaged it is refused by name, and left out where no name is given", { timeout: 300_000 }, async () => {
  const bytes = readFileSync(smallSam2File);
  bytes[bytes.length - 1]! ^= 1;
  writeFileSync(join(box, `${id}.safetensors`), bytes);
  const fresh = join(folder, "fresh-home");
  const failed = async (...args: string[]) => {
    const { code, out, err } = await runCommand([...args, "--json"], { home: fresh });
    return { code, err, error: JSON.parse(out).error };
  };
  const named = await failed(...following("none.tif"), "--model", id);
  assert.deepEqual([named.code, named.error.code], [4, "embedded_damaged"]);
  assert.match(named.error.message, /masklet-sam2, which comes with Masklet, is damaged .*SHA-256/);
  const auto = await failed(...following("none.tif"));
  assert.deepEqual([auto.code, auto.error.code], [4, "model_not_installed"]);
  assert.match(auto.err, /^Warning: a model that came with Masklet cannot be used/m);
  // What was compiled of it before is as good as it was.
  assert.equal((await json(...following("kept.tif"))).model, id);
});
