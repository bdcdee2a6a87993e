// Volumes with true labels: phantoms from seeds, and the stacks of a folder that have them.
import { existsSync, globSync } from "node:fs";
import { join } from "node:path";
import type { VoxelReader } from "#server/classical/contract.ts";
import type { Size3 } from "#server/classical/kernels/size3.ts";
import { regionReader } from "#server/segmentation/region-reader.ts";
import { openVolume } from "#server/volumes/open-volume.ts";
import { makePhantom, type PhantomOptions } from "../../fixtures/make/phantom.ts";

/** One volume, held in memory while it is worked on. */
export interface Scene {
  readonly name: string;
  readonly reader: VoxelReader;
  readonly truth: ArrayLike<number>;
}

/** Scenes that are averaged into one line of the table. */
export interface SceneGroup {
  readonly name: string;
  open(): AsyncGenerator<Scene>;
}

const phantoms: Readonly<Record<string, Partial<PhantomOptions>>> = {
  "platelets in suspension": { shape: [64, 144, 160], particles: 28, stacked: 5, leaning: 5, radius: [9, 20] },
  "platelets face to face": { shape: [64, 144, 160], particles: 60, stacked: 48, leaning: 4, radius: [9, 20], gap: 0.5 },
};
/** Others than those that recipes are tuned on by custom, which count from 1. */
const seeds = [11, 12, 13];

export function phantomScenes(): SceneGroup[] {
  return Object.entries(phantoms).map(([name, options]) => ({
    name: `${name} (${seeds.length} phantoms)`,
    open: async function* () {
      for (const seed of seeds) {
        const { raw, labels, shape } = makePhantom({ ...options, seed });
        yield { name: `${name}, seed ${seed}`, reader: arrayReader(raw, shape), truth: labels };
      }
    },
  }));
}

/** What stands in for "raw" in the names of the true labels that lie beside: `raw.tif` and `labels.tif`, `raw/a.tif` and `gt/a.tif`, ... */
const partners: readonly (readonly [raw: RegExp, truth: string])[] = [
  [/raw(?=\.tif$)/, "labels"], [/raw(?=[\\/][^\\/]+\.tif$)/, "gt"], [/img(?=[^\\/]*\.tif$)/, "mask"],
];

/** Published voxel sides in micrometres of open data whose files do not state them. */
const publishedSpacing: readonly (readonly [path: RegExp, spacing: Size3])[] = [
  [/bbbc050/, [1.75, 0.8, 0.8]], [/plantseg-ovule/, [0.2837, 0.1266, 0.1266]],
];

/** The stacks in a folder and its subfolders that have true labels; single planes are left out. */
export async function folderScenes(folder: string): Promise<SceneGroup[]> {
  const found: SceneGroup[] = [];
  for (const path of globSync("**/*.tif", { cwd: folder }).sort()) {
    const truth = partners.filter(([raw]) => raw.test(path)).map(([raw, name]) => path.replace(raw, name)).find((other) => other !== path && existsSync(join(folder, other)));
    if (truth === undefined || (await depthOf(join(folder, path))) < 2) continue;
    found.push({ name: path.replaceAll("\\", "/"), open: () => openPair(folder, path, truth) });
  }
  return found;
}

async function depthOf(path: string): Promise<number> {
  const source = await openVolume(path);
  await source.close();
  return source.shape.z;
}

async function* openPair(folder: string, path: string, truthPath: string): AsyncGenerator<Scene> {
  const [source, truth] = [await openVolume(join(folder, path)), await openVolume(join(folder, truthPath))];
  const { z, y, x } = truth.shape;
  const reader = regionReader(source, {}, { start: [0, 0, 0], end: [source.shape.z, source.shape.y, source.shape.x] });
  const spacing = reader.spacing ?? publishedSpacing.find(([of]) => of.test(path))?.[1];
  try {
    yield { name: path, reader: { ...reader, spacing }, truth: await truth.read({ t: 0, c: 0, z: [0, z], y: [0, y], x: [0, x] }) };
  } finally {
    await source.close();
    await truth.close();
  }
}

function arrayReader(voxels: Uint16Array, size: Size3): VoxelReader {
  return {
    size, dtype: "uint16", spacing: undefined,
    read: ({ start, end }) => {
      const [depth, height, width] = [end[0] - start[0], end[1] - start[1], end[2] - start[2]];
      const box = new Uint16Array(depth * height * width);
      for (let z = 0; z < depth; z++) {
        for (let y = 0; y < height; y++) {
          const from = ((start[0] + z) * size[1] + start[1] + y) * size[2] + start[2];
          box.set(voxels.subarray(from, from + width), (z * height + y) * width);
        }
      }
      return Promise.resolve(box);
    },
  };
}
