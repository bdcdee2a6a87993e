// Components and basins of one chunk, with the planes by which neighbouring chunks are joined.
import { basinsOf } from "#server/classical/kernels/basins.ts";
import type { Basins } from "#server/classical/kernels/basins.ts";
import { contractBasins } from "#server/classical/kernels/contract-basins.ts";
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
  const { labels, count, ...groups } = contracted(found, summit, box, sources.size, task);
  const seams = ([0, 1, 2] as const).map((axis) => seamOf(axis, map, inside, block, box));
  return { piece: { ...pieceOf(labels, box, count, sources.size), ...groups, faces: { lower: lowerPlanes(labels, box), upper: upperPlanes(labels, box) }, seams }, labels };
}

/** Groups of basins in the place of basins; those that have neighbours in other chunks, or are seeds, take in others and join none. */
function contracted({ labels, count, peak, heights, seed, edges }: Basins, summit: Float64Array, box: Box3, size: Size3, { bins, rise }: BasinsTask): Pick<BasinPiece, "peak" | "summit" | "leads" | "heights" | "seed" | "edges"> & { labels: Uint32Array; count: number } {
  const open = new Uint8Array(count);
  for (let basin = 0; basin < count; basin++) open[basin] = Number(peak[basin] === -Infinity || seed[basin] !== 0);
  const goesOn = (axis: number, upper: boolean): boolean => (upper ? box.end[axis]! < size[axis]! : box.start[axis]! > 0);
  const opened = (plane: Uint32Array): void => {
    for (let at = 0; at < plane.length; at++) if (plane[at] !== 0) open[plane[at]! - 1] = 1;
  };
  for (const [axis, plane] of lowerPlanes(labels, box).entries()) if (goesOn(axis, false)) opened(plane);
  for (const [axis, plane] of upperPlanes(labels, box).entries()) if (goesOn(axis, true)) opened(plane);
  const pairs = { a: edges.a.map((at) => at - 1), b: edges.b.map((at) => at - 1), saddle: edges.saddle };
  const first = contractBasins(peak, open, pairs, rise);
  const number = new Uint32Array(count);
  let groups = 0;
  for (let basin = 0; basin < count; basin++) number[basin] = first[basin] === basin ? ++groups : number[first[basin]!]!;
  const all = { peak: new Float32Array(groups).fill(-Infinity), summit: new Float64Array(groups), leads: new Uint8Array(groups), heights: new Uint32Array(groups * bins.count), seed: new Uint32Array(groups) };
  for (let basin = 0; basin < count; basin++) {
    const group = number[basin]! - 1;
    if (first[basin] === basin) all.summit[group] = summit[basin]!;
    if (peak[basin] === -Infinity) all.leads[group] = 1;
    all.peak[group] = Math.max(all.peak[group]!, peak[basin]!);
    for (let bin = 0; bin < bins.count; bin++) all.heights[group * bins.count + bin]! += heights[basin * bins.count + bin]!;
    if (seed[basin] !== 0) all.seed[group] = seed[basin]!;
  }
  // An open basin speaks for its group: neighbours in other chunks meet it alone, and where its way leads out, all of them lead out.
  for (let basin = 0; basin < count; basin++) if (open[basin] === 1) all.summit[number[basin]! - 1] = summit[basin]!;
  const kept = edges.a.map((_, edge) => edge).filter((edge) => first[pairs.a[edge]!] !== first[pairs.b[edge]!]);
  const numbered = new Uint32Array(labels.length);
  for (let at = 0; at < labels.length; at++) if (labels[at] !== 0) numbered[at] = number[labels[at]! - 1]!;
  const name = (basin: number): number => (peak[basin] === -Infinity || seed[basin] !== 0 ? NaN : summit[basin]!);
  const left = { a: new Uint32Array(kept.length), b: new Uint32Array(kept.length), saddle: new Float32Array(kept.length), low: new Float64Array(kept.length), high: new Float64Array(kept.length) };
  for (let nth = 0; nth < kept.length; nth++) {
    const edge = kept[nth]!;
    const [a, b] = [pairs.a[edge]!, pairs.b[edge]!];
    left.a[nth] = number[a]!;
    left.b[nth] = number[b]!;
    left.saddle[nth] = pairs.saddle[edge]!;
    left.low[nth] = name(a);
    left.high[nth] = name(b);
  }
  return { ...all, count: groups, labels: numbered, edges: left };
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

function upperPlanes(labels: Uint32Array, box: Box3): [Uint32Array, Uint32Array, Uint32Array] {
  const { start, end } = box;
  return [
    cropped(labels, box, { start: [end[0] - 1, start[1], start[2]], end }),
    cropped(labels, box, { start: [start[0], end[1] - 1, start[2]], end }),
    cropped(labels, box, { start: [start[0], start[1], end[2] - 1], end }),
  ];
}

function lowerPlanes(labels: Uint32Array, box: Box3): [Uint32Array, Uint32Array, Uint32Array] {
  const { start, end } = box;
  return [
    cropped(labels, box, { start, end: [start[0] + 1, end[1], end[2]] }),
    cropped(labels, box, { start, end: [end[0], start[1] + 1, end[2]] }),
    cropped(labels, box, { start, end: [end[0], end[1], start[2] + 1] }),
  ];
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
