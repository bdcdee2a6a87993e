// classical.run on a real session and volume; the engine is a small stand-in that thresholds and labels.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { MaskletError } from "#protocol/errors.ts";
import type { Declaration, Mask, Progress, Session } from "#protocol/types.ts";
import { openDomains } from "#server/domains.ts";
import { createOperations, type OperationContext, type Operations, type Params } from "#server/operations.ts";
import { fakeClassical, type FakeClassical } from "../../test/fake-classical.ts";

// z, y, x, half-open. The first two touch along x: at 100 they are one, above 150 only the first is seen.
const shape = { t: 2, c: 1, z: 90, y: 12, x: 20 };
const blocks = [
  { z: [2, 6], y: [1, 5], x: [2, 8], value: 200 },
  { z: [3, 5], y: [2, 4], x: [8, 12], value: 120 },
  { z: [70, 80], y: [6, 11], x: [14, 19], value: 180 },
] as const;
const inside = ([start, end]: readonly [number, number], at: number): boolean => at >= start && at < end;
const valueAt = (t: number, z: number, y: number, x: number): number => blocks.find((block, nth) => inside(block.z, z) && inside(block.y, y) && inside(block.x, x) && (t === 0 || nth === 2))?.value ?? 10;
const planeOf = (t: number, z: number): Uint8Array => Uint8Array.from({ length: shape.y * shape.x }, (_, at) => valueAt(t, z, Math.floor(at / shape.x), at % shape.x));
const declaration: Declaration = { name: "blocks", shape, dtype: "uint8", displayRange: [0, 255], spacing: { z: 2, y: 1, x: 1 } };
const author = { id: "a", name: "ann" };

interface Opened {
  readonly engine: FakeClassical;
  readonly operations: Operations;
  readonly sessionId: string;
  readonly scratch: string;
  run(more?: Partial<Params<"ClassicalRun">>, context?: Partial<OperationContext>): ReturnType<Operations["classical.run"]>;
  /** Every object as `id: slices with areas; prompts`. */
  told(): Promise<string[]>;
  session(): Promise<Session>;
}

async function withSession(work: (opened: Opened) => Promise<void>): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), "masklet-classical-"));
  const domains = openDomains({ home, port: 0, host: "127.0.0.1", roots: [], onLog: () => undefined });
  const engine = fakeClassical();
  const operations = createOperations({ ...domains, classical: engine });
  try {
    const { volume, session: { sessionId } } = await operations["volume.open"]({ volume: declaration }, { author });
    for (let t = 0; t < shape.t; t++) for (let z = 0; z < shape.z; z++) await operations["plane.put"](volume.volumeId, { t, c: 0, z }, planeOf(t, z), false);
    await work({
      engine, operations, sessionId, scratch: domains.scratch,
      run: (more = {}, context = {}) => operations["classical.run"]({ sessionId, ...more }, { author, ...context }),
      session: () => operations["session.get"](sessionId),
      told: async () => {
        const masks: Mask[] = [];
        await operations["labels.get"]({ sessionId, as: "planes" }, { author, onMask: (mask) => void masks.push(mask) });
        const { objects } = await operations["session.get"](sessionId);
        return objects.map(({ objectId, prompts }) => {
          const own = masks.filter((mask) => mask.objectId === objectId);
          const planes = own.map(({ t, index, area }) => `${t === 0 ? "" : `t${t} `}${index}=${area}`);
          return `${objectId}: ${planes.join(" ")}; ${prompts.map(({ index, t }) => `${index}@${t}`).join(" ")}`;
        });
      },
    });
    assert.equal(engine.open.count, 0, "every run was closed");
    assert.deepEqual((await readdir(domains.scratch).catch(() => [])).filter((name) => name.startsWith("classical-")), []);
  } finally {
    await domains.close();
    await rm(home, { recursive: true, force: true });
  }
}

const failsWith = (code: string) => (thrown: unknown) => thrown instanceof MaskletError && thrown.code === code;
const planes = (z0: number, z1: number, area: number): string => Array.from({ length: z1 - z0 }, (_, nth) => `${z0 + nth}=${area}`).join(" ");
const joined = "1: 2=24 3=32 4=32 5=24; 3@0";
const third = `2: ${planes(70, 80, 25)}; 70@0`;

test("what a recipe finds becomes objects with a box on their largest slice, in one edit that undo and redo move over", () => withSession(async ({ run, told, operations, sessionId, engine }) => {
  const sent: Mask[] = [];
  const progress: Progress[] = [];
  const result = await run({}, { onMask: (mask) => void sent.push(mask), onProgress: (at) => progress.push(at) });
  assert.deepEqual(result, {
    seq: 1, objects: [1, 2], warnings: [],
    recipe: { name: "fds", steps: [{ id: "threshold", step: "threshold", parameters: { low: 100 }, found: { voxels: 112 + 250 } }, { id: "distance", step: "distance", parameters: {}, found: {} }, { id: "label", step: "label", parameters: {}, found: {} }] },
  });
  assert.deepEqual(await told(), [joined, third]);
  assert.equal(sent.length, 14);
  assert.deepEqual(progress.map(({ unit, step }) => [unit, step]), [["voxels", "threshold"], ["voxels", "distance"], ["voxels", "label"]]);
  assert.deepEqual((await operations["prompts.get"](sessionId)).objects.map(({ prompts }) => prompts), [[{ z: 3, t: 0, box: [1, 0, 13, 6] }], [{ z: 70, t: 0, box: [13, 5, 20, 12] }]]);
  assert.deepEqual(engine.asked[0]!.reader.spacing, [2, 1, 1]);

  assert.equal((await operations.undo({ sessionId }, { author })).undone, "classical");
  assert.deepEqual(await told(), []);
  await operations.redo({ sessionId }, { author });
  assert.deepEqual(await told(), [joined, third]);
  await operations.undo({ sessionId }, { author });
  assert.deepEqual((await run({ set: { "threshold.low": 190 }, prompts: "none" })).objects, [3], "ids that were undone are not used again");
  assert.deepEqual(await told(), [`3: ${planes(2, 6, 24)}; `]);
}));

test("a region, a frame and masks as prompts: everything lies where it is in the volume", () => withSession(async ({ run, told, operations, sessionId }) => {
  const { objects } = await run({ region: { z: { start: 71, end: 75 }, y: { start: 7, end: 12 }, x: { start: 10, end: 16 } }, frame: 1, prompts: "mask" });
  assert.deepEqual(objects, [1]);
  assert.deepEqual(await told(), ["1: t1 71=8 t1 72=8 t1 73=8 t1 74=8; 71@1"]);
  const masks: Mask[] = [];
  await operations["labels.get"]({ sessionId, as: "planes" }, { author, onMask: (mask) => void masks.push(mask) });
  assert.deepEqual([masks[0]!.box, masks[0]!.c], [[14, 7, 16, 11], 0]);
}));

test("within objects: they are replaced by their parts, the first keeps the id; what was found of none stays", () => withSession(async ({ run, told, operations, sessionId }) => {
  await run();
  const before = await told();
  const part = await run({ within: [1], region: { x: { start: 0, end: 8 } } });
  assert.deepEqual(part.objects, [1]);
  assert.deepEqual(await told(), [joined.replace("3@0", "2@0"), third], "what lies outside the region stays with its object; the prompt is of what was found");
  await operations.undo({ sessionId }, { author });
  const bright = await run({ within: [1, 2], set: { "threshold.low": 190 } });
  assert.deepEqual([bright.objects, bright.warnings], [[1], ["Nothing was found in object 2; it stays as it was."]]);
  assert.deepEqual(await told(), [`1: ${planes(2, 6, 24)}; 2@0`, third]);
  await operations.undo({ sessionId }, { author });
  assert.deepEqual(await told(), before);
}));

test("within an object that holds two particles each becomes an object", () => withSession(async ({ run, told, operations, sessionId }) => {
  const box = { cut: { axis: "z" as const, index: 4, t: 0, c: 0 }, parts: { box: [0, 0, 20, 12] as [number, number, number, number] } };
  await run({ prompts: "none" });
  await operations.combine({ sessionId, how: "union", objects: [2, 1] }, { author });
  await operations["prompts.put"]({ sessionId, objects: [{ objectId: 2, prompts: [box, { ...box, cut: { ...box.cut, t: 1 } }] }] }, { author });
  const { objects } = await run({ within: [2] });
  assert.deepEqual(objects, [2, 3]);
  assert.deepEqual(await told(), ["2: 2=24 3=32 4=32 5=24; 4@1 3@0", `3: ${planes(70, 80, 25)}; 70@0`]);
}));

test("seeds keep their ids and prompts, and take what they grew to", () => withSession(async ({ run, told, operations, sessionId }) => {
  await run({ region: { z: { start: 3, end: 4 }, x: { start: 0, end: 4 } } });
  await run({ region: { z: { start: 4, end: 5 }, x: { start: 10, end: 20 } }, prompts: "none" });
  await run({ frame: 1, region: { z: { start: 70, end: 71 } }, prompts: "none" });
  assert.deepEqual(await told(), ["1: 3=8; 3@0", "2: 4=4; ", "3: t1 70=25; "]);
  const before = await told();
  const { objects, warnings, seq } = await run({ seeds: [2, 1, 2] });
  assert.deepEqual([seq, objects, warnings], [4, [1, 2], []]);
  const after = await told();
  assert.deepEqual(after.map((line) => line.split(";")[1]), [" 3@0", " ", " "]);
  const areas = (line: string): number => [...line.matchAll(/=(\d+)/g)].reduce((sum, [, area]) => sum + Number(area), 0);
  assert.equal(areas(after[0]!) + areas(after[1]!), 112);
  assert.ok(areas(after[0]!) > 60 && areas(after[1]!) > 12);
  await operations.undo({ sessionId }, { author });
  assert.deepEqual(await told(), before);
  const none = await run({ seeds: [1], set: { "threshold.low": 250 } });
  assert.equal(none.seq, 5, "the session's last edit");
  assert.deepEqual(none.warnings, ['No object was found: step "threshold" left nothing (voxels 0).', "Seed 1 grew to nothing, for no voxel of it is in the mask; it stays as it was."]);
  assert.deepEqual(await told(), before);
}));

test("a preview edits nothing: masks of one slice from a slab, or what a step leaves there", () => withSession(async ({ run, session, engine }) => {
  const masks: Mask[] = [];
  const onMask = (mask: Mask): void => void masks.push(mask);
  const first = await run({ preview: { index: 3 } }, { onMask });
  assert.deepEqual([first.seq, first.objects, first.plane], [0, [1], undefined]);
  assert.deepEqual(masks.map(({ objectId, index, box, area }) => [objectId, index, box, area]), [[1, 3, [2, 1, 12, 5], 32]]);
  const slabs: [number, number][] = [[3, 64], [45, 64], [89, 64]];
  for (const [index, slices] of slabs) {
    await run({ preview: { index } });
    assert.equal(engine.asked.at(-1)!.reader.size[0], slices);
  }
  const last = await run({ preview: { index: 79 }, region: { x: { start: 15, end: 20 } } }, { onMask });
  assert.deepEqual([last.objects, masks.at(-1)!.index, masks.at(-1)!.box], [[1], 79, [15, 6, 19, 11]]);
  const short = await run({ preview: { index: 3 }, region: { z: { start: 3, end: 7 } } });
  assert.deepEqual([engine.asked.at(-1)!.reader.size[0], short.objects], [4, [1]]);

  const step = await run({ preview: { index: 3, step: "threshold" }, set: { "threshold.low": 190 } }, { onMask: () => assert.fail("a mask that nobody labelled") });
  const { data, ...said } = step.plane!;
  assert.deepEqual(said, { step: "threshold", kind: "mask", width: 20, height: 12, dtype: "uint8", low: 0, high: 1 });
  assert.equal(data.reduce((sum, value) => sum + value, 0), 24);
  assert.deepEqual(step.recipe.steps.map(({ id }) => id), ["threshold"]);
  const map = await run({ preview: { index: 3, step: "distance" } });
  assert.deepEqual([map.plane!.dtype, map.plane!.data.length, map.plane!.low, map.plane!.high], ["float32", 4 * 240, 0, 6]);
  const labels = await run({ preview: { index: 75, step: "label" } }, { onMask });
  assert.deepEqual([labels.plane!.kind, labels.plane!.dtype, labels.plane!.high, masks.at(-1)!.area], ["labels", "float32", 1, 25]);
  const nothing = await run({ preview: { index: 40 }, region: { z: { start: 30, end: 60 } } });
  assert.deepEqual(nothing.warnings, ['No object was found: step "threshold" left nothing (voxels 0).']);
  assert.equal((await session()).seq, 0);
}));

/** Resolves when a run stands at the engine's gate. */
function atGate(engine: FakeClassical): { reached: Promise<void>; open: () => void } {
  const gate = { open: (): void => undefined };
  const reached = new Promise<void>((stands) => {
    engine.gate.wait = (signal) => new Promise((go) => {
      gate.open = go;
      signal?.addEventListener("abort", () => go(), { once: true });
      stands();
    });
  });
  return { reached, open: () => gate.open() };
}

test("while it runs edits and previews are answered; cancelled it changes nothing", () => withSession(async ({ run, told, operations, sessionId, engine, session }) => {
  await run();
  const gate = atGate(engine);
  const abort = new AbortController();
  const running = run({ set: { "threshold.low": 190 } }, { signal: abort.signal });
  await gate.reached;
  engine.gate.wait = async () => undefined;
  assert.deepEqual((await run({ preview: { index: 75 } })).objects, [1]);
  await operations["object.remove"]({ sessionId, objectId: 2 }, { author });
  abort.abort();
  await assert.rejects(running, failsWith("cancelled"));
  assert.deepEqual(await told(), [joined]);
  assert.equal((await session()).seq, 2);
}));

test("an object that was edited meanwhile is a conflict; others are no concern of the run", () => withSession(async ({ run, operations, sessionId, engine, told }) => {
  await run();
  for (const [objectId, conflict] of [[1, true], [2, false]] as const) {
    const gate = atGate(engine);
    const running = run({ within: [1] });
    await gate.reached;
    await operations["object.remove"]({ sessionId, objectId }, { author });
    gate.open();
    if (conflict) {
      await assert.rejects(running, failsWith("conflict"));
      await operations.undo({ sessionId }, { author });
    } else assert.deepEqual((await running).objects, [1]);
  }
  assert.deepEqual(await told(), [joined]);
}));

test("what cannot be run is said, and changes nothing", () => withSession(async ({ run, session }) => {
  await run({ region: { z: { start: 0, end: 10 } } });
  const wrong: readonly (readonly [Partial<Params<"ClassicalRun">>, string])[] = [
    [{ recipe: "magic" }, "recipe_invalid"],
    [{ set: { "threshold.high": 1 } }, "recipe_invalid"],
    [{ recipe: { name: "half", steps: [{ step: "threshold" }] } }, "recipe_invalid"],
    [{ recipe: { name: "half", steps: [{ step: "threshold" }] }, preview: { index: 1 } }, "recipe_invalid"],
    [{ preview: { index: 1, step: "ring" } }, "recipe_invalid"],
    [{ preview: { index: 90 } }, "plane_off_volume"],
    [{ preview: { index: 9 }, region: { z: { start: 10, end: 20 } } }, "plane_off_volume"],
    [{ region: { z: { start: 4, end: 4 } } }, "range_invalid"],
    [{ region: { x: { start: 0, end: 21 } } }, "range_invalid"],
    [{ frame: 2 }, "plane_off_volume"],
    [{ c: 1 }, "plane_off_volume"],
    [{ within: [7] }, "object_unknown"],
    [{ seeds: [7] }, "object_unknown"],
    [{ within: [1], frame: 1 }, "request_invalid"],
    [{ within: [1], seeds: [1] }, "request_invalid"],
  ];
  for (const [params, code] of wrong) await assert.rejects(run(params), failsWith(code), JSON.stringify(params));
  assert.equal((await session()).seq, 1);
}));

test("what a killed process left in the scratch goes before the first run", () => withSession(async ({ run, scratch }) => {
  await mkdir(join(scratch, "classical-left00", "blocks"), { recursive: true });
  await mkdir(join(scratch, "segment-other"), { recursive: true });
  await run({ preview: { index: 1 } });
  assert.deepEqual((await readdir(scratch)).filter((name) => !name.startsWith("labels-")), ["segment-other"]);
}));
