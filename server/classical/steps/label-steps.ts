// Steps that choose among labels or change their outlines.
import type { ClassicalObject } from "../contract.ts";
import { chunkBox } from "../tiles/chunk-grid.ts";
import type { Field } from "../tiles/field.ts";
import type { LabelTables } from "../tiles/relabel.ts";
import type { Tiles } from "../tiles/tiles.ts";
import { connectivity, connectivityOf } from "./mask-steps.ts";
import { everyChunk } from "./passes.ts";
import { components as labelComponents, replaceLabels } from "./split.ts";
import { labelsOf } from "./step.ts";
import type { Found, Labelled, RunState, Step } from "./step.ts";

export const components: Step = {
  step: "components", passes: 1, title: "Components become objects", takes: "mask", gives: "labels", parameters: [connectivity],
  run: (state, parameters, tiles) => labelComponents(state, connectivityOf(parameters), tiles),
};

export const select: Step = {
  step: "select", title: "Choose objects", takes: "labels", gives: "labels",
  parameters: [
    { name: "minVolume", type: "number", value: 200, min: 0, max: 1e12, whole: true, unit: "voxels", about: "smaller objects go" },
    { name: "maxVolume", type: "number", value: 0, min: 0, max: 1e15, whole: true, unit: "voxels", about: "larger objects go; 0 = no limit" },
    { name: "border", type: "choice", value: "keep", choices: ["keep", "drop"], about: "objects that touch a face of the volume" },
  ],
  run: async (state, parameters, tiles): Promise<Found> => {
    const { objects } = labelsOf(state);
    const least = parameters.number("minVolume");
    const most = parameters.number("maxVolume");
    const small = objects.filter(({ voxels }) => voxels < least).length;
    const large = most === 0 ? 0 : objects.filter(({ voxels }) => voxels > most).length;
    const cut = parameters.choice("border") === "drop" ? objects.filter((object) => touchesFace(object, tiles)).length : 0;
    keepObjects(state, (object) => object.voxels >= least && (most === 0 || object.voxels <= most) && (cut === 0 || !touchesFace(object, tiles)), tiles);
    if (objects.length > 0 && labelsOf(state).objects.length === 0) tiles.warn(`None of ${objects.length} objects was kept: ${small} are smaller than ${least} voxels, ${large} larger than ${most}, ${cut} touch a face.`);
    return { objects: labelsOf(state).objects.length, small, large, cut };
  },
};

export const openObjects: Step = {
  step: "open-objects", passes: 1, title: "Open each object", takes: "labels", gives: "labels",
  parameters: [{ name: "radius", type: "number", value: 0, min: 0, max: 20, whole: true, unit: "voxels", about: "spurs thinner than this go; 0 = off" }],
  run: async (state, parameters, tiles): Promise<Found> => {
    const radius = parameters.number("radius");
    if (radius > 0) await rewrite("open-objects", state, { op: "local", kernel: { kernel: "open-labels", radius, spacing: tiles.spacing }, of: { op: "store", store: labelsOf(state).store } }, tiles);
    return { objects: labelsOf(state).objects.length };
  },
};

export const expand: Step = {
  step: "expand", passes: 1, title: "Expand each object", takes: "labels", gives: "labels",
  parameters: [{ name: "distance", type: "number", value: 0, min: 0, max: 50, unit: "smallest voxel sides", about: "into the background, never into another object; 0 = off" }],
  run: async (state, parameters, tiles): Promise<Found> => {
    const distance = parameters.number("distance");
    if (distance === 0) return { objects: labelsOf(state).objects.length };
    const wider: Field = { op: "local", kernel: { kernel: "expand", distance, spacing: tiles.spacing }, of: { op: "store", store: labelsOf(state).store } };
    await rewrite("expand", state, tiles.limits === undefined ? wider : { op: "limited", of: wider, other: tiles.limits }, tiles);
    return { objects: labelsOf(state).objects.length };
  },
};

function touchesFace({ box }: ClassicalObject, { grid }: Tiles): boolean {
  // An axis with one voxel has no faces.
  return grid.size.some((side, axis) => side > 1 && (box.start[axis] === 0 || box.end[axis] === side));
}

/** Objects that stay are numbered anew, in the order they had; no voxel is touched. */
function keepObjects(state: RunState, keep: (object: ClassicalObject) => boolean, tiles: Tiles): void {
  const { store, tables, objects } = labelsOf(state);
  const numberOf = new Uint32Array(objects.length + 1);
  const kept: ClassicalObject[] = [];
  for (const object of objects) {
    if (!keep(object)) continue;
    kept.push({ ...object, id: kept.length + 1 });
    numberOf[object.id] = kept.length;
  }
  if (kept.length === objects.length) return;
  const changed: LabelTables = {
    grid: tables.grid,
    ofChunk: tables.ofChunk.map((table) => {
      const next = new Uint32Array(new SharedArrayBuffer(table.byteLength));
      for (let at = 0; at < table.length; at++) next[at] = numberOf[table[at]!]!;
      return next;
    }),
  };
  tiles.relabel(store, changed);
  state.labels = { store, tables: changed, objects: kept };
}

/** Labels as a field makes them of those there are, in a new store, with small numbers in each chunk again. */
async function rewrite(pass: string, state: RunState, labels: Field, tiles: Tiles): Promise<void> {
  const before = labelsOf(state);
  const store = tiles.store("uint32");
  const ofChunk: Uint32Array[] = new Array(tiles.grid.chunks);
  const sums = new Map<number, { voxels: number; first: number; bounds: number[] }>();
  const tasks = everyChunk(tiles).map((chunk) => ({ kind: "rewrite" as const, box: chunkBox(tiles.grid, chunk), labels, store }));
  await tiles.run<"rewrite">(pass, tasks, (chunk, facts) => {
    ofChunk[chunk] = facts.labels;
    for (let nth = 0; nth < facts.count; nth++) {
      const bounds = [...facts.bounds.subarray(6 * nth, 6 * nth + 6)];
      const sum = sums.get(facts.labels[nth]!);
      if (sum === undefined) sums.set(facts.labels[nth]!, { voxels: facts.voxels[nth]!, first: facts.first[nth]!, bounds });
      else {
        sum.voxels += facts.voxels[nth]!;
        sum.first = Math.min(sum.first, facts.first[nth]!);
        sum.bounds = sum.bounds.map((value, side) => (side < 3 ? Math.min(value, bounds[side]!) : Math.max(value, bounds[side]!)));
      }
    }
  });
  // An object's first voxel may be another one now, and the order of the labels with it.
  const order = [...sums].sort(([, a], [, b]) => a.first - b.first);
  const numberOf = new Map(order.map(([label], nth) => [label, nth + 1]));
  const objects = order.map(([label, { voxels, bounds: [z0, y0, x0, z1, y1, x1] }], nth): ClassicalObject => ({
    id: nth + 1, voxels, box: { start: [z0!, y0!, x0!], end: [z1!, y1!, x1!] }, seed: before.objects[label - 1]?.seed ?? 0,
  }));
  const tables: LabelTables = {
    grid: tiles.grid,
    ofChunk: ofChunk.map((labelsHere) => {
      const table = new Uint32Array(new SharedArrayBuffer(labelsHere.byteLength));
      for (let at = 0; at < table.length; at++) table[at] = numberOf.get(labelsHere[at]!)!;
      return table;
    }),
  };
  tiles.relabel(store, tables);
  replaceLabels(state, { store, tables, objects } satisfies Labelled, tiles);
}
