// The first pass over both images: shared voxels, every object's box and moments, and which boxes hold objects at all.
import type { LabelReader } from "#server/volumes/label-reader.ts";
import { countContingency, type ContingencyCount } from "./contingency.ts";
import type { CoreBox, CoreGrid } from "./core-boxes.ts";
import { ObjectMoments } from "./object-moments.ts";
import { Pace } from "./pace.ts";

export interface Surveyed {
  readonly count: ContingencyCount;
  readonly truths: ObjectMoments;
  readonly predictions: ObjectMoments;
  /** By box, 1 where a true (a predicted) object has a voxel. */
  readonly occupied: { readonly truth: Uint8Array; readonly prediction: Uint8Array };
}

/** Memory: a box of both images, and what is kept of each object and pair. @param onBox hears each finished box @throws what reading throws, cancelled */
export async function survey(truth: LabelReader, prediction: LabelReader, grid: CoreGrid, onBox: (box: CoreBox) => void, signal?: AbortSignal): Promise<Surveyed> {
  const pace = new Pace(signal);
  const found: Surveyed = {
    count: countContingency(), truths: new ObjectMoments(grid.size), predictions: new ObjectMoments(grid.size),
    occupied: { truth: new Uint8Array(grid.boxes.length), prediction: new Uint8Array(grid.boxes.length) },
  };
  for (const box of grid.boxes) {
    const [a, b] = [await truth.read(box.start, box.end, signal), await prediction.read(box.start, box.end, signal)];
    const voxels = (box.end[1] - box.start[1]) * (box.end[2] - box.start[2]);
    for (let z = box.start[0], at = 0; z < box.end[0]; z++, at += voxels) {
      addPlane(found, box, z, a.subarray(at, at + voxels), b.subarray(at, at + voxels));
      await pace.step();
    }
    onBox(box);
  }
  return found;
}

function addPlane({ count, truths, predictions, occupied }: Surveyed, { nth, start, end }: CoreBox, z: number, a: Uint32Array, b: Uint32Array): void {
  for (let y = start[1], at = 0; y < end[1]; y++) {
    for (let x = start[2]; x < end[2];) {
      const from = x;
      const one = a[at]!;
      const other = b[at]!;
      do {
        x++;
        at++;
      } while (x < end[2] && a[at] === one && b[at] === other);
      const truth = count.truths.of(one);
      const prediction = count.predictions.of(other);
      count.addPair(truth, prediction, x - from);
      if (one > 0) {
        truths.addRun(truth, z, y, from, x);
        occupied.truth[nth] = 1;
      }
      if (other > 0) {
        predictions.addRun(prediction, z, y, from, x);
        occupied.prediction[nth] = 1;
      }
    }
  }
}
