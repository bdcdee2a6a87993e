// The stacks of a folder that have true labels beside them. Single planes are left out, and so is what shows nothing, by name.
import { existsSync, globSync } from "node:fs";
import { join } from "node:path";
import type { Size3 } from "#server/classical/kernels/size3.ts";
import { openVolume } from "#server/volumes/open-volume.ts";
import { openPair, type PairOfFiles, type SceneGroup } from "./quality-scenes.ts";
import { isWhiteNoise } from "./white-noise.ts";

/** What stands in for "raw" in the names of the true labels that lie beside: `raw.tif` and `labels.tif`, `raw/a.tif` and `gt/a.tif`, ... */
const partners: readonly (readonly [raw: RegExp, truth: string])[] = [
  [/raw(?=\.tif$)/, "labels"], [/raw(?=[\\/][^\\/]+\.tif$)/, "gt"], [/img(?=[^\\/]*\.tif$)/, "mask"],
];

/** Published voxel sides in micrometres of open data whose files do not state them. */
const publishedSpacing: readonly (readonly [path: RegExp, spacing: Size3])[] = [
  [/bbbc050/, [1.75, 0.8, 0.8]], [/plantseg-ovule/, [0.2837, 0.1266, 0.1266]],
];

export interface FolderScenes {
  /** One for each folder in the folder; files that lie in it directly are each their own. */
  readonly groups: readonly SceneGroup[];
  /** Volumes with labels that nothing can be seen in. */
  readonly notScored: readonly string[];
}

export async function folderScenes(folder: string): Promise<FolderScenes> {
  const pairs = new Map<string, PairOfFiles[]>();
  const notScored: string[] = [];
  for (const path of globSync("**/*.tif", { cwd: folder }).map((found) => found.replaceAll("\\", "/")).sort()) {
    const truth = partners.filter(([raw]) => raw.test(path)).map(([raw, name]) => path.replace(raw, name)).find((other) => other !== path && existsSync(join(folder, other)));
    if (truth === undefined) continue;
    const looked = await look(join(folder, path));
    if (looked === "flat") continue;
    if (looked === "noise") notScored.push(path);
    else {
      const group = path.includes("/") ? path.slice(0, path.indexOf("/")) : path;
      const spacing = publishedSpacing.find(([of]) => of.test(path))?.[1];
      pairs.set(group, [...(pairs.get(group) ?? []), { name: path, kind: group, image: join(folder, path), labels: join(folder, truth), spacing }]);
    }
  }
  const groups = [...pairs].map(([name, files]): SceneGroup => ({
    name, scenes: files.length, forRecipes: true,
    open: async function* () {
      for (const pair of files) yield await openPair(pair);
    },
  }));
  return { groups, notScored };
}

async function look(path: string): Promise<"flat" | "noise" | "picture"> {
  const source = await openVolume(path);
  try {
    if (source.shape.z < 2) return "flat";
    return (await isWhiteNoise(source)) ? "noise" : "picture";
  } finally {
    await source.close();
  }
}
