// The table of which part may import which, held against the code. Change the table and this test together, and say why.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { sourceFiles, type SourceFile } from "./source-files.ts";

/** Part -> parts it may import. A file's part is the longest of these that its path starts with. */
const mayImport: Record<string, readonly string[]> = {
  protocol: [],
  models: ["protocol"],
  // What learns begins with a checkpoint that models knows.
  training: ["protocol", "models"],
  "server/volumes": ["protocol"],
  // Pure kernels, open to whoever computes on voxels; recipes, tiles and threads are the folder above.
  "server/classical/kernels": ["protocol"],
  "server/classical": ["protocol", "server/classical/kernels"],
  "server/jobs": ["protocol"],
  // Label images are read block by block.
  "server/measure": ["protocol", "server/classical/kernels", "server/volumes"],
  // Shapes of objects are those that are measured; distances come from the kernels.
  "server/evaluate": ["protocol", "server/classical/kernels", "server/volumes", "server/measure"],
  // The contact sheet and the masks from labels read planes; labels.tif is assembled from masks by segmentation's rule.
  "server/exports": ["protocol", "server/volumes", "server/measure"],
  // Pictures read planes, and objects have in them the colours that they have in every export.
  "server/reports": ["protocol", "server/volumes", "server/exports"],
  "server/sessions": ["protocol", "server/volumes"],
  "server/segmentation": ["protocol", "models", "server/volumes", "server/classical", "server/classical/kernels"],
  "server/operations": ["protocol", "models", "server/volumes", "server/classical", "server/jobs", "server/measure", "server/evaluate", "server/exports", "server/reports", "server/sessions", "server/segmentation"],
  // PNG and JPEG, for another server's routes and for training sets.
  "server/pictures": ["protocol", "server/volumes"],
  // Crops are read from volumes and written as label TIFFs; masks become label planes, and the grey range is the view's, by segmentation's rules.
  "server/datasets": ["protocol", "server/volumes", "server/pictures", "server/exports", "server/segmentation"],
  "server/transport": ["protocol", "server/jobs", "server/operations"],
  // Another server's routes: pictures become volumes in memory, that segmentation looks at and no session keeps; weights become models.
  "server/samapi": ["protocol", "models", "server/volumes", "server/pictures", "server/exports", "server/segmentation", "server/operations"],
  // What a script knows of a server is its contract: the errors, and the types made of openapi.yaml.
  "client-typescript": ["protocol"],
  // Lays the jar out for the ImageJ Updater, as a script of its own.
  "client-fiji/update-site": ["protocol"],
  // The app and the command line put the parts together.
  "server/app": ["protocol", "models", "server"],
  "server/cli": ["protocol", "models", "training", "server"],
};
mayImport["server"] = mayImport["server/app"]!;

/** Dependency -> the only folder that imports it. */
const home: Record<string, string> = {
  "onnxruntime-node": "models/runtime",
  pacote: "models/registry",
  yauzl: "models/checkpoints",
  ajv: "protocol",
  yaml: "protocol",
  geotiff: "server/volumes",
  zarrita: "server/volumes",
  "@itk-wasm/morphological-contour-interpolation": "server/classical/kernels",
  "jpeg-js": "server/pictures",
  quickhull3d: "server/measure",
  vega: "server/reports",
  "@napi-rs/canvas": "server/reports",
  express: "server/transport",
  ws: "server/transport",
};

const files = sourceFiles(["protocol", "models", "training", "server", "client-typescript", "client-fiji/update-site"]).filter(({ path }) => !path.endsWith(".test.ts") && !path.includes("/generated/"));
const partOf = (path: string) => Object.keys(mayImport).filter((part) => path === `${part}.ts` || path.startsWith(`${part}/`) || path.startsWith(`${part}.`)).sort((a, b) => b.length - a.length)[0]!;

test("imports point the way the table says", () => {
  const wrong: string[] = [];
  for (const { path, imports } of files) {
    for (const target of imports.filter(({ ours }) => ours)) {
      const [from, to] = [partOf(path), partOf(target.path)];
      if (from !== to && !mayImport[from]!.some((allowed) => to === allowed || to.startsWith(`${allowed}/`))) wrong.push(`${path} -> ${target.path}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test("no cycles, not even of types", () => {
  const graph = new Map(files.map(({ path, imports }) => [path, imports.filter(({ ours }) => ours).map((target) => target.path)]));
  const done = new Set<string>();
  const visit = (path: string, trail: string[]): void => {
    assert.ok(!trail.includes(path), `cycle: ${[...trail, path].join(" -> ")}`);
    if (done.has(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
});

test("a folder deeper than a domain is private to it", () => {
  const wrong = files.flatMap(({ path, imports }) => imports.filter((target) => {
    if (!target.ours || partOf(path) === partOf(target.path) || partOf(path) === "server/app" || partOf(path) === "server") return false;
    const inside = target.path.slice(partOf(target.path).length + 1);
    return partOf(target.path) !== "models" && partOf(target.path) !== "server" && inside.includes("/") && !inside.startsWith("generated/");
  }).map((target) => `${path} -> ${target.path}`));
  assert.deepEqual(wrong, []);
});

test("across domains paths are #protocol, #models, #training, #server; inside one they are relative", () => {
  const wrong = files.flatMap(({ path, imports }) => imports.filter(({ ours, written, path: target }) => {
    if (!ours) return false;
    const sameTop = partOf(path) === partOf(target) || (path.startsWith("server/operations") && target.startsWith("server/operations"));
    return sameTop ? written.startsWith("#") : written.startsWith(".") && !/^server\/[^/]+\.ts$/.test(path) && !/^server\/[^/]+\.ts$/.test(target);
  }).map(({ written }) => `${path}: ${written}`));
  assert.deepEqual(wrong, []);
});

test("a dependency is imported in one folder", () => {
  const wrong = files.flatMap(({ path, imports }) => imports.filter(({ ours, written }) => {
    const name = Object.keys(home).find((dependency) => written === dependency || written.startsWith(`${dependency}/`));
    return !ours && name !== undefined && !path.startsWith(`${home[name]!}/`);
  }).map(({ written }) => `${path} imports ${written}`));
  assert.deepEqual(wrong, []);
});

test("every dependency has its line of reason in CONTRIBUTING.md", () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync("package.json", "utf8"));
  const text = readFileSync("CONTRIBUTING.md", "utf8");
  assert.deepEqual(Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !text.includes(`\`${name}\``)), []);
});

test("files are short, well named, and say nothing forbidden", () => {
  const wrong: string[] = [];
  const check = (bad: boolean, file: SourceFile, why: string) => {
    if (bad) wrong.push(`${file.path}: ${why}`);
  };
  for (const file of files) {
    const name = file.path.split("/").at(-1)!;
    check(file.lines > 400, file, `${file.lines} lines`);
    check(!/^[a-z0-9]+(-[a-z0-9]+)*\.ts$/.test(name), file, "not in kebab-case");
    check(/^(index|utils?|helpers?|common|misc|.*-?manager)\.ts$/.test(name), file, "a name that says nothing");
    check(/^let /m.test(file.code), file, "a `let` at module level");
    check(/export default/.test(file.code), file, "a default export");
    check(/\bas any\b|: any\b|@ts-ignore/.test(file.code), file, "any");
    check(/throw new (Type|Syntax)?Error\(/.test(file.code), file, "a bare Error");
    check(/catch( \(\w+\))? \{\s*\}/.test(file.code), file, "an empty catch");
    check(/^\s*(enum|namespace) /m.test(file.code), file, "an enum or namespace");
  }
  assert.deepEqual(wrong, []);
});

test("each domain has a README of at most 60 lines", () => {
  const parts = Object.keys(mayImport).filter((part) => !["server/app", "server/operations", "server"].includes(part));
  for (const part of parts) {
    const text = readFileSync(`${part}/README.md`, "utf8");
    assert.ok(text.split("\n").length <= 61, `${part}/README.md is too long`);
  }
});
