// Reading Zarr: 64 MiB of noisy uint16 in chunks of 64^3, whole and as tiles with a halo, beside the same chunks without a codec; and writing labels.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as zarrita from "zarrita";
import { writeLabelsZarr } from "#server/exports/labels-zarr.ts";
import { openVolume } from "#server/volumes/open-volume.ts";
import type { VolumeSource } from "#server/volumes/source.ts";
import { seededRandom } from "../../fixtures/make/seeded-random.ts";
import type { Bench, Row } from "./table.ts";

const size = [128, 512, 512] as const;
const rounds = 3;

export const zarr: Bench = {
  name: "zarr",
  async run() {
    const folder = await mkdtemp(join(tmpdir(), "masklet-bench-zarr-"));
    try {
      const random = seededRandom(1);
      const noise = Float32Array.from({ length: 4099 }, () => 60 * random.normal());
      const voxels = Uint16Array.from({ length: size[0] * size[1] * size[2] }, (_, at) => 20_000 + 8000 * Math.sin(at / 40) * Math.sin(at / 9000) + noise[at % 4099]!);
      const codecs = {
        none: [], zstd: [{ name: "zstd", configuration: { level: 3, checksum: false } }],
        "blosc-lz4": [{ name: "blosc", configuration: { cname: "lz4", clevel: 5, shuffle: "shuffle", typesize: 2, blocksize: 0 } }],
      };
      const rows: Row[] = [];
      const whole: Record<string, number[]> = {};
      const tiles: Record<string, number[]> = {};
      for (const [name, chain] of Object.entries(codecs)) {
        const path = join(folder, name);
        const array = await zarrita.create(storeOf(path), { shape: [...size], chunkShape: [64, 64, 64], dtype: "uint16", codecs: [{ name: "bytes", configuration: { endian: "little" } }, ...chain] });
        await zarrita.set(array, null, { data: voxels, shape: [...size], stride: [size[1] * size[2], size[2], 1] });
        whole[name] = await measured(path, (volume) => volume.read({ t: 0, c: 0, z: [0, size[0]], y: [0, size[1]], x: [0, size[2]] }));
        tiles[name] = await measured(path, readTiles);
      }
      for (const name of ["zstd", "blosc-lz4"]) {
        for (const [what, found] of [["whole", whole], ["tiles of 128 with a halo of 12", tiles]] as const) {
          rows.push({ bench: "zarr", unit: "MiB/s", measured: { what: `${name}, ${what}`, values: found[name]! }, reference: { what: "no codec", values: found["none"]! } });
        }
      }
      const written: number[] = [];
      for (let round = 0; round < rounds; round++) {
        const start = performance.now();
        await writeLabelsZarr(join(folder, "labels"), { size, name: "labels" }, async ({ z, y, x }) => {
          const labels = new Uint32Array((z[1] - z[0]) * (y[1] - y[0]) * (x[1] - x[0]));
          for (let at = 0; at < labels.length; at++) labels[at] = (at & 31) < 24 ? 1 + (at >> 9) : 0;
          return labels;
        });
        written.push((4 * voxels.length) / 2 ** 20 / ((performance.now() - start) / 1000));
      }
      rows.push({ bench: "zarr", unit: "MiB/s", measured: { what: "labels.zarr written, with its pyramid", values: written } });
      return rows;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** MiB of the volume in a second, each time with an empty cache. */
async function measured(path: string, read: (volume: VolumeSource) => Promise<unknown>): Promise<number[]> {
  const found: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const volume = await openVolume(path);
    const start = performance.now();
    await read(volume);
    found.push((2 * size[0] * size[1] * size[2]) / 2 ** 20 / ((performance.now() - start) / 1000));
    await volume.close();
  }
  return found;
}

async function readTiles(volume: VolumeSource): Promise<void> {
  const range = (at: number, side: number): readonly [number, number] => [Math.max(0, at - 12), Math.min(side, at + 140)];
  for (let z = 0; z < size[0]; z += 128) {
    for (let y = 0; y < size[1]; y += 128) for (let x = 0; x < size[2]; x += 128) await volume.read({ t: 0, c: 0, z: range(z, size[0]), y: range(y, size[1]), x: range(x, size[2]) });
  }
}

function storeOf(root: string): { get(key: `/${string}`): Promise<Uint8Array | undefined>; set(key: `/${string}`, bytes: Uint8Array): Promise<void> } {
  return {
    get: (key) => readFile(join(root, key)).catch(() => undefined),
    async set(key, bytes) {
      mkdirSync(dirname(join(root, key)), { recursive: true });
      writeFileSync(join(root, key), bytes);
    },
  };
}
