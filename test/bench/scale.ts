// A volume that does not fit into memory, end to end: an OME-Zarr is made, segmented by the command, killed once in the middle, and
// gone on with. Asked for by name only: `npm run bench -- scale --side 1500`.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { mirroredPhantom } from "./mirrored-phantom.ts";
import type { Bench, BenchOptions, Table } from "./table.ts";

const chunk = 128;
/** Less than the fifteen bytes a voxel that a run in memory is let take, so that small volumes go through scratch files as large ones do. */
const memoryFor = (side: number): string => `${Math.min(2048, Math.max(64, Math.floor((10 * side ** 3) / 2 ** 20)))}M`;
/** The scan that the recipe was made for. */
const scanVoxels = 2160 * 2500 * 2500;

export const scale: Bench = {
  name: "scale",
  unready: () => "scale is left out: it takes long; ask for it by its name",
  run: async (options?: BenchOptions): Promise<Table> => {
    const side = options?.side ?? 500;
    const folder = mkdtempSync(join(tmpdir(), "masklet-scale-"));
    try {
      makeZarr(join(folder, "scan.zarr"), side);
      process.stderr.write(`  made ${side}^3\n`);
      const first = await segment(folder, memoryFor(side), 0);
      const second = await segment(folder, memoryFor(side), Infinity);
      const seconds = first.seconds + second.seconds;
      const speed = side ** 3 / 1e6 / seconds;
      const { objects } = JSON.parse(second.out);
      return {
        title: `FDS on an OME-Zarr of ${side}^3 voxels of 8 bits, --memory ${memoryFor(side)}, killed once and gone on with`, head: ["what", "value"],
        lines: [
          ["objects", `${objects}`],
          ["time, both parts", `${seconds.toFixed(0)} s (killed after ${first.seconds.toFixed(0)} s)`],
          ["million voxels a second", speed.toFixed(2)],
          ["peak memory of the process", `${Math.max(first.peakMiB, second.peakMiB).toFixed(0)} MiB`],
          ["largest scratch", `${(Math.max(first.scratchBytes, second.scratchBytes) / 2 ** 30).toFixed(1)} GiB`],
          ["2160 x 2500 x 2500, extrapolated by voxels", `${(scanVoxels / 1e6 / speed / 60).toFixed(0)} min`],
        ],
      };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** Zarr v3, no codec: chunks are files of raw bytes. */
function makeZarr(path: string, side: number): void {
  const phantom = mirroredPhantom();
  const count = Math.ceil(side / chunk);
  const array = { zarr_format: 3, node_type: "array", shape: [side, side, side], data_type: "uint8", chunk_grid: { name: "regular", configuration: { chunk_shape: [chunk, chunk, chunk] } }, chunk_key_encoding: { name: "default", configuration: { separator: "/" } }, fill_value: 0, codecs: [{ name: "bytes" }], attributes: {}, dimension_names: ["z", "y", "x"] };
  const axes = ["z", "y", "x"].map((name) => ({ name, type: "space", unit: "nanometer" }));
  const multiscales = [{ name: "scan", axes, datasets: [{ path: "0", coordinateTransformations: [{ type: "scale", scale: [60, 60, 60] }] }] }];
  mkdirSync(join(path, "0"), { recursive: true });
  writeFileSync(join(path, "zarr.json"), JSON.stringify({ zarr_format: 3, node_type: "group", attributes: { ome: { version: "0.5", multiscales } } }));
  writeFileSync(join(path, "0", "zarr.json"), JSON.stringify(array));
  for (let z = 0; z < count; z++) {
    for (let y = 0; y < count; y++) {
      mkdirSync(join(path, "0", "c", `${z}`, `${y}`), { recursive: true });
      // Whole chunks, also where the volume ends in one: what lies beyond is not read.
      for (let x = 0; x < count; x++) writeFileSync(join(path, "0", "c", `${z}`, `${y}`, `${x}`), phantom.read([z * chunk, y * chunk, x * chunk], [(z + 1) * chunk, (y + 1) * chunk, (x + 1) * chunk]));
    }
  }
}

interface Part {
  readonly out: string;
  readonly seconds: number;
  readonly peakMiB: number;
  readonly scratchBytes: number;
}

/** @param whole 0: killed as soon as it splits; else to its end */
async function segment(folder: string, memory: string, whole: number): Promise<Part> {
  const main = fileURLToPath(new URL("../../server/cli/main.ts", import.meta.url));
  const start = performance.now();
  const child = spawn(process.execPath, [main, "segment", "--input", join(folder, "scan.zarr"), "--recipe", "fds", "--memory", memory, "--output", join(folder, "labels.zarr"), "--json"], { env: { ...process.env, MASKLET_HOME: join(folder, "home") }, stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  let said = "";
  child.stdout.on("data", (text) => { out += text; });
  child.stderr.on("data", (text) => {
    said += text;
    process.stderr.write(text);
    if (whole === 0 && said.includes("split:")) child.kill("SIGKILL");
  });
  let peakMiB = 0;
  let scratchBytes = 0;
  const look = setInterval(() => {
    peakMiB = Math.max(peakMiB, peakOf(child.pid!));
    scratchBytes = Math.max(scratchBytes, bytesIn(join(folder, "home")));
  }, 500);
  const code = await new Promise<number | null>((ended) => child.on("close", ended));
  clearInterval(look);
  if (whole !== 0 && code !== 0) throw new Error(`segment ended with ${code}: ${out}${said.slice(-2000)}`);
  return { out, seconds: (performance.now() - start) / 1000, peakMiB, scratchBytes };
}

/** Linux only; elsewhere 0. */
function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  } catch {
    return 0; // it has just ended
  }
}

/** Of the disk, which sparse files take less of than they are long. */
function bytesIn(folder: string): number {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).reduce((sum, entry) => sum + 512 * statSync(join(entry.parentPath, entry.name)).blocks, 0);
  } catch {
    return 0; // a file was removed meanwhile
  }
}
