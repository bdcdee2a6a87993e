// The small SAM 2 that comes with the product, beside SAM 2.1 tiny and mobile-sam, in turns: slices a second of one object and of eight that share a
// window, from rendered pixels to masks and memory; the first click; memory and files. `--weights FILE` names another checkpoint.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Network } from "#models/network.ts";
import { openNetwork } from "#models/open-network.ts";
import { models } from "#models/registry/catalogue.ts";
import { createModelStore } from "#models/registry/store.ts";
import { sam2Weights } from "#models/sam2/weights.ts";
import type { View } from "#models/tracker.ts";
import { smallSam2File } from "../small-sam2.ts";
import { ensureWeights, weightsHome, weightsModel } from "../weights.ts";
import { maskletFile } from "./masklet-models.ts";
import { randomCheckpoint } from "./random-checkpoint.ts";
import { alwaysPresent } from "./sam2-long-run.ts";
import { steadyWays } from "./sam2-planes.ts";
import { discView, encodingOnce, openCompiled, openWeights } from "./sam2-scene.ts";
import { median, timed, type Bench } from "./table.ts";

const [ourSide, tinySide] = [256, 512];
const rounds = 7;
const processes = 3;
const many = 8;

interface Contestant {
  readonly name: string;
  readonly family: "sam1" | "sam2";
  /** Compiled, or as it is installed. */
  readonly folder: string;
  readonly network: Network;
  /** How large what is shipped or downloaded is. */
  readonly shipped: string;
}

export const small: Bench = {
  name: "small",
  async run({ weights, imageSizes: [side = ourSide] = [] } = {}) {
    const folder = await mkdtemp(join(tmpdir(), "masklet-bench-"));
    const threads = availableParallelism();
    const contestants: Contestant[] = [];
    try {
      contestants.push(await ours(weights, side, folder, threads), await tiny(folder, threads), await mobile(threads));
      const view = await discView();
      const one = await inTurns(contestants, view, 1, rounds);
      const eight = await inTurns(contestants, view, many, 3);
      const apart: Alone[][] = contestants.map(() => []);
      for (let turn = 0; turn < processes; turn++) for (const [at, { name, family, folder: files }] of contestants.entries()) {
        process.stderr.write(`  ${name} in a process of its own\n`);
        apart[at]!.push(alone(name, family, files, threads));
      }
      const line = (what: string, of: (at: number) => string): string[] => [what, ...contestants.map((_, at) => of(at))];
      const ms = (values: readonly number[]): string => `${median(values).toFixed(0)} ms`;
      return {
        title: `An object of 40 pixels through its window, ${threads} threads, medians; in the middle of a long run, where SAM 2 has 7 memories and 16 pointers. The tiny network's weights are random`,
        head: ["what", ...contestants.map(({ name }) => name)],
        lines: [
          line("slices/s, one object", (at) => (1000 / median(one[at]!)).toFixed(1)),
          line(`slices/s, ${many} objects in one window`, (at) => `${(1000 / median(eight[at]!)).toFixed(1)} (${((many * 1000) / median(eight[at]!)).toFixed(1)} masks/s)`),
          line("first click: opening and its answer", (at) => ms(apart[at]!.map(({ firstMs }) => firstMs))),
          line("click on another slice", (at) => ms(apart[at]!.flatMap(({ planeMs }) => planeMs))),
          line("click again on a slice", (at) => ms(apart[at]!.flatMap(({ knownMs }) => knownMs))),
          line(`most memory, ${many} objects`, (at) => `${median(apart[at]!.map(({ peakMiB }) => peakMiB)).toFixed(0)} MiB`),
          line("shipped or downloaded", (at) => contestants[at]!.shipped),
          line("installed", (at) => mebibytes(sizeOfFolder(contestants[at]!.folder))),
        ],
      };
    } finally {
      for (const { network } of contestants) await network.close();
      await rm(folder, { recursive: true });
    }
  },
};

async function ours(weights: string | undefined, side: number, folder: string, threads: number): Promise<Contestant> {
  const file = weights ?? (existsSync(maskletFile) ? maskletFile : smallSam2File);
  const { network } = await openCompiled(file, { folder, imageSize: side, threads });
  return { name: `${basename(file, ".safetensors")} at ${side}`, family: "sam2", folder: join(folder, `compiled-${side}`), network, shipped: mebibytes(statSync(file).size) };
}

/** It always says that its object is there, as a random network may not. */
async function tiny(folder: string, threads: number): Promise<Contestant> {
  const compiled = join(folder, "tiny");
  const { network } = await openWeights(alwaysPresent(await sam2Weights(randomCheckpoint("sam2.1-tiny-names.json"), { imageSize: tinySide })), compiled, threads);
  return { name: `SAM 2.1 tiny at ${tinySide}`, family: "sam2", folder: compiled, network, shipped: mebibytes(downloadBytes("sam2.1-tiny")) };
}

async function mobile(threads: number): Promise<Contestant> {
  await ensureWeights();
  const installed = await createModelStore({ home: weightsHome() }).open(weightsModel);
  return { name: `${weightsModel}, projecting`, family: "sam1", folder: installed.folder, network: await openNetwork(installed, { provider: "cpu", threads }), shipped: mebibytes(downloadBytes(weightsModel)) };
}

/** Milliseconds a plane, for each; the first round warms up and is left out. */
async function inTurns(contestants: readonly Contestant[], view: View, objects: number, count: number): Promise<number[][]> {
  const ways = await Promise.all(contestants.map(({ network }) => steadyWays(network, view, objects)));
  const times: number[][] = contestants.map(() => []);
  for (let round = 0; round <= count; round++) {
    process.stderr.write(`  ${objects} objects, round ${round} of ${count}\n`);
    for (const [at, { network }] of contestants.entries()) {
      const { ms } = await timed(async () => {
        const encode = encodingOnce(network);
        const seen = await discView();
        for (const way of ways[at]!) await way.step(seen, encode);
      });
      if (round > 0) times[at]!.push(ms);
    }
  }
  return times;
}

/** Of what is not in the box. */
function downloadBytes(id: string): number {
  const source = models.find((model) => model.id === id)!.source;
  if (source.kind === "embedded") throw new Error(`${id} is not downloaded`);
  return source.kind === "package" ? source.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) : source.sizeBytes;
}

interface Alone {
  readonly firstMs: number;
  readonly planeMs: readonly number[];
  readonly knownMs: readonly number[];
  readonly peakMiB: number;
}

function alone(name: string, family: string, folder: string, threads: number): Alone {
  const { status, stdout } = spawnSync(process.execPath, [fileURLToPath(new URL("./small-peer.ts", import.meta.url)), name, family, folder, String(threads)], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  if (status !== 0) throw new Error(`${name} failed in its own process`);
  return JSON.parse(stdout);
}

function sizeOfFolder(folder: string): number {
  return readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile()).reduce((sum, { name }) => sum + statSync(join(folder, name)).size, 0);
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
