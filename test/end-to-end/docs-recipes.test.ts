// The recipes of docs/scripting.md, run as a reader runs them: against the real server with real weights, on a small phantom. Those
// for ImageJ are run beside its other macros (imagej/recipe-tests.ts), where the plugin is built.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import test, { after, before } from "node:test";
import { skipWithout } from "../tools.ts";
import { leaveEmbeddedOut } from "../embedded.ts";
import { ensureWeights, weightsHome } from "../weights.ts";
import { readPage, recipe, repository } from "./docs-page.ts";
import { assertJudged, assertMeasured, assertParticle, assertParticles, recipeScene, type RecipeScene } from "./docs-scene.ts";
import { groovyJars } from "./docs-groovy.ts";
import { runProgram, type Ran } from "./imagej/java-tools.ts";
import { startCommand, type Started } from "./run-command.ts";

leaveEmbeddedOut();

const page = readPage("docs/scripting.md");
const token = "recipes-pass-it-on";
const running: { server?: Started; url: string; scene?: RecipeScene } = { url: "" };

before(async () => {
  await ensureWeights();
  const scene = await recipeScene();
  running.scene = scene;
  const home = join(scene.folder, "home");
  mkdirSync(home);
  symlinkSync(join(weightsHome(), "models"), join(home, "models"), "junction");
  running.server = startCommand(["serve", "--port", "0", "--host", "127.0.0.1"], { home, token });
  [running.url] = await running.server.line(/http:\/\/127\.0\.0\.1:\d+/);
});
after(async () => {
  running.server?.child.kill("SIGTERM");
  await running.server?.ended;
  running.scene?.remove();
});

/** A folder of its own for each language: a result that another left must not speak for it. */
async function inScene(section: string, language: string, program: (file: (name: string) => string, folder: string) => readonly [string, ...string[]], name: string): Promise<{ ran: Ran; scene: RecipeScene }> {
  const scene = await recipeScene();
  const file = join(scene.folder, name);
  writeFileSync(file, scene.fit(recipe(page, section, language), running.url));
  const [command, ...args] = program((other) => join(scene.folder, other), scene.folder);
  const bin = join(scene.folder, "bin");
  mkdirSync(bin);
  symlinkSync(join(repository, "bin", "masklet.js"), join(bin, "masklet"));
  const env = { MASKLET_TOKEN: token, MASKLET_HOME: join(running.scene!.folder, "command-home"), PATH: `${bin}${delimiter}${process.env["PATH"]}` };
  return { ran: await runProgram(command, [...args, file], { timeoutMs: 400_000, env, cwd: scene.folder }), scene };
}

function textOf({ folder }: RecipeScene, name: string): string {
  return readFileSync(join(folder, name), "utf8");
}

async function assertAll(scene: RecipeScene): Promise<void> {
  await assertParticle(scene, "labels.tif", 1);
  await assertParticles(scene, "fds-labels.tif");
  for (const name of ["a", "b"]) await assertParticle(scene, `scans/${name}-labels.tif`, scene.files.objectId);
}

test("no block of the page is left out", () => {
  const ran = [["curl", "bash"], ["Python", "python"], ["A macro in Fiji or ImageJ", "ijm"], ["Groovy", "groovy"], ["TypeScript", "ts"], ["The command line", "bash"]];
  assert.deepEqual([...new Set(page.blocks.map(({ section, language }) => `${section} ${language}`))], ran.map((pair) => pair.join(" ")));
});

test("curl", { skip: skipWithout("curl"), timeout: 420_000 }, async () => {
  const { ran, scene } = await inScene("curl", "bash", () => ["bash"], "recipe.sh");
  try {
    assert.equal(ran.code, 0, ran.output);
    await assertAll(scene);
    await assertMeasured(scene, "measurements.csv", "labels.tif");
    for (const name of ["a", "b"]) await assertMeasured(scene, `scans/${name}.csv`, `scans/${name}-labels.tif`);
    await assertMeasured(scene, "shapes.csv", "labels.tif");
    assert.match(textOf(scene, "shapes.html"), /<\/html>\s*$/);
    await assertJudged(scene, JSON.parse(textOf(scene, "evaluation.json")).evaluations[0].foreground.dice, "labels.tif");
    for (const name of ["rois.zip", "objects.geojson"]) assert.ok(existsSync(join(scene.folder, name)), name);
  } finally {
    scene.remove();
  }
});

test("Python", { skip: skipWithout("python3"), timeout: 420_000 }, async () => {
  const { ran, scene } = await inScene("Python", "python", () => ["python3"], "recipe.py");
  try {
    assert.equal(ran.code, 0, ran.output);
    assert.match(ran.output, /^\d+ slices\n1 \d+ voxels, score 0\.\d+\nDice 0\.\d+, F1 \d\.\d+ and PQ \d\.\d+ at an IoU of 0\.5\n1 [\d.]+ um\^3, \w+ flatness [\d.]+\n\d+ particles;/);
    await assertAll(scene);
    await assertJudged(scene, JSON.parse(textOf(scene, "evaluation.json")).foreground.dice, "labels.tif");
    assert.deepEqual(JSON.parse(textOf(scene, "measures.json")).objects.map((body: { objectId: number }) => body.objectId), [1]);
    for (const name of ["a", "b"]) await assertMeasured(scene, `scans/${name}.csv`, `scans/${name}-labels.tif`);
  } finally {
    scene.remove();
  }
});

test("Groovy", { skip: skipWithout("java", "mvn"), timeout: 420_000 }, async () => {
  const jars = await groovyJars();
  const { ran, scene } = await inScene("Groovy", "groovy", (file) => {
    writeFileSync(file("scans/c.tif"), "not a TIFF");
    return ["java", "-cp", jars, "groovy.ui.GroovyMain"];
  }, "recipe.groovy");
  try {
    assert.notEqual(ran.code, 0, "a scan that is no TIFF ends the run");
    assert.match(ran.output, /^a\.tif: 2 lines of measurements\nb\.tif: 2 lines of measurements\n[^]*tiff_invalid: /);
    for (const name of ["a", "b"]) {
      await assertParticle(scene, `scans/${name}-labels.tif`, scene.files.objectId);
      await assertMeasured(scene, `scans/${name}.csv`, `scans/${name}-labels.tif`);
      assert.ok(existsSync(join(scene.folder, "scans", `${name}.geojson`)));
    }
  } finally {
    scene.remove();
  }
});

test("TypeScript runs, and its types hold, those of the client's README too", { timeout: 420_000 }, async () => {
  const { ran, scene } = await inScene("TypeScript", "ts", (file, folder) => {
    // As npm installs it, but for the sources in the place of what is compiled of them.
    const client = join(repository, "client-typescript", "client.ts");
    mkdirSync(join(folder, "node_modules", "masklet"), { recursive: true });
    writeFileSync(file("node_modules/masklet/package.json"), JSON.stringify({ name: "masklet", type: "module", exports: { "./client": "./client.ts" } }));
    symlinkSync(client, file("node_modules/masklet/client.ts"));
    writeFileSync(file("package.json"), JSON.stringify({ type: "module" }));
    const node = { types: ["node"], typeRoots: [join(repository, "node_modules", "@types")], paths: { "masklet/client": [client] } };
    writeFileSync(file("tsconfig.json"), JSON.stringify({ extends: join(repository, "tsconfig.json"), compilerOptions: node, include: ["recipe.ts", "readme.ts"] }));
    writeFileSync(file("readme.ts"), recipe(readPage("client-typescript/README.md"), "client-typescript", "ts"));
    return [process.execPath];
  }, "recipe.ts");
  try {
    assert.equal(ran.code, 0, ran.output);
    assert.match(ran.output, /of \d+\n\d+ slices by mobile-sam\n/);
    await assertAll(scene);
    await assertMeasured(scene, "measurements.csv", "labels.tif");
    assert.ok(existsSync(join(scene.folder, "rois.zip")));
    await assertMeasured(scene, "shapes.csv", "labels.tif");
    await assertJudged(scene, JSON.parse(textOf(scene, "evaluation.json")).foreground.dice, "labels.tif");
    for (const name of ["shapes.html", "session.html"]) assert.match(textOf(scene, name), /<\/html>\s*$/);
    const types = await runProgram(process.execPath, [join(repository, "node_modules/typescript/bin/tsc"), "-p", scene.folder], { timeoutMs: 100_000 });
    assert.equal(types.code, 0, types.output);
  } finally {
    scene.remove();
  }
});

test("the command line", { timeout: 420_000 }, async () => {
  mkdirSync(join(running.scene!.folder, "command-home"));
  symlinkSync(join(weightsHome(), "models"), join(running.scene!.folder, "command-home", "models"), "junction");
  const { ran, scene } = await inScene("The command line", "bash", () => ["bash", "-e"], "recipe.sh");
  try {
    assert.equal(ran.code, 0, ran.output);
    await assertParticle(scene, "cli-labels.tif", scene.files.objectId);
    await assertMeasured(scene, "cli.csv", "cli-labels.tif");
    await assertParticles(scene, "cli-fds-labels.tif");
    await assertMeasured(scene, "cli-shapes.csv", "cli-labels.tif");
    const judged: { evaluations: { foreground: { dice: number } }[] } = JSON.parse(textOf(scene, "cli-evaluation.json"));
    for (const [nth, name] of ["cli-labels.tif", "cli-fds-labels.tif"].entries()) await assertJudged(scene, judged.evaluations[nth]!.foreground.dice, name);
  } finally {
    scene.remove();
  }
});
