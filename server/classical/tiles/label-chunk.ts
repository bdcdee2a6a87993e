// Components and basins of one chunk, with the planes by which neighbouring chunks are joined.
import { basinsOf } from "#server/classical/kernels/basins.ts";
import { componentRuns, labelComponents } from "#server/classical/kernels/components.ts";
import type { ComponentRuns } from "#server/classical/kernels/components.ts";
import { labelFacts } from "#server/classical/kernels/label-facts.ts";
import type { LabelFacts } from "#server/classical/kernels/label-facts.ts";
import { runFacts, runLabels } from "#server/classical/kernels/run-facts.ts";
import type { BlockPart } from "#server/classical/kernels/run-facts.ts";
import type { Size3 } from "#server/classical/kernels/size3.ts";
import type { Box3 } from "../contract.ts";
import { cropped, grown, sizeOf, voxelsIn } from "./box3.ts";
import { evaluate, evaluateFloat, evaluateMask } from "./field.ts";
import type { FieldSources } from "./field.ts";
import { groupBasins } from "./group-basins.ts";
import { lowerPlanes, upperPlanes } from "./chunk-planes.ts";
import type { BasinPiece, BasinsTask, ComponentPiece, ComponentsTask, LabelPiece } from "./tile-task.ts";

/** One voxel more on the lower sides: any two neighbours of any two chunks meet in one of these blocks. */
function blockOf({ start, end }: Box3): Box3 {
  return { start: [Math.max(0, start[0] - 1), Math.max(0, start[1] - 1), Math.max(0, start[2] - 1)], end };
}

/** The chunk within a block around it. */
function partOf({ start, end }: Box3, block: Box3): BlockPart {
  const within = (place: Size3): Size3 => [place[0] - block.start[0], place[1] - block.start[1], place[2] - block.start[2]];
  return { start: within(start), end: within(end) };
}

/** Components of a chunk and the voxels before it. The same task always gives the same labels. */
export function componentsOf(task: ComponentsTask, sources: FieldSources): { block: Box3; labels: Uint32Array; count: number; inside: Uint8Array } {
  const block = blockOf(task.box);
  const inside = evaluateMask(task.inside, block, sources);
  return { block, inside, ...labelComponents(inside, sizeOf(block), task.connectivity) };
}

/** As `componentsOf`, as runs; `part` is where the chunk lies in the block. */
export function componentRunsOf(task: ComponentsTask, sources: FieldSources): { size: Size3; part: BlockPart; runs: ComponentRuns; inside: Uint8Array } {
  const block = blockOf(task.box);
  const inside = evaluateMask(task.inside, block, sources);
  const size = sizeOf(block);
  return { size, inside, part: partOf(task.box, block), runs: componentRuns(inside, size, task.connectivity) };
}

/** `labels` paints the chunk's own labels. */
export function componentPiece(task: ComponentsTask, sources: FieldSources): { piece: ComponentPiece; labels: () => Uint32Array } {
  const { size, part, runs, inside } = componentRunsOf(task, sources);
  const { box } = task;
  const { start, end } = part;
  const has = (axis: 0 | 1 | 2): boolean => start[axis] > 0;
  const labels = (from: Size3, to: Size3): Uint32Array => runLabels(runs, size, { start: from, end: to });
  const lower: ComponentPiece["lower"] = [
    has(0) ? labels([0, 0, 0], [1, end[1], end[2]]) : new Uint32Array(0),
    has(1) ? labels([start[0], 0, 0], [end[0], 1, end[2]]) : new Uint32Array(0),
    has(2) ? labels([start[0], start[1], 0], [end[0], end[1], 1]) : new Uint32Array(0),
  ];
  const upper: ComponentPiece["upper"] = [
    labels([end[0] - 1, start[1], start[2]], end),
    labels([start[0], end[1] - 1, start[2]], end),
    labels([start[0], start[1], end[2] - 1], end),
  ];
  const facts = inVolume(runFacts(runs, size, part), box, sources.size);
  return { piece: { count: runs.count, ...facts, strong: strongOf(runs, size, inside), upper, lower }, labels: () => runLabels(runs, size, part) };
}

/** 1 for components with a value of 2. */
function strongOf({ bounds, rows, labels, count }: ComponentRuns, [depth, height, width]: Size3, inside: Uint8Array): Uint8Array {
  const strong = new Uint8Array(count);
  if (!inside.includes(2)) return strong;
  for (let row = 0, first = 0; row < depth * height; row++, first += width) {
    for (let run = rows[row]!; run < rows[row + 1]!; run++) {
      for (let at = first + bounds[2 * run]!; at < first + bounds[2 * run + 1]!; at++) if (inside[at] === 2) strong[labels[run]! - 1] = 1;
    }
  }
  return strong;
}

export function basinPiece(task: BasinsTask, sources: FieldSources): { piece: BasinPiece; labels: Uint32Array } {
  const { box } = task;
  const block = grown(box, [1, 1, 1], sources.size);
  const inside = evaluateMask(task.inside, block, sources);
  // The map costs much more than the mask, and most of a volume is often empty.
  const empty = !inside.includes(1);
  const map = empty ? new Float32Array(inside.length) : evaluateFloat(task.map, block, sources);
  const seeds = task.seeds === undefined || empty ? undefined : asLabels(evaluate(task.seeds, block, sources));
  const coreStart: Size3 = [box.start[0] - block.start[0], box.start[1] - block.start[1], box.start[2] - block.start[2]];
  const found = basinsOf({ map, inside, seeds, size: sizeOf(block), coreStart, coreSize: sizeOf(box), bins: task.bins });
  const summit = inVolumePlaces(found.summit, block, sources.size);
  const { labels, count, ...groups } = groupBasins(found, summit, sources.size, task);
  const seams = ([0, 1, 2] as const).map((axis) => seamOf(axis, map, inside, block, box));
  return { piece: { ...pieceOf(labels, box, count, sources.size), ...groups, faces: { lower: lowerPlanes(labels, box), upper: upperPlanes(labels, box) }, seams }, labels };
}

function asLabels(values: ReturnType<typeof evaluate>): Uint32Array {
  return values instanceof Uint32Array ? values : new Uint32Array(values);
}

/** Facts of labels over a box, with indices of the volume. */
export function pieceOf(labels: Uint32Array, box: Box3, count: number, size: Size3): LabelPiece {
  return { count, ...inVolume(labelFacts(labels, sizeOf(box), count), box, size) };
}

function inVolume({ voxels, first, box: bounds }: LabelFacts, box: Box3, size: Size3): Omit<LabelPiece, "count"> {
  for (let at = 0; at < bounds.length; at++) bounds[at]! += box.start[at % 3]!;
  return { voxels, first: inVolumePlaces(first, box, size), bounds };
}

/** Places in a box as places in the volume. */
function inVolumePlaces(places: Uint32Array, { start, end }: Box3, size: Size3): Float64Array {
  const [height, width] = [end[1] - start[1], end[2] - start[2]];
  const out = new Float64Array(places.length);
  for (let nth = 0; nth < places.length; nth++) {
    const at = places[nth]!;
    const row = Math.floor(at / width);
    const z = Math.floor(row / height);
    out[nth] = ((z + start[0]) * size[1] + row - z * height + start[1]) * size[2] + at - row * width + start[2];
  }
  return out;
}

/** Saddles between the chunk's last plane along an axis and the plane behind it; empty at the volume's end. */
function seamOf(axis: 0 | 1 | 2, map: Float32Array, inside: Uint8Array, block: Box3, { start, end }: Box3): Float32Array {
  if (block.end[axis] === end[axis]) return new Float32Array(0);
  const moved = (place: Size3, to: number): Size3 => [axis === 0 ? to : place[0], axis === 1 ? to : place[1], axis === 2 ? to : place[2]];
  const last: Box3 = { start: moved(start, end[axis] - 1), end };
  const behind: Box3 = { start: moved(start, end[axis]), end: moved(end, end[axis] + 1) };
  const saddles = new Float32Array(voxelsIn(last));
  const [a, b] = [cropped(map, block, last), cropped(map, block, behind)];
  const [hasA, hasB] = [cropped(inside, block, last), cropped(inside, block, behind)];
  for (let at = 0; at < saddles.length; at++) saddles[at] = hasA[at] !== 0 && hasB[at] !== 0 ? Math.min(a[at]!, b[at]!) : -Infinity;
  return saddles;
}
