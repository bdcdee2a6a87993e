// Components and basins of one chunk, with the planes by which neighbouring chunks are joined.
import { basinsOf } from "#server/classical/kernels/basins.ts";
import { labelComponents } from "#server/classical/kernels/components.ts";
import { labelFacts } from "#server/classical/kernels/label-facts.ts";
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

/** Components of a chunk and the voxels before it. The same task always gives the same labels. */
export function componentsOf(task: ComponentsTask, sources: FieldSources): { block: Box3; labels: Uint32Array; count: number; inside: Uint8Array } {
  const block = blockOf(task.box);
  const inside = evaluateMask(task.inside, block, sources);
  return { block, inside, ...labelComponents(inside, sizeOf(block), task.connectivity) };
}

export function componentPiece(task: ComponentsTask, sources: FieldSources): { piece: ComponentPiece; labels: Uint32Array } {
  const { block, labels, count, inside } = componentsOf(task, sources);
  const { box } = task;
  const core = cropped(labels, block, box);
  const strong = new Uint8Array(count);
  for (let at = 0; at < labels.length; at++) if (inside[at] === 2) strong[labels[at]! - 1] = 1;
  const [z0, y0, x0] = box.start;
  const [, , x1] = box.end;
  const has = (axis: 0 | 1 | 2): boolean => block.start[axis] < box.start[axis];
  const part = (wanted: boolean, start: Size3, end: Size3): Uint32Array => (wanted ? cropped(labels, block, { start, end }) : new Uint32Array(0));
  const lower: ComponentPiece["lower"] = [
    part(has(0), block.start, [z0, box.end[1], x1]),
    part(has(1), [z0, block.start[1], block.start[2]], [box.end[0], y0, x1]),
    part(has(2), [z0, y0, block.start[2]], [box.end[0], box.end[1], x0]),
  ];
  return { piece: { ...pieceOf(core, box, count, sources.size), strong, upper: upperPlanes(core, box), lower }, labels: core };
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
  const summit = Float64Array.from(found.summit, (at) => globalIndex(at, block, sources.size));
  const { labels, count, ...groups } = groupBasins(found, summit, sources.size, task);
  const seams = ([0, 1, 2] as const).map((axis) => seamOf(axis, map, inside, block, box));
  return { piece: { ...pieceOf(labels, box, count, sources.size), ...groups, faces: { lower: lowerPlanes(labels, box), upper: upperPlanes(labels, box) }, seams }, labels };
}

function asLabels(values: ReturnType<typeof evaluate>): Uint32Array {
  return values instanceof Uint32Array ? values : new Uint32Array(values);
}

/** Facts of labels over a box, with indices of the volume. */
export function pieceOf(labels: Uint32Array, box: Box3, count: number, size: Size3): LabelPiece {
  const { voxels, first, box: bounds } = labelFacts(labels, sizeOf(box), count);
  for (let at = 0; at < bounds.length; at++) bounds[at]! += box.start[at % 3]!;
  return { count, voxels, first: Float64Array.from(first, (at) => globalIndex(at, box, size)), bounds };
}

function globalIndex(at: number, box: Box3, size: Size3): number {
  const [, height, width] = sizeOf(box);
  const z = Math.floor(at / (height * width)) + box.start[0];
  const y = (Math.floor(at / width) % height) + box.start[1];
  return (z * size[1] + y) * size[2] + (at % width) + box.start[2];
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
