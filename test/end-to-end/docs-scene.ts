// What the recipes of docs/scripting.md find in the folder they run in, and what they must leave there.
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dice, readLabels, writePhantomFiles, type PhantomFiles } from "./small-phantom.ts";

export interface RecipeScene {
  readonly folder: string;
  readonly files: PhantomFiles;
  /** A recipe as it stands on the page, made for this folder and server. @param url http */
  fit(text: string, url: string): string;
  remove(): void;
}

/** vol.tif, and scans/a.tif and b.tif with their prompts. */
export async function recipeScene(): Promise<RecipeScene> {
  const folder = mkdtempSync(join(tmpdir(), "masklet-recipes-"));
  const scans = join(folder, "scans");
  mkdirSync(scans);
  const files = await writePhantomFiles(folder);
  for (const copy of [join(folder, "vol.tif"), join(scans, "a.tif"), join(scans, "b.tif")]) copyFileSync(files.raw, copy);
  for (const name of ["a.json", "b.json"]) copyFileSync(files.prompts, join(scans, name));
  return {
    folder, files,
    fit: (text, url) => text.replaceAll("http://127.0.0.1:8000", url).replaceAll("ws://127.0.0.1:8000", url.replace("http", "ws")).replaceAll("/data/", `${folder}/`),
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** The particle that the box on the page lies on was found: on the page it is object 1, in the prompts files it has its own number. */
export async function assertParticle({ folder, files }: RecipeScene, name: string, id: number): Promise<void> {
  const found = await readLabels(join(folder, name));
  const truth = await readLabels(files.truth);
  assert.deepEqual(found.shape, truth.shape);
  assert.deepEqual([...new Set(Array.from(found.ids))].sort(), [0, id], "no other object");
  const agreement = dice(Array.from(found.ids, (value) => Number(value === id)), Array.from(truth.ids, (value) => Number(value === files.objectId)), 1);
  assert.ok(agreement > 0.5, `${name}: Dice ${agreement.toFixed(3)}`);
}

/** `fds` found particles that lie on true ones. */
export async function assertParticles({ folder, files }: RecipeScene, name: string): Promise<void> {
  const found = await readLabels(join(folder, name));
  const truth = await readLabels(files.truth);
  const agreement = dice(Array.from(found.ids, (value) => Number(value > 0)), Array.from(truth.ids, (value) => Number(value > 0)), 1);
  assert.ok(agreement > 0.5, `${name}: Dice of all particles ${agreement.toFixed(3)}`);
}

/** The table has one line for each object, with as many voxels as the label image. */
export async function assertMeasured({ folder }: RecipeScene, table: string, labels: string): Promise<void> {
  const { ids } = await readLabels(join(folder, labels));
  const [head, ...rows] = readFileSync(join(folder, table), "utf8").trim().split("\n");
  assert.match(head!, /^object_id,cluster_id,t,voxels,volume_um3,/);
  assert.deepEqual(rows.map((row) => row.split(",")).map(([id, , , voxels]) => [Number(id), Number(voxels)]),
    [...new Set(Array.from(ids))].filter((id) => id > 0).sort((a, b) => a - b).map((id) => [id, Array.from(ids).filter((value) => value === id).length]));
}

/** The score is that of all voxels counted one by one. @param dice as it was told */
export async function assertJudged({ folder, files }: RecipeScene, told: number, labels: string): Promise<void> {
  const [found, truth] = [await readLabels(join(folder, labels)), await readLabels(files.truth)];
  const agreement = dice(Array.from(found.ids, (value) => Number(value > 0)), Array.from(truth.ids, (value) => Number(value > 0)), 1);
  assert.ok(Math.abs(told - agreement) < 1e-3, `${told} was told, ${agreement} is so`);
}
