// The classical steps, and the recipe FDS as a whole, beside SciPy, scikit-image, SimpleITK, cc3d and edt on the same volumes, by turns.
// Without a Python that has them ours stand alone.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { basinsOf } from "#server/classical/kernels/basins.ts";
import { labelComponents } from "#server/classical/kernels/components.ts";
import { distanceMap, squaredDistanceMap } from "#server/classical/kernels/distance-map.ts";
import { fillHoles } from "#server/classical/kernels/fill-holes.ts";
import { laplacianOfGaussian } from "#server/classical/kernels/laplacian-of-gaussian.ts";
import { medianFilter } from "#server/classical/kernels/median.ts";
import { mergeBasins } from "#server/classical/kernels/merge-basins.ts";
import { close } from "#server/classical/kernels/morphology.ts";
import type { Size3, Voxels } from "#server/classical/kernels/size3.ts";
import { gaussianSmooth } from "#server/classical/kernels/smooth.ts";
import { mirroredPhantom } from "./mirrored-phantom.ts";
import { openPythonPeer } from "./python-peer.ts";
import type { PythonPeer } from "./python-peer.ts";
import { median } from "./table.ts";
import type { Bench, BenchOptions, Table } from "./table.ts";

/** Large volumes once: the peers take minutes for them. */
const timesAt = (side: number): number => (side > 256 ? 1 : 3);

type Work = (values: Voxels, size: Size3) => unknown;
const isMask = (values: Voxels): Uint8Array => (values instanceof Uint8Array ? values : new Uint8Array(0));

/** What is timed: the scene's volume it is given, ours, and who else does it. */
const works: readonly { readonly work: string; readonly on: "raw" | "float" | "mask"; readonly ours: Work; readonly peers: readonly string[] }[] = [
  { work: "gaussian", on: "float", ours: (values, size) => gaussianSmooth(values, size, 1), peers: ["scipy", "ITK"] },
  { work: "laplacian", on: "float", ours: (values, size) => laplacianOfGaussian(values, size, 1.4), peers: ["scipy"] },
  { work: "median", on: "raw", ours: (values, size) => medianFilter(values, size, 1), peers: ["scipy", "ITK"] },
  { work: "median", on: "float", ours: (values, size) => medianFilter(values, size, 1), peers: ["scipy", "ITK"] },
  { work: "close", on: "mask", ours: (values, size) => close(values, size, 1), peers: ["scipy"] },
  { work: "components-6", on: "mask", ours: (values, size) => labelComponents(isMask(values), size, 6), peers: ["cc3d", "ITK", "scipy"] },
  { work: "components-26", on: "mask", ours: (values, size) => labelComponents(isMask(values), size, 26), peers: ["cc3d", "ITK", "scipy"] },
  { work: "holes", on: "mask", ours: (values, size) => fillHoles(isMask(values), size), peers: ["scipy"] },
  { work: "distance", on: "mask", ours: (values, size) => squaredDistanceMap(isMask(values), size, [1, 1, 1]), peers: ["edt", "ITK", "scipy"] },
  { work: "split", on: "mask", ours: (values, size) => splitWhole(isMask(values), size), peers: ["scikit-image"] },
];

/** The edt split of the recipe on one thread and one array: distance, Gaussian, basins, h. */
function splitWhole(inside: Uint8Array, size: Size3): Uint32Array {
  const map = gaussianSmooth(distanceMap(inside, size, [1, 1, 1]), size, 1);
  const found = basinsOf({ map, inside, size, coreStart: [0, 0, 0], coreSize: size, bins: { from: Infinity, step: Infinity, count: 1 } });
  const [a, b] = [found.edges.a.map((at) => at - 1), found.edges.b.map((at) => at - 1)];
  const edges = { a, b, saddle: found.edges.saddle, low: Float64Array.from(a, (at, edge) => Math.min(at, b[edge]!)), high: Float64Array.from(a, (at, edge) => Math.max(at, b[edge]!)) };
  const objectOf = mergeBasins({ peak: found.peak, heights: found.heights, seed: found.seed, edges }, { rule: "depth", depth: 0.75 });
  return found.labels.map((label) => (label === 0 ? 0 : objectOf[label - 1]! + 1));
}

export const classical: Bench = {
  name: "classical",
  run: async (options?: BenchOptions): Promise<Table> => {
    const side = options?.side ?? 256;
    const folder = mkdtempSync(join(tmpdir(), "masklet-bench-"));
    const peer = openPeer();
    try {
      const lines: string[][] = [];
      for (const [scene, raw] of scenes(side)) {
        const volumes = volumesOf(raw, side);
        for (const [name, values] of Object.entries(volumes)) writeFileSync(join(folder, `${scene}-${name}`), values);
        for (const { work, on, ours, peers } of works) lines.push(...await compare(`${work}, ${on === "mask" ? "mask" : on === "raw" ? "uint8" : "float32"}, ${scene}`, on, work, ours, peers, { volumes, side, folder, scene, peer }));
      }
      lines.push(...await recipes(folder, side, peer));
      return { title: `Million voxels a second at ${side}^3, one thread unless said, medians; the ratio is ours by theirs`, head: ["what", "ours", "beside", "theirs", "ratio"], lines };
    } finally {
      peer?.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

type Peer = PythonPeer<{ peer: string; work: string; file: string; dtype: string; side: number }, { readonly ms: number; readonly peakMiB: number }>;

interface Setting {
  readonly volumes: Readonly<Record<"raw" | "float" | "mask", Voxels>>;
  readonly side: number;
  readonly folder: string;
  readonly scene: string;
  readonly peer: Peer | undefined;
}

async function compare(what: string, on: "raw" | "float" | "mask", work: string, ours: Work, peers: readonly string[], { volumes, side, folder, scene, peer }: Setting): Promise<string[][]> {
  const values = volumes[on];
  const size: Size3 = [side, side, side];
  const own: number[] = [];
  const others = peers.map((name): { name: string; speeds: number[] } => ({ name, speeds: [] }));
  ours(values.slice(0, 64 * 64 * 64), [64, 64, 64]);
  for (let turn = 0; turn < timesAt(side); turn++) {
    const start = performance.now();
    ours(values, size);
    own.push(values.length / 1e3 / (performance.now() - start));
    for (const { name, speeds } of others) {
      const answer = await peer?.ask({ peer: name, work, file: join(folder, `${scene}-${on}`), dtype: on === "float" ? "float32" : "uint8", side });
      if (answer !== undefined) speeds.push(values.length / 1e3 / answer.ms);
    }
  }
  const measured = others.filter(({ speeds }) => speeds.length > 0);
  process.stderr.write(`  ${what}: ${short(median(own))}; ${measured.map(({ name, speeds }) => `${name} ${short(median(speeds))}`).join(", ")}\n`);
  if (measured.length === 0) return [[what, short(median(own)), "", "", ""]];
  return measured.map(({ name, speeds }, nth) => [nth === 0 ? what : "", nth === 0 ? short(median(own)) : "", name, short(median(speeds)), `${short(median(own) / median(speeds))} x`]);
}

/** The whole recipe, each run in a process of its own, for its memory. */
async function recipes(folder: string, side: number, peer: Peer | undefined): Promise<string[][]> {
  const lines: string[][] = [];
  const child = fileURLToPath(new URL("./classical-recipe.ts", import.meta.url));
  for (const split of ["edt", "ridge", "plates"]) {
    const other = peer === undefined || split === "plates" ? undefined : await freshPeer((fresh) => fresh.ask({ peer: "scipy and scikit-image", work: `fds-${split}`, file: join(folder, "platelets-raw"), dtype: "uint8", side }));
    for (const threads of [1, 2]) {
      const { stdout } = spawnSync(process.execPath, [child, join(folder, "platelets-raw"), `${side}`, split, `${threads}`], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
      const { ms, peakMiB } = JSON.parse(stdout);
      const own = side ** 3 / 1e3 / ms;
      const theirs = other === undefined ? undefined : side ** 3 / 1e3 / other.ms;
      lines.push([`recipe fds, split ${split}, ${threads} ${threads === 1 ? "thread" : "threads"}`, `${short(own)} (${peakMiB.toFixed(0)} MiB)`, theirs === undefined ? "" : "scipy and scikit-image", theirs === undefined ? "" : `${short(theirs)} (${other!.peakMiB.toFixed(0)} MiB)`, theirs === undefined ? "" : `${short(own / theirs)} x`]);
      process.stderr.write(`  ${lines.at(-1)!.join(" | ")}\n`);
    }
  }
  return lines;
}

async function freshPeer<T>(use: (peer: Peer) => Promise<T>): Promise<T | undefined> {
  const peer = openPeer();
  if (peer === undefined) return undefined;
  return use(peer).finally(() => peer.close());
}

function* scenes(side: number): Generator<[string, Uint8Array]> {
  yield ["platelets", mirroredPhantom().read([0, 0, 0], [side, side, side])];
  // Dense grains: smooth noise of which a threshold takes about 60 %.
  const size: Size3 = [side, side, side];
  const noise = new Uint8Array(side ** 3);
  let state = 1;
  for (let at = 0; at < noise.length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    noise[at] = state >>> 24;
  }
  const smooth = gaussianSmooth(noise, size, 4);
  yield ["grains", Uint8Array.from(smooth, (value) => Math.min(255, Math.max(0, Math.round((value - 127) * 25 + 140))))];
}

function volumesOf(raw: Uint8Array, side: number): Setting["volumes"] {
  const smooth = medianFilter(raw, [side, side, side], 1);
  const sorted = smooth.slice(0, 1e6).sort();
  const middle = sorted[sorted.length >> 1]!;
  // Platelets are darker than what they lie in; in the grains 60 % are solid.
  const isSparse = sorted[Math.floor(sorted.length * 0.99)]! - middle < middle - sorted[Math.floor(sorted.length * 0.01)]!;
  const level = isSparse ? middle - 20 : sorted[Math.floor(sorted.length * 0.4)]!;
  return { raw, float: Float32Array.from(raw), mask: smooth.map((value) => ((isSparse ? value < level : value >= level) ? 1 : 0)) };
}

function short(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function openPeer(): Peer | undefined {
  return openPythonPeer("classical/bench_peer.py", "1");
}
