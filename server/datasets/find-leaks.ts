// Crops of different splits that lie in each other, or near each other, in one source.
import type { Triple } from "#server/volumes/label-reader.ts";
import type { Dataset, DatasetItem } from "./description.ts";
import { finding, type Finding } from "./findings.ts";

/** Closer crops look alike, when a set does not say what it keeps apart by. */
const usualMargin = 8;

/** Turned copies lie where their originals do and are left out. Time: the crops, and those that are near each other. */
export function findLeaks({ items, margin = usualMargin }: Pick<Dataset, "items" | "margin">): Finding[] {
  const findings: Finding[] = [];
  const bySource = new Map<string, DatasetItem[]>();
  for (const item of items) {
    const key = `${item.source} ${item.t}`;
    const crops = bySource.get(key) ?? [];
    bySource.set(key, crops);
    if (item.of === undefined) crops.push(item);
  }
  for (const crops of bySource.values()) {
    for (const [a, b] of neighbours(crops, margin)) {
      if (a.split === b.split) continue;
      const gap = gapOf(a, b);
      const names = `${a.id} (${a.split}) and ${b.id} (${b.split})`;
      if (gap < 0) findings.push(finding("leak_overlap", `${a.id}, ${b.id}`, `${names} share voxels of ${a.source}`));
      else if (gap < margin) findings.push(finding("leak_near", `${a.id}, ${b.id}`, `${names} are ${gap} voxels apart in ${a.source}, and ${margin} are wanted`));
    }
  }
  return findings;
}

/** Voxels between two boxes along the axis that parts them most; below 0 when they share some. */
function gapOf(a: DatasetItem, b: DatasetItem): number {
  return Math.max(...a.start.map((at, axis) => Math.max(b.start[axis]! - at - a.size[axis]!, at - b.start[axis]! - b.size[axis]!)));
}

/** Pairs that may be near, each once: of one cell of a grid, or of neighbouring ones. A cell is as large as the largest crop and the margin. */
function* neighbours(crops: readonly DatasetItem[], margin: number): Generator<readonly [DatasetItem, DatasetItem]> {
  const side = [0, 1, 2].map((axis) => crops.reduce((most, { size }) => Math.max(most, size[axis]!), 1) + margin);
  const cellOf = ({ start }: DatasetItem): Triple => [Math.floor(start[0] / side[0]!), Math.floor(start[1] / side[1]!), Math.floor(start[2] / side[2]!)];
  const cells = new Map<string, DatasetItem[]>();
  for (const item of crops) {
    const [cz, cy, cx] = cellOf(item);
    for (let z = cz - 1; z <= cz + 1; z++) {
      for (let y = cy - 1; y <= cy + 1; y++) {
        for (let x = cx - 1; x <= cx + 1; x++) for (const other of cells.get(`${z} ${y} ${x}`) ?? []) yield [other, item];
      }
    }
    const own = cells.get(`${cz} ${cy} ${cx}`);
    if (own === undefined) cells.set(`${cz} ${cy} ${cx}`, [item]);
    else own.push(item);
  }
}
