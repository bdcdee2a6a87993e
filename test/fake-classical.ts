// An engine of recipes as small as can be, for tests of what is around it: a threshold, then components by faces or a growth of seeds.
import { MaskletError, throwIfCancelled } from "#protocol/errors.ts";
import type { Box3, ClassicalObject, ClassicalRequest, ClassicalRun, Recipe, RecipeStep, UsedStep } from "#server/classical/contract.ts";
import type { Classical } from "#server/operations/contract.ts";

export interface FakeClassical extends Classical {
  /** What was asked for, in order. */
  readonly asked: ClassicalRequest[];
  /** Runs that were not closed. */
  readonly open: { count: number };
  /** Awaited in each run before it ends. */
  readonly gate: { wait: (signal: AbortSignal | undefined) => Promise<void> };
}

const kinds = { threshold: "mask", distance: "map", label: "labels" } as const;
const fake: Recipe = { name: "fds", steps: [{ step: "threshold", low: 100 }, { step: "distance" }, { step: "label", minVolume: 1 }] };
const idOf = (step: RecipeStep): string => step.id ?? step.step;

export function fakeClassical(): FakeClassical {
  const asked: ClassicalRequest[] = [];
  const open = { count: 0 };
  const gate: FakeClassical["gate"] = { wait: async () => undefined };
  return {
    asked, open, gate,
    complete: async (given, set) => {
      if (typeof given === "string" && given !== "fds") throw MaskletError.of("recipe_invalid", { why: `There is no recipe "${given}"; there is fds.` });
      const recipe = typeof given === "string" ? fake : given;
      for (const name of Object.keys(set)) {
        const [id, parameter] = name.split(".");
        const step = recipe.steps.find((one) => idOf(one) === id);
        if (step === undefined || parameter === undefined || step[parameter] === undefined) throw MaskletError.of("recipe_invalid", { why: `The recipe has no value "${name}".` });
      }
      return { name: recipe.name, steps: recipe.steps.map((step) => ({ ...step, ...Object.fromEntries(Object.entries(set).filter(([name]) => name.startsWith(`${idOf(step)}.`)).map(([name, value]) => [name.split(".")[1]!, value])) })) };
    },
    list: async () => [{
      name: "fds", title: "Threshold and label", steps: [{ step: "threshold", id: "threshold", title: "Threshold", parameters: [{ name: "low", type: "number", value: 100, min: 0, about: "Values from here on." }] }],
    }],
    run: async (request, { signal, onProgress }) => {
      asked.push(request);
      const { size } = request.reader;
      const whole: Box3 = { start: [0, 0, 0], end: size };
      const total = size[0] * size[1] * size[2];
      const last = request.until ?? idOf(request.recipe.steps.at(-1)!);
      const at = request.recipe.steps.findIndex((step) => idOf(step) === last);
      if (at < 0) throw MaskletError.of("recipe_invalid", { why: `The recipe has no step "${last}".` });
      const done = request.recipe.steps.slice(0, at + 1);
      const kind = kinds[done.at(-1)!.step as keyof typeof kinds];
      if (request.until === undefined && kind !== "labels") throw MaskletError.of("recipe_invalid", { why: `Recipe "${request.recipe.name}" ends in a ${kind} (step "${last}"), where objects need labels.` });
      const values = await request.reader.read(whole, signal);
      const low = Number(done[0]?.["low"] ?? 100);
      const allowed = await request.limits?.(whole);
      const mask = Uint8Array.from(values, (value, voxel) => Number(value >= low && (allowed === undefined || allowed[voxel] === 1)));
      for (const step of done) onProgress?.({ done: total, total, unit: "voxels", step: idOf(step) });
      await gate.wait(signal);
      throwIfCancelled(signal);
      const labelled = grow(mask, size, await request.seeds?.(whole), Number(done.at(-1)?.["minVolume"] ?? 1));
      const output = kind === "mask" ? mask : kind === "map" ? Float32Array.from(mask, (voxel, nth) => voxel * (nth % 7)) : labelled.labels;
      open.count++;
      return {
        kind, warnings: [], objects: kind === "labels" ? labelled.objects : [],
        steps: done.map((step): UsedStep => ({ id: idOf(step), step: step.step, parameters: step.step === "threshold" ? { low } : {}, found: step.step === "threshold" ? { voxels: mask.filter(Boolean).length } : {} })),
        read: async (box) => cut(output, size, box),
        close: async () => void open.count--,
      } satisfies ClassicalRun;
    },
  };
}

/** Parts of a mask: its components by faces, or what is nearest to each seed through the mask. */
function grow(mask: Uint8Array, [depth, height, width]: readonly [number, number, number], seeds: Uint32Array | undefined, minVolume: number): { labels: Uint32Array; objects: ClassicalObject[] } {
  const parts = new Uint32Array(mask.length);
  const flood = (row: number[]): number[] => {
    for (let next = 0; next < row.length; next++) {
      const at = row[next]!;
      const [z, y, x] = [Math.floor(at / (height * width)), Math.floor(at / width) % height, at % width];
      const steps = [z > 0 ? -height * width : 0, z < depth - 1 ? height * width : 0, y > 0 ? -width : 0, y < height - 1 ? width : 0, x > 0 ? -1 : 0, x < width - 1 ? 1 : 0];
      for (const step of steps) {
        if (step === 0 || mask[at + step] === 0 || parts[at + step] !== 0) continue;
        parts[at + step] = parts[at]!;
        row.push(at + step);
      }
    }
    return row;
  };
  if (seeds !== undefined) {
    const row: number[] = [];
    seeds.forEach((seed, at) => { if (seed !== 0 && mask[at] === 1) { parts[at] = seed; row.push(at); } });
    flood(row);
  } else {
    let last = 0;
    for (let at = 0; at < mask.length; at++) {
      if (mask[at] === 0 || parts[at] !== 0) continue;
      parts[at] = ++last;
      const row = flood([at]);
      if (row.length < minVolume) for (const voxel of row) { mask[voxel] = 0; parts[voxel] = 0; }
    }
  }
  const ids = new Map<number, number>();
  const objects: { id: number; voxels: number; seed: number; box: Box3 }[] = [];
  const labels = parts.map((part) => {
    if (part === 0) return 0;
    const id = ids.get(part) ?? ids.size + 1;
    if (!ids.has(part)) {
      ids.set(part, id);
      objects.push({ id, voxels: 0, seed: seeds === undefined ? 0 : part, box: { start: [0, 0, 0], end: [depth, height, width] } });
    }
    objects[id - 1]!.voxels++;
    return id;
  });
  return { labels, objects };
}

function cut(data: Uint8Array | Uint32Array | Float32Array, [, height, width]: readonly [number, number, number], { start, end }: Box3): Uint8Array | Uint32Array | Float32Array {
  const taken: number[] = [];
  for (let z = start[0]; z < end[0]; z++) for (let y = start[1]; y < end[1]; y++) for (let x = start[2]; x < end[2]; x++) taken.push(data[(z * height + y) * width + x]!);
  return data instanceof Uint8Array ? Uint8Array.from(taken) : data instanceof Uint32Array ? Uint32Array.from(taken) : Float32Array.from(taken);
}
