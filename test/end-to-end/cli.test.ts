// The command as a person starts it: what it says, and the settled exit codes. No model is run here.
import assert from "node:assert/strict";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { unzipSync } from "fflate";
import { labelsToMasks } from "#server/exports/labels-to-masks.ts";
import { writeLabelsTiff } from "#server/exports/labels-tiff.ts";
import { leaveEmbeddedOut } from "../embedded.ts";
import { ensureWeights, weightsHome, weightsModel } from "../weights.ts";
import { runCommand, withCommandServer, type CommandOptions } from "./run-command.ts";

leaveEmbeddedOut();

const folder = mkdtempSync(join(tmpdir(), "masklet-cli-"));
const home = join(folder, "home");
after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

const shape = { t: 1, c: 1, z: 3, y: 7, x: 9 };
const spacing = { z: 0.5, y: 0.25, x: 0.25 };
const labelsPath = join(folder, "labels.tif");
const promptsPath = join(folder, "prompts.json");

/** Object 2 is a 5 x 4 box with a hole of one pixel on planes 0 and 1; object 7 is two pixels that touch by a corner on plane 2. */
function labelPlane(z: number): Uint16Array {
  const ids = new Uint16Array(shape.y * shape.x);
  if (z < 2) for (let y = 1; y < 5; y++) for (let x = 2; x < 7; x++) ids[y * shape.x + x] = y === 2 && x === 4 ? 0 : 2;
  else ids[0] = ids[shape.x + 1] = 7;
  return ids;
}
await writeLabelsTiff(labelsPath, { shape, spacing }, 7, (_t, z) => labelPlane(z));
writeFileSync(promptsPath, JSON.stringify({ objects: [{ id: 1, prompts: [{ z: 1, box: [1, 1, 4, 4] }] }] }));

const output = join(folder, "never-written.tif");
const propagate = (input: string, ...rest: string[]) => ["propagate", "--input", input, "--prompts", promptsPath, "--output", output, ...rest];

async function fails(args: readonly string[], exit: number, code: string, options: CommandOptions = { home }): Promise<{ message: string; hint: string }> {
  const ended = await runCommand([...args, "--json"], options);
  assert.equal(ended.code, exit, ended.out + ended.err);
  const { error } = JSON.parse(ended.out);
  assert.deepEqual(Object.keys(error).sort(), ["code", "details", "hint", "message"]);
  assert.equal(error.code, code);
  assert.doesNotMatch(ended.err, /^ {4}at /m);
  return error;
}

test("--help and --version answer on stdout; no command is a usage error", async () => {
  const [help, version, bare] = await Promise.all([["--help"], ["--version"], []].map((args) => runCommand(args, { home })));
  assert.deepEqual([help!.code, help!.err], [0, ""]);
  assert.match(help!.out, /masklet serve[\s\S]*masklet models[\s\S]*masklet propagate[\s\S]*masklet export[\s\S]*masklet doctor/);
  const { version: written } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  assert.deepEqual([version!.code, version!.out], [0, `${written}\n`]);
  assert.deepEqual([bare!.code, bare!.out], [2, ""]);
  assert.match(bare!.err, /masklet serve/);
});

test("an unknown command or option is a usage error that names it", async () => {
  assert.match((await fails(["segments"], 2, "usage")).message, /"segments"/);
  assert.match((await fails([...propagate(labelsPath), "--axes", "z"], 2, "usage")).message, /--axes/);
  assert.match((await fails(["propagate", "--input", labelsPath], 2, "usage")).message, /--prompts/);
  const plain = await runCommand(["segments"], { home });
  assert.deepEqual([plain.code, plain.out], [2, ""]);
  assert.match(plain.err, /^masklet: There is no command "segments"\. Run `masklet --help`/);
});

test("input that is missing, cut short or no TIFF is bad input", async () => {
  const cut = join(folder, "cut.tif");
  cpSync(labelsPath, cut);
  truncateSync(cut, 700);
  const text = join(folder, "text.tif");
  writeFileSync(text, "not a picture");
  await Promise.all([
    fails(propagate(join(folder, "nowhere.tif")), 3, "file_missing"),
    fails(propagate(cut), 3, "tiff_truncated"),
    fails(propagate(text), 3, "tiff_invalid"),
  ]);
  assert.ok(!existsSync(output));
});

test("a result that cannot be written is told before the run, not after it", async () => {
  const error = await fails(["export", "--labels", labelsPath, "--csv", join(folder, "no-such-folder", "m.csv")], 1, "file_not_written");
  assert.match(error.message, /no-such-folder/);
  await fails([...propagate(labelsPath), "--rois", join(folder, "no-such-folder", "rois.zip")], 1, "file_not_written");
});

test("no result is written over what is read, over another result, or where a folder is", async () => {
  const before = readFileSync(labelsPath);
  const asked = (path: string) => ["propagate", "--input", labelsPath, "--prompts", promptsPath, "--output", path];
  const [input] = await Promise.all([
    fails(asked(labelsPath), 2, "usage"),
    fails(asked(promptsPath), 2, "usage"),
    fails([...asked(output), "--csv", output], 2, "usage"),
    fails(["export", "--labels", labelsPath, "--csv", labelsPath], 2, "usage"),
    fails(asked(folder), 1, "file_not_written"),
    fails(asked(join(labelsPath, "out.tif")), 1, "file_not_written"),
  ]);
  assert.match(input!.message, /labels\.tif would be written over a file that is read/);
  assert.deepEqual(readFileSync(labelsPath), before);
});

test("prompts that cannot be followed say why before a model is looked for", async () => {
  const prompts = (name: string, ...objects: object[]) => {
    const path = join(folder, `${name}.json`);
    writeFileSync(path, JSON.stringify({ objects }));
    return ["propagate", "--input", labelsPath, "--prompts", path, "--output", output];
  };
  const [none, large, range] = await Promise.all([
    fails(prompts("none"), 3, "nothing_prompted"),
    fails(prompts("large", { id: 2 ** 24 + 1, prompts: [{ z: 1, box: [1, 1, 4, 4] }] }), 3, "request_invalid"),
    fails(prompts("range", { id: 1, prompts: [{ z: 1, box: [1, 1, 4, 4] }] }).concat("--display-range", "5:5"), 2, "usage"),
  ]);
  assert.match(none!.hint, /add it as a prompt/);
  assert.match(large!.message, /\/objects\/0\/id.*16777216/);
  assert.match(range!.message, /LOW below HIGH/);
});

test("a missing model and a server that is not there have their own exit codes", async () => {
  const [missing] = await Promise.all([
    fails(propagate(labelsPath), 4, "model_not_installed"),
    fails(["models", "verify", "no-such-model"], 4, "model_unknown"),
    fails([...propagate(labelsPath), "--server", "http://127.0.0.1:1"], 5, "server_unreachable"),
    fails(["models", "list", "--server", "http://127.0.0.1:1"], 5, "server_unreachable"),
  ]);
  assert.match(missing.hint, new RegExp(`masklet models pull ${weightsModel}`));
});

test("models are listed, verified, found damaged and removed", { timeout: 120_000 }, async () => {
  await ensureWeights();
  const copy = join(folder, "copied-home");
  const model = join(copy, "models", weightsModel);
  cpSync(join(weightsHome(), "models", weightsModel), model, { recursive: true });
  const json = async (...args: string[]) => {
    const ended = await runCommand([...args, "--json"], { home: copy });
    assert.equal(ended.code, 0, ended.out + ended.err);
    return JSON.parse(ended.out);
  };
  const listedModel = async () => (await json("models", "list")).find(({ id }: { id: string }) => id === weightsModel);
  const listed = await listedModel();
  assert.deepEqual([listed.id, listed.installed, listed.integrity], [weightsModel, true, "verified"]);
  assert.deepEqual((await json("models", "verify")).map(({ id }: { id: string }) => id), [weightsModel]);
  // One byte of the weights.
  const weights = join(model, "encoder.onnx");
  const bytes = readFileSync(weights);
  bytes[bytes.length >> 1]! ^= 1;
  writeFileSync(weights, bytes);
  await fails(["models", "verify"], 4, "model_damaged", { home: copy });
  assert.deepEqual(await json("models", "remove", weightsModel), { removed: weightsModel });
  assert.equal((await listedModel()).installed, false);
  await fails(["models", "remove", weightsModel], 4, "model_not_installed", { home: copy });
});

test("a label image becomes ROIs, GeoJSON and measurements that say the same", async () => {
  const [rois, geojson, csv] = ["rois.zip", "objects.geojson", "measurements.csv"].map((name) => join(folder, name));
  const ended = await runCommand(["export", "--labels", labelsPath, "--rois", rois!, "--geojson", geojson!, "--csv", csv!, "--json"], { home });
  assert.equal(ended.code, 0, ended.err);
  assert.deepEqual(JSON.parse(ended.out), { objects: 2, planes: 3, files: [rois, geojson, csv] });
  const masks = [0, 1, 2].flatMap((z) => labelsToMasks({ ids: labelPlane(z), width: shape.x, t: 0, z }));

  const boxes = Object.values(unzipSync(readFileSync(rois!))).map((roi) => {
    const view = new DataView(roi.buffer, roi.byteOffset);
    // left, top, right, bottom, and the slice, counted from 1, as ImageJ's RoiDecoder finds them.
    return { box: [10, 8, 14, 12].map((at) => view.getInt16(at)), z: view.getInt32(56) - 1 };
  });
  assert.deepEqual(boxes, masks.map(({ box, index }) => ({ box: [...box], z: index })));

  const { features } = JSON.parse(readFileSync(geojson!, "utf8"));
  const areas = features.map(({ geometry }: { geometry: { type: string; coordinates: never } }) => polygonsArea(geometry));
  assert.deepEqual(areas, [19, 19, 2]);

  const [head, ...rows] = readFileSync(csv!, "utf8").trimEnd().split("\n").map((line) => line.split(","));
  const column = (name: string) => rows.map((row) => Number(row[head!.indexOf(name)]));
  assert.deepEqual(column("object_id"), [2, 7]);
  assert.deepEqual(column("voxels"), [38, 2]);
  assert.deepEqual(column("volume_um3"), [38 / 32, 2 / 32]);
  assert.deepEqual(["z0", "y0", "x0", "z1", "y1", "x1"].map((name) => column(name)[0]), [0, 1, 2, 2, 5, 7]);
});

/** Shells count, holes count off. */
function polygonsArea({ type, coordinates }: { type: string; coordinates: never }): number {
  const polygons: [number, number][][][] = type === "Polygon" ? [coordinates] : coordinates;
  return polygons.flat().reduce((sum, ring) => sum + ring.slice(1).reduce((part, [x, y], at) => part + (ring[at]![0] * y - x * ring[at]![1]) / 2, 0), 0);
}

test("export without a wanted file, or of an empty label image, says so", async () => {
  await fails(["export", "--labels", labelsPath], 2, "usage");
  const empty = join(folder, "empty.tif");
  await writeLabelsTiff(empty, { shape, spacing }, 0, () => new Uint16Array(shape.y * shape.x));
  await fails(["export", "--labels", empty, "--csv", join(folder, "empty.csv")], 3, "export_empty");
});

test("a server with a token refuses a client without it, or with another", () => withCommandServer({ home: join(folder, "served"), token: "right" }, async (url) => {
  const ask = [...propagate(labelsPath), "--server", url];
  const [right, doctor] = await Promise.all([
    runCommand(["models", "list", "--json", "--server", url], { home, token: "right" }),
    runCommand(["doctor", "--json", "--server", url], { home, token: "right" }),
    fails(ask, 3, "token_wrong", { home, token: "wrong" }),
    fails(ask, 3, "token_missing", { home }),
  ]);
  assert.deepEqual([right.code, JSON.parse(right.out).some(({ id }: { id: string }) => id === weightsModel)], [0, true]);
  const { findings } = JSON.parse(doctor.out);
  assert.deepEqual([doctor.code, findings.at(-1).what, findings.at(-1).ok], [0, "server", true]);
  assert.match(findings.at(-1).says, /model process not-started/);
}));

test("a token that no header can carry is told before anything listens", async () => {
  for (const token of ["two words", "schlüssel"]) {
    const { message } = await fails(["serve", "--port", "0"], 2, "usage", { home, token });
    assert.match(message, /MASKLET_TOKEN has a blank or a character/);
  }
});

test("serve with a port in use or an open address without a token does not start", () => withCommandServer({ home: join(folder, "served-2") }, async (url) => {
  await fails(["serve", "--host", "127.0.0.1", "--port", new URL(url).port], 2, "port_in_use", { home: join(folder, "served-3") });
  await fails(["serve", "--host", "0.0.0.0", "--port", "0"], 2, "token_required");
}));

test("doctor says what is missing and how to get it", async () => {
  const { code, out } = await runCommand(["doctor", "--json", "--server", "http://127.0.0.1:1"], { home });
  const { findings, limits, models } = JSON.parse(out);
  assert.deepEqual([code, models.some(({ id }: { id: string }) => id === weightsModel), limits.maxObjectId], [0, true, 2 ** 24]);
  const about = (what: string) => findings.find((finding: { what: string }) => finding.what === what);
  assert.deepEqual(["masklet", "Node", "model runtime", "MASKLET_HOME", "server"].map((what) => about(what).ok), [true, true, true, true, true]);
  assert.deepEqual([about(`model ${weightsModel}`).ok, about(`model ${weightsModel}`).says], [false, `run \`masklet models pull ${weightsModel}\``]);
  assert.match(about("models to be had").says, /sam2\.1-tiny/);
});
