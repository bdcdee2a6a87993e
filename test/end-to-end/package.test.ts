// The package as people get it: packed, installed into an empty folder, run on the Node that is there (20 or newer).
// Installing asks the npm registry for the dependencies: the only test that needs it, and without it this fails.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { accessSync, constants, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import test, { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { writeLabelsTiff } from "#server/exports/labels-tiff.ts";
import { leaveEmbeddedOut, useEmbedded } from "../embedded.ts";
import { smallSam2File } from "../small-sam2.ts";
import { ensureWeights, weightsHome } from "../weights.ts";
import { ask, askOfferingTls, base64, disc, jpeg } from "../samapi-client.ts";
import { runCommand, withCommandServer, type CommandOptions } from "./run-command.ts";
import { dice, readLabels, writePhantomFiles } from "./small-phantom.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "masklet-package-"));
const app = join(folder, "app");
const home = join(folder, "home");
after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

/** The machine's own Node, which is often older than the checkout's; else the one that runs this. */
function machinesNode(): string {
  const onPath = (process.env["PATH"] ?? "").split(delimiter).filter((place) => !place.includes("node_modules")).map((place) => join(place, "node"));
  const found = ["/usr/bin/node", ...onPath].find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  return found ?? process.execPath;
}
const node = machinesNode();

function homeWithModel(name: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  symlinkSync(join(weightsHome(), "models"), join(path, "models"), "junction");
  return path;
}

const options: CommandOptions = { home, cwd: app, command: [node, join(app, "node_modules", "masklet", "bin", "masklet.js")] };

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}
/** What the checkout has in `models/embedded`; a checkout may have nothing there. */
const boxFolder = join(root, "models", "embedded");
const inBox = existsSync(boxFolder) ? readdirSync(boxFolder).sort() : [];

const packed: { value: Packed | undefined } = { value: undefined };

before(async () => {
  mkdirSync(app);
  writeFileSync(join(app, "package.json"), "{}\n");
  // Packing compiles into dist/, which nothing in a checkout reads: bin/masklet.js prefers the sources.
  const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", folder], { cwd: root, shell: process.platform === "win32" });
  // npm 11 and earlier print a list, later ones an object by name.
  [packed.value] = Object.values(JSON.parse(stdout));
  await run("npm", ["install", "--onnxruntime-node-install=skip", "--no-audit", "--no-fund", "--prefer-offline", join(folder, packed.value!.filename)], { cwd: app, shell: process.platform === "win32" });
}, { timeout: 300_000 });

test("the package holds compiled code, the contract and the papers, and no test", () => {
  const paths = packed.value!.files.map(({ path }) => path);
  const papers = ["LICENSE", "README.md", "CHANGELOG.md", "package.json", "bin/masklet.js", "dist/package.json", "dist/protocol/openapi.yaml"];
  const kernels = "dist/server/classical/kernels/simd/kernels.wasm";
  // What trains networks, for the Python that people have.
  const training = /^dist\/training\/(\w+\.py|requirements\.txt)$/;
  const declarations = paths.filter((path) => path.endsWith(".d.ts"));
  assert.deepEqual(paths.filter((path) => path.startsWith("dist/models/embedded/")).sort(), inBox.map((name) => `dist/models/embedded/${name}`), "the weights in the box, with their scores and their card");
  assert.deepEqual(paths.filter((path) => !papers.includes(path) && path !== kernels && !path.startsWith("dist/models/embedded/") && !training.test(path) && !declarations.includes(path) && !/^dist\/(protocol|models|training|server|client-typescript)\/[\w./-]+\.js$/.test(path)), []);
  assert.deepEqual(declarations.map((path) => path.replace(/^dist\//, "").replace(/\/[^/]+$/, "")).filter((folder) => !["client-typescript", "protocol", "protocol/generated"].includes(folder)), []);
  assert.deepEqual(paths.filter((path) => /test|fixture|phantom|oracle/i.test(path)), []);
  for (const needed of ["LICENSE", "CHANGELOG.md", "bin/masklet.js", "dist/server/cli/main.js", "dist/models/host/child.js", "dist/server/classical/tiles/tile-worker.js", "dist/training/finetune.py", "dist/training/requirements.txt", kernels]) assert.ok(paths.includes(needed), needed);
});

test("the packed command finds what comes in its box, and it works without a download", { timeout: 120_000 }, async () => {
  const file = "masklet-sam2.safetensors";
  useEmbedded(inBox.includes(file) ? "" : standIn());
  try {
    const asked = async (...args: string[]) => {
      const { code, out, err } = await runCommand([...args, "--json"], { ...options, home: join(folder, "home-box") });
      assert.equal(code, 0, out + err);
      return JSON.parse(out);
    };
    const { integrity, embedded } = (await asked("models", "list")).find(({ id }: { id: string }) => id === "masklet-sam2");
    assert.deepEqual([embedded, integrity !== "missing"], [true, true]);
    assert.deepEqual((await asked("models", "verify")).map(({ id }: { id: string }) => id), ["masklet-sam2"]);
  } finally {
    leaveEmbeddedOut();
  }
});

/** A box like the package's, with other weights in it. */
function standIn(): string {
  const box = join(folder, "box");
  mkdirSync(box);
  copyFileSync(smallSam2File, join(box, "masklet-sam2.safetensors"));
  return box;
}

test("compiled code carries no path to a source", () => {
  const wrong = packed.value!.files.filter(({ path }) => path.endsWith(".js"))
    .filter(({ path }) => /from "\.[^"]*\.ts"|import\("\.[^"]*\.ts"\)/.test(readFileSync(join(app, "node_modules", "masklet", path), "utf8")));
  assert.deepEqual(wrong, []);
});

test("its link in node_modules/.bin runs, and says its version", async () => {
  const { stdout } = await run(join(app, "node_modules", ".bin", process.platform === "win32" ? "masklet.cmd" : "masklet"), ["--version"], { cwd: app, shell: process.platform === "win32" });
  assert.equal(stdout, `${JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version}\n`);
});

test("masklet doctor runs, model runtime included", async () => {
  const { code, out, err } = await runCommand(["doctor", "--json", "--server", "http://127.0.0.1:1"], options);
  assert.equal(code, 0, out + err);
  const findings: { what: string; ok: boolean; says: string }[] = JSON.parse(out).findings;
  const says = (what: string) => findings.find((finding) => finding.what === what);
  assert.equal(says("Node")!.says, (await run(node, ["--version"])).stdout.trim().slice(1));
  assert.deepEqual(findings.filter(({ ok, what }) => !ok && !what.startsWith("model mobile-sam")), []);
  assert.match(says("model runtime")!.says, /onnxruntime-node with cpu/);
});

test("masklet serve answers with its health, its contract and a page", () => withCommandServer(options, async (url) => {
  const answer = async (path: string) => JSON.parse(await (await fetch(url + path)).text());
  const health = await answer("/v1/health");
  assert.deepEqual([health.name, health.protocol, health.model], ["masklet", 1, "not-started"]);
  assert.ok("/v1/volumes" in (await answer("/openapi.json")).paths);
  assert.equal((await fetch(`${url}/docs`)).status, 200);
  assert.equal((await fetch(`${url}/v1/models`)).status, 200);
  // Node 20 takes a GET with this header for the beginning of another protocol, once a WebSocket listens.
  assert.equal((await askOfferingTls(`${url}/sam/`, "weights/?type=vit_l")).status, 200);
}));

test("masklet/client follows a run of the packed server, and its types tell right from wrong", { timeout: 120_000 }, () => withCommandServer(options, async (url) => {
  const { raw } = await writePhantomFiles(folder);
  const right = `import { readFile } from "node:fs/promises";
import { connect, MaskletError } from "masklet/client";

const masklet = connect({ url: ${JSON.stringify(url)} });
const { volumeId } = await masklet.upload(await readFile(${JSON.stringify(raw)}), "raw.tif");
const { sessionId } = await masklet.openSession(volumeId);
const { objects } = await masklet.run({ operation: "classical.run", sessionId, params: { recipe: "fds" } });
const failure = await masklet.session("ses-absent").catch((error) => error);
console.log(objects.length > 0, (await masklet.labels(sessionId)).length > 0, failure instanceof MaskletError && failure.code);
`;
  writeFileSync(join(app, "run.mjs"), right);
  assert.equal((await run(node, ["run.mjs"], { cwd: app })).stdout, "true true not_found\n");
  writeFileSync(join(app, "run.mts"), right);
  writeFileSync(join(app, "wrong.mts"), `import { connect } from "masklet/client";\nawait connect().start({ operation: "propagat", sessionId: "s" });\n`);
  const types = join(root, "node_modules", "@types");
  const check = (file: string) => run(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "--noEmit", "--strict", "--target", "es2023", "--module", "nodenext", "--typeRoots", types, "--types", "node", file], { cwd: app });
  await check("run.mts");
  await assert.rejects(check("wrong.mts"), ({ stdout }) => /wrong\.mts\(2,.*"propagat"/.test(stdout));
}));

test("masklet export reads a label image", async () => {
  const labels = join(folder, "labels.tif");
  await writeLabelsTiff(labels, { shape: { t: 1, c: 1, z: 2, y: 3, x: 4 } }, 5, (_t, z) => Uint16Array.of(0, 0, 0, 0, 0, 5, z * 5, 0, 0, 0, 0, 0));
  const csv = join(folder, "m.csv");
  const { code, out, err } = await runCommand(["export", "--labels", labels, "--csv", csv, "--geojson", join(folder, "o.geojson"), "--rois", join(folder, "r.zip"), "--json"], options);
  assert.equal(code, 0, out + err);
  assert.equal(JSON.parse(out).planes, 2);
  assert.match(readFileSync(csv, "utf8"), /\n5,\d+,0,3,/);
});

test("what measures, judges, draws pages and makes training sets comes with it", { timeout: 120_000 }, async () => {
  const { raw, truth, phantom } = await writePhantomFiles(folder);
  const done = async (...args: string[]) => {
    const { code, out, err } = await runCommand([...args, "--json"], options);
    assert.equal(code, 0, out + err);
    return JSON.parse(out);
  };
  const { population } = await done("measure", "--labels", truth, "--image", raw, "--output", join(folder, "shapes.csv"), "--report", join(folder, "shapes.html"));
  assert.equal(population.objects, phantom.objects.length);
  const [page, plots] = [join(folder, "evaluation.html"), join(folder, "plots")];
  const { evaluations } = await done("evaluate", "--truth", truth, "--prediction", truth, "--report", page, "--plots", plots);
  assert.equal(evaluations[0].foreground.dice, 1);
  assert.ok(readFileSync(page, "utf8").includes("<svg"), "the page has a plot");
  assert.equal(readFileSync(join(plots, "scores-by-iou.png")).toString("latin1", 1, 4), "PNG");
  const set = join(folder, "set");
  await done("dataset", "make", "--image", raw, "--labels", truth, "--output", set, "--crops", "4", "--size", "16,16", "--margin", "0", "--splits", "0.5,0.5,0");
  await done("dataset", "check", set);
});

test("masklet segment runs its threads and compiled kernels, on the volume and with the labels of the checkout", { timeout: 120_000 }, async () => {
  const { raw } = await writePhantomFiles(folder);
  const labels = async (name: string, how: CommandOptions): Promise<ArrayLike<number>> => {
    const output = join(folder, `${name}.tif`);
    const { code, out, err } = await runCommand(["segment", "--input", raw, "--output", output, "--chunk", "24", "--json"], how);
    assert.equal(code, 0, out + err);
    assert.ok(JSON.parse(out).objects > 0);
    return (await readLabels(output)).ids;
  };
  assert.deepEqual(await labels("packed", options), await labels("checkout", { home }));
});

test("masklet propagate runs the model in its own process, on one plane", { timeout: 120_000 }, async () => {
  await ensureWeights();
  const modelHome = homeWithModel("home-propagate");
  const { raw, truth, prompts, objectId, z, phantom: { shape: [, height, width] } } = await writePhantomFiles(folder);
  const output = join(folder, "one-plane.tif");
  const { code, out, err } = await runCommand(["propagate", "--input", raw, "--prompts", prompts, "--output", output, "--range", `${z}:${z + 1}`, "--json"], { ...options, home: modelHome });
  assert.equal(code, 0, out + err);
  assert.equal(JSON.parse(out).planes, 1);
  const plane = async (path: string) => Array.from((await readLabels(path)).ids).slice(z * height * width, (z + 1) * height * width);
  const agreement = dice(await plane(output), await plane(truth), objectId);
  assert.ok(agreement > 0.5, `Dice ${agreement.toFixed(3)}`);
});

test("the QuPath SAM extension's pictures are decoded on their thread, and answered", { timeout: 120_000 }, async () => {
  await ensureWeights();
  await withCommandServer({ ...options, home: homeWithModel("home-samapi") }, async (url) => {
    const { status, json, text } = await ask(`${url}/sam/`, "POST", "", { type: "vit_l", bbox: [17, 12, 43, 38], b64img: base64(jpeg(disc(64, 56, { x: 30, y: 25, radius: 11 }))) });
    assert.equal(status, 200, text);
    assert.equal(json[0].properties.sam_model, "mobile-sam");
  });
});
