// The measures of a label image beside scikit-image's regionprops_table on the same volume, by turns. Ours always gives everything, surfaces,
// contacts, clusters and smallest Feret diameters included, which the peer has not; the peer is asked for what both have.
// Without a Python that has it ours stand alone.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { measureLabels } from "#server/measure/measure-labels.ts";
import type { Triple } from "#server/volumes/label-reader.ts";
import { makePhantom } from "../../fixtures/make/phantom.ts";
import { median } from "./table.ts";
import { openPythonPeer } from "./python-peer.ts";
import type { Bench, BenchOptions, Table } from "./table.ts";

const block = 128;
const simple = ["label", "area", "centroid", "bbox", "inertia_tensor", "inertia_tensor_eigvals", "intensity_mean", "intensity_std", "intensity_min", "intensity_max"];
const sets = [
  { what: "all of them", properties: [...simple, "area_convex", "solidity", "feret_diameter_max"] },
  { what: "those without a hull", properties: simple },
] as const;

export const measure: Bench = {
  name: "measure",
  run: async (options?: BenchOptions): Promise<Table> => {
    const side = options?.side ?? 512;
    const { ids, values } = volumeOf(side);
    const folder = mkdtempSync(join(tmpdir(), "masklet-bench-"));
    const files = { labels: join(folder, "labels"), image: join(folder, "image") };
    writeFileSync(files.labels, ids);
    writeFileSync(files.image, values);
    const peer = openPythonPeer<{ labels: string; image: string; side: number; properties: readonly string[] }, { readonly ms: number; readonly peakMiB: number }>("measure/bench_peer.py");
    try {
      const own: number[] = [];
      const lines: string[][] = [];
      let objects = 0;
      for (const { what, properties } of sets) {
        const theirs: number[] = [];
        let peakMiB = 0;
        // The hulls take the peer minutes.
        for (let turn = 0; turn < (what === "all of them" ? 1 : 3); turn++) {
          const start = performance.now();
          objects = (await measureLabels(readers(ids, values, side))).objects.length;
          own.push(performance.now() - start);
          const answer = await peer?.ask({ ...files, side, properties });
          if (answer === undefined) continue;
          theirs.push(answer.ms);
          peakMiB = answer.peakMiB;
        }
        process.stderr.write(`  ${what}: ours ${seconds(median(own))}${theirs.length === 0 ? "" : `, scikit-image ${seconds(median(theirs))}`}\n`);
        lines.push([what, seconds(median(own)), ...(theirs.length === 0 ? ["", "", ""] : [seconds(median(theirs)), `${peakMiB.toFixed(0)} MiB`, `${(median(theirs) / median(own)).toFixed(1)} x`])]);
      }
      return { title: `Measures of ${objects} objects in ${side}^3 voxels; ours always gives all`, head: ["what scikit-image measures", "ours", "scikit-image", "its memory", "ratio"], lines };
    } finally {
      peer?.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** One phantom, mirrored from block to block; each block's platelets have ids of their own. */
function volumeOf(side: number): { readonly ids: Uint32Array; readonly values: Uint8Array } {
  const { raw, labels } = makePhantom({ shape: [block, block, block], particles: 90, radius: [9, 20], stacked: 24, leaning: 16, seed: 21 });
  const most = labels.reduce((largest, id) => Math.max(largest, id), 0);
  const mirrored = (at: number): number => (Math.floor(at / block) % 2 === 0 ? at % block : block - 1 - (at % block));
  const blocks = Math.ceil(side / block);
  const [ids, values] = [new Uint32Array(side ** 3), new Uint8Array(side ** 3)];
  for (let z = 0, to = 0; z < side; z++) {
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++, to++) {
        const from = (mirrored(z) * block + mirrored(y)) * block + mirrored(x);
        values[to] = raw[from]! >> 8;
        if (labels[from] !== 0) ids[to] = labels[from]! + most * ((Math.floor(z / block) * blocks + Math.floor(y / block)) * blocks + Math.floor(x / block));
      }
    }
  }
  return { ids, values };
}

/** Whole rows, as the pass asks for them. */
function readers(ids: Uint32Array, values: Uint8Array, side: number) {
  const size: Triple = [side, side, side];
  const rows = (start: Triple, end: Triple): [number, number] => [(start[0] * side + start[1]) * side, ((end[0] - 1) * side + end[1]) * side];
  return {
    labels: { name: "labels", size, spacing: undefined, read: async (start: Triple, end: Triple) => ids.slice(...rows(start, end)) },
    image: { name: "image", size, spacing: undefined, read: async (start: Triple, end: Triple) => values.slice(...rows(start, end)) },
  };
}

function seconds(ms: number): string {
  return `${(ms / 1e3).toFixed(2)} s`;
}
