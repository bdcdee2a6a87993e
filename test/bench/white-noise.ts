// Whether a volume shows anything: pictures are smooth, so neighbouring voxels are alike; in white noise they are not.
import type { VolumeSource } from "#server/volumes/source.ts";

/** The real volumes that were looked at have 0.5 and more along their finest axis; one of independent values has 0 +- 0.01. */
const leastCorrelation = 0.05;

/** Pearson's correlation of voxels with their next neighbours along x and y, over all planes; the larger one. */
export async function neighbourCorrelation(source: VolumeSource): Promise<number> {
  const { z: depth, y: height, x: width } = source.shape;
  const along = { x: sums(), y: sums() };
  for (let z = 0; z < depth; z++) {
    const plane = await source.read({ t: 0, c: 0, z: [z, z + 1], y: [0, height], x: [0, width] });
    for (let y = 0, at = 0; y < height; y++) {
      for (let x = 0; x < width; x++, at++) {
        if (x + 1 < width) along.x.add(plane[at]!, plane[at + 1]!);
        if (y + 1 < height) along.y.add(plane[at]!, plane[at + width]!);
      }
    }
  }
  return Math.max(along.x.correlation(), along.y.correlation());
}

export async function isWhiteNoise(source: VolumeSource): Promise<boolean> {
  return (await neighbourCorrelation(source)) < leastCorrelation;
}

function sums() {
  let [count, a, b, aa, bb, ab] = [0, 0, 0, 0, 0, 0];
  return {
    add(one: number, other: number): void {
      count++;
      a += one;
      b += other;
      aa += one * one;
      bb += other * other;
      ab += one * other;
    },
    /** 0 for a volume of one value. */
    correlation(): number {
      const [varianceA, varianceB] = [aa / count - (a / count) ** 2, bb / count - (b / count) ** 2];
      return varianceA > 0 && varianceB > 0 ? (ab / count - (a / count) * (b / count)) / Math.sqrt(varianceA * varianceB) : 0;
    },
  };
}
