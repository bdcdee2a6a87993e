// Volumes with true labels: phantoms from seeds. Those of files are opened by quality-folder.ts and made-scenes.ts.
import type { Spacing } from "#protocol/types.ts";
import type { VoxelReader } from "#server/classical/contract.ts";
import type { Size3 } from "#server/classical/kernels/size3.ts";
import { regionReader } from "#server/segmentation/region-reader.ts";
import { openVolume } from "#server/volumes/open-volume.ts";
import type { Pixels, VolumeSource } from "#server/volumes/source.ts";
import { makePhantom, type PhantomOptions } from "../../fixtures/make/phantom.ts";
import { arraySource } from "./array-source.ts";

/** One volume, open while it is worked on. */
export interface Scene {
  readonly name: string;
  /** What its objects are. */
  readonly kind: string;
  readonly source: VolumeSource;
  readonly reader: VoxelReader;
  /** `[z, y, x]` ids, 0 = ground. */
  readonly truth: ArrayLike<number>;
}

/** Scenes that are averaged into one line of a table. */
export interface SceneGroup {
  readonly name: string;
  /** How many scenes it opens. */
  readonly scenes: number;
  /** Recipes are made for solids: elsewhere they only stand beside masklets. */
  readonly forRecipes: boolean;
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
    name, scenes: seeds.length, forRecipes: true,
    open: async function* () {
      for (const seed of seeds) {
        const { raw, labels, shape } = makePhantom({ ...options, seed });
        const source = arraySource({ name: `${name}, seed ${seed}`, voxels: raw, size: shape });
        yield { name: source.name, kind: "platelets", source, reader: wholeReader(source), truth: labels };
      }
    },
  }));
}

export function wholeReader(source: VolumeSource): VoxelReader {
  return regionReader(source, {}, { start: [0, 0, 0], end: [source.shape.z, source.shape.y, source.shape.x] });
}

export interface PairOfFiles {
  readonly name: string;
  readonly kind: string;
  readonly image: string;
  readonly labels: string;
  /** Sides in micrometres of data whose files do not state them. */
  readonly spacing: Size3 | undefined;
}

/** Read whole. @throws where the two are not of one shape */
export async function openPair({ name, kind, image, labels, spacing }: PairOfFiles): Promise<Scene> {
  const [grey, truth] = [await readWhole(image), await readWhole(labels)];
  if (grey.size.join() !== truth.size.join()) throw new Error(`${image} and ${labels} are not of one shape`);
  const sides = spacing === undefined ? undefined : { z: spacing[0], y: spacing[1], x: spacing[2] };
  const source = arraySource({ name, voxels: grey.voxels, size: grey.size, spacing: grey.spacing ?? sides });
  return { name, kind, source, reader: wholeReader(source), truth: truth.voxels };
}

async function readWhole(path: string): Promise<{ readonly voxels: Pixels; readonly size: Size3; readonly spacing: Spacing | undefined }> {
  const source = await openVolume(path);
  try {
    const { z, y, x } = source.shape;
    return { voxels: await source.read({ t: 0, c: 0, z: [0, z], y: [0, y], x: [0, x] }), size: [z, y, x], spacing: source.spacing };
  } finally {
    await source.close();
  }
}
