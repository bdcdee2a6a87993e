// Does one task. Runs in a thread of its own; tests call it as it is.
import { extremesOf } from "#server/classical/kernels/extremes.ts";
import type { Extremes } from "#server/classical/kernels/extremes.ts";
import { countInto, emptyHistogram } from "#server/classical/kernels/histogram.ts";
import type { Histogram } from "#server/classical/kernels/histogram.ts";
import { finishDistanceInto, squaredDistanceInPlanes } from "#server/classical/kernels/distance-map.ts";
import { paintPartInto } from "#server/classical/kernels/run-facts.ts";
import { keepSummits } from "#server/classical/kernels/summits.ts";
import { arrayLike, cropped, grown, sizeOf, voxelsIn } from "./box3.ts";
import type { VoxelArray } from "./box3.ts";
import { evaluate, evaluateFloat, evaluateMask } from "./field.ts";
import type { FieldSources } from "./field.ts";
import { basinPiece, componentPiece, componentRunsOf, componentsOf, pieceOf } from "./label-chunk.ts";
import { levelPiece } from "./level-chunk.ts";
import { columnMedians } from "#server/classical/kernels/rings.ts";
import type { BasinPiece, ComponentPiece, FactsAnswer, LevelPiece, TileTask } from "./tile-task.ts";
import type { Size3, Voxels } from "#server/classical/kernels/size3.ts";
import type { Box3 } from "../contract.ts";

export interface TaskSources extends FieldSources {
  write(store: string, box: Box3, values: VoxelArray): void;
}

/** What each kind of task answers. */
export interface TaskAnswers {
  readonly extremes: Extremes;
  readonly histogram: Histogram;
  readonly summits: Histogram;
  readonly "column-medians": Float32Array;
  /** Values that are not 0. */
  readonly write: number;
  readonly components: ComponentPiece;
  readonly keep: number;
  readonly level: LevelPiece;
  readonly paint: FactsAnswer;
  readonly basins: BasinPiece;
  readonly "plane-distances": number;
  readonly "column-distances": number;
  readonly rewrite: FactsAnswer;
  readonly values: VoxelArray;
}

export function runTask(task: TileTask, sources: TaskSources): TaskAnswers[TileTask["kind"]] {
  switch (task.kind) {
    case "extremes": return extremesOf(grey(evaluate(task.field, task.box, sources)), task.count);
    case "histogram": {
      const histogram = emptyHistogram(task.bins);
      const over = task.over === undefined ? undefined : evaluateMask(task.over, task.box, sources);
      // Where nothing is looked at, nothing need be computed.
      if (over === undefined || over.some((value) => value !== 0)) countInto(histogram, grey(evaluate(task.field, task.box, sources)), over);
      return histogram;
    }
    case "summits": {
      const block = grown(task.box, [1, 1, 1], sources.size);
      const histogram = emptyHistogram(task.bins);
      const map = evaluateFloat(task.field, block, sources);
      const summits = cropped(keepSummits(map, sizeOf(block)), block, task.box);
      countInto(histogram, cropped(map, block, task.box), summits);
      return histogram;
    }
    case "column-medians": return columnMedians(...everyNth(grey(evaluate(task.field, task.box, sources)), sizeOf(task.box), task.every));
    case "write": {
      const values = evaluate(task.field, task.box, sources);
      sources.write(task.store, task.box, values);
      return present(values);
    }
    case "components": {
      const { piece, labels } = componentPiece(task, sources);
      if (task.store !== undefined) sources.write(task.store, task.box, labels());
      return piece;
    }
    case "keep": {
      const { size, part, runs } = componentRunsOf(task.of, sources);
      const out = new Uint8Array(voxelsIn(task.of.box));
      if (task.fill) out.fill(1);
      paintPartInto(out, runs, size, part, task.kept);
      const limits = task.limits === undefined ? undefined : evaluateMask(task.limits, task.of.box, sources);
      if (limits !== undefined) for (let at = 0; at < out.length; at++) if (limits[at] === 0) out[at] = 0;
      sources.write(task.store, task.of.box, out);
      return present(out);
    }
    case "level": return levelPiece(task, sources);
    case "paint": {
      const whole = new Uint32Array(voxelsIn(task.box));
      for (const { inside, labels } of task.levels) {
        const { block, labels: own } = componentsOf({ kind: "components", box: task.box, inside, connectivity: 26 }, sources);
        const core = cropped(own, block, task.box);
        for (let at = 0; at < core.length; at++) if (core[at] !== 0 && labels[core[at]! - 1] !== 0) whole[at] = labels[core[at]! - 1]!;
      }
      const { facts, small } = numberedIn(task.box, whole, sources);
      sources.write(task.store, task.box, small);
      return facts;
    }
    case "basins": {
      const { piece, labels } = basinPiece(task, sources);
      sources.write(task.store, task.box, labels);
      return piece;
    }
    case "plane-distances": {
      sources.write(task.store, task.box, squaredDistanceInPlanes(evaluateMask(task.inside, task.box, sources), sizeOf(task.box), task.spacing));
      return voxelsIn(task.box);
    }
    case "column-distances": {
      const map = new Float32Array(evaluateFloat(task.of, task.box, sources));
      finishDistanceInto(map, sizeOf(task.box), task.spacing[0]);
      for (let at = 0; at < map.length; at++) map[at] = Math.sqrt(map[at]!);
      sources.write(task.store, task.box, map);
      return voxelsIn(task.box);
    }
    case "rewrite": {
      const { facts, small } = numberedIn(task.box, evaluate(task.labels, task.box, sources), sources);
      sources.write(task.store, task.box, small);
      return facts;
    }
    case "values": return evaluate(task.field, task.box, sources);
  }
}

/** Every n-th plane along z. */
function everyNth(values: Voxels, [depth, height, width]: Size3, every: number): [Voxels, Size3] {
  if (every === 1) return [values, [depth, height, width]];
  const plane = height * width;
  const planes = Math.ceil(depth / every);
  const out = arrayLike(values, planes * plane);
  for (let nth = 0; nth < planes; nth++) out.set(values.subarray(nth * every * plane, (nth * every + 1) * plane), nth * plane);
  return [out, [planes, height, width]];
}

function grey(values: VoxelArray): Voxels {
  return values instanceof Uint32Array ? new Float32Array(values) : values;
}

function present(values: VoxelArray): number {
  let count = 0;
  for (let at = 0; at < values.length; at++) count += Number(values[at] !== 0);
  return count;
}

/** Labels of the volume, numbered 1, 2, ... in the order they come in the box. */
function numberedIn(box: Box3, values: VoxelArray, sources: FieldSources): { facts: FactsAnswer; small: Uint32Array } {
  const numbers = new Map<number, number>();
  const small = new Uint32Array(values.length);
  for (let at = 0; at < values.length; at++) {
    const label = values[at]!;
    if (label === 0) continue;
    let number = numbers.get(label);
    if (number === undefined) {
      number = numbers.size + 1;
      numbers.set(label, number);
    }
    small[at] = number;
  }
  return { facts: { ...pieceOf(small, box, numbers.size, sources.size), labels: Uint32Array.from(numbers.keys()) }, small };
}
