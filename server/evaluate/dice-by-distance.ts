// How the agreement falls off with the distance from the slice that an object was prompted on.
import type { Schema } from "#protocol/types.ts";
import type { LabelReader } from "#server/volumes/label-reader.ts";
import type { CoreBox, CoreGrid } from "./core-boxes.ts";
import { CountTable } from "./count-table.ts";
import { Pace } from "./pace.ts";

/** A true object that was prompted on slices along z, and the prediction it is held against, 0 for none; ids. */
export interface Prompted {
  readonly truth: number;
  readonly prediction: number;
  readonly slices: readonly number[];
}

/** Once more over both images. Memory: a box of both, and three counts for each slice that an object or its prediction is on.
 * @throws what reading throws, cancelled */
export async function diceByDistance(truth: LabelReader, prediction: LabelReader, prompted: readonly Prompted[], grid: CoreGrid, onBox: (box: CoreBox) => void, signal?: AbortSignal): Promise<Schema<"DiceAtDistance">[]> {
  const pace = new Pace(signal);
  // By three a prompted object and z: its voxels, those of its prediction, and those of both.
  const counts = new CountTable();
  const ofTruth = new Map(prompted.map((object, nth) => [object.truth, nth]));
  const ofPrediction = new Map<number, { readonly nth: number; readonly truth: number }[]>();
  for (const [nth, object] of prompted.entries()) {
    if (object.prediction > 0) ofPrediction.set(object.prediction, [...ofPrediction.get(object.prediction) ?? [], { nth, truth: object.truth }]);
  }
  for (const box of grid.boxes) {
    const [a, b] = [await truth.read(box.start, box.end, signal), await prediction.read(box.start, box.end, signal)];
    const voxels = (box.end[1] - box.start[1]) * (box.end[2] - box.start[2]);
    for (let z = box.start[0], at = 0; z < box.end[0]; z++) {
      for (const end = at + voxels; at < end;) {
        const [from, one, other] = [at, a[at]!, b[at]!];
        do at++; while (at < end && a[at] === one && b[at] === other);
        const nth = ofTruth.get(one);
        if (nth !== undefined) counts.add(3 * nth, z, at - from);
        for (const object of ofPrediction.get(other) ?? []) {
          counts.add(3 * object.nth + 1, z, at - from);
          if (object.truth === one) counts.add(3 * object.nth + 2, z, at - from);
        }
      }
      await pace.step();
    }
    onBox(box);
  }
  return averaged(counts, prompted);
}

function averaged(counts: CountTable, prompted: readonly Prompted[]): Schema<"DiceAtDistance">[] {
  const sums = new Map<number, { dice: number; slices: number }>();
  const { first, second } = counts.sorted();
  for (let at = 0; at < first.length; at++) {
    const [nth, kind, z] = [Math.floor(first[at]! / 3), first[at]! % 3, second[at]!];
    // Each slice once: where the true object is, and where its prediction is alone.
    const own = counts.get(3 * nth, z);
    if (kind === 2 || (kind === 1 && own > 0)) continue;
    const distance = Math.min(...prompted[nth]!.slices.map((slice) => Math.abs(z - slice)));
    const sum = sums.get(distance) ?? { dice: 0, slices: 0 };
    sum.dice += (2 * counts.get(3 * nth + 2, z)) / (own + counts.get(3 * nth + 1, z));
    sum.slices++;
    sums.set(distance, sum);
  }
  return [...sums].sort(([a], [b]) => a - b).map(([distance, { dice, slices }]) => ({ distance, dice: dice / slices, slices }));
}
