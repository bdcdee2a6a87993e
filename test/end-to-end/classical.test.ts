// classical.run through a server, live and as a job; the engine is a small stand-in, what is around it is real.
import assert from "node:assert/strict";
import test from "node:test";
import { validate } from "#protocol/schema.ts";
import type { Declaration, Schema } from "#protocol/types.ts";
import { fakeClassical, type FakeClassical } from "../fake-classical.ts";
import { codeOf, connect, isChanged, isNeed, openedOf, seqOf, valueOf } from "./live-client.ts";
import type { Answer, LiveClient, LiveRequest } from "./live-client.ts";
import { withServer } from "./server-under-test.ts";
import type { ServerUnderTest } from "./server-under-test.ts";

const size = { z: 9, y: 20, x: 40 };
const declaration: Declaration = { name: "blocks", shape: { t: 1, c: 1, ...size }, dtype: "uint8", displayRange: [0, 255], identity: "blocks-1" };

/** Three blocks of 5 x 8 x 8 side by side. */
function plane(z: number): Uint8Array {
  const inside = (y: number, x: number): boolean => z >= 2 && z < 7 && y >= 5 && y < 13 && x % 13 >= 3 && x % 13 < 11;
  return Uint8Array.from({ length: size.y * size.x }, (_, at) => (inside(Math.floor(at / size.x), at % size.x) ? 200 : 10));
}

function withEngine(work: (server: ServerUnderTest, engine: FakeClassical) => Promise<void>): Promise<void> {
  const engine = fakeClassical();
  return withServer((server) => work(server, engine), {}, undefined, () => ({ classical: engine }));
}

/** Answers what the server needs. */
async function opened(url: string, client: string): Promise<{ live: LiveClient; sessionId: string; volumeId: string; ask: (message: LiveRequest) => Promise<Answer> }> {
  const live = await connect(url);
  live.onMessage((message) => {
    if (!isNeed(message)) return;
    for (const wanted of message.planes) live.send({ t: "slice.put", volumeId: message.volumeId, plane: wanted, data: plane(wanted.z) });
  });
  let id = 0;
  const ask = (message: LiveRequest): Promise<Answer> => live.ask({ ...message, id: ++id });
  await ask({ t: "hello", id: 0, protocol: 1, client });
  const { session, volume } = openedOf(await ask({ t: "volume.open", id: 0, volume: declaration }));
  return { live, sessionId: session.sessionId, volumeId: volume.volumeId, ask };
}

function classicalOf(answer: Answer): Schema<"ClassicalResult"> {
  const value = valueOf(answer);
  assert.ok("recipe" in value, JSON.stringify(value));
  return value;
}

test("live: recipes are told, a preview shows one slice, a run makes objects that others hear of and undo takes back", () => withEngine(async ({ url }) => {
  const { live, sessionId, ask } = await opened(url, "Fiji");
  const other = await opened(url, "QuPath");
  const list = valueOf(await ask({ t: "recipes.list", id: 0 }));
  assert.ok("recipes" in list);
  assert.deepEqual(list.recipes.map(({ name }) => name), ["fds"]);

  const preview = await ask({ t: "classical.run", id: 0, sessionId, preview: { index: 4 } });
  assert.deepEqual([preview.masks.length, classicalOf(preview).objects, seqOf(preview)], [3, [1, 2, 3], 0]);
  const step = classicalOf(await ask({ t: "classical.run", id: 0, sessionId, recipe: "fds", set: { "threshold.low": 50 }, preview: { index: 4, step: "threshold" } }));
  assert.deepEqual([step.plane?.kind, step.plane?.data.length, step.recipe.steps[0]?.parameters], ["mask", 800, { low: 50 }]);

  const run = await ask({ t: "classical.run", id: 0, sessionId, region: { x: { start: 0, end: 26 } } });
  assert.deepEqual([classicalOf(run).objects, seqOf(run), run.masks.length], [[1, 2], 1, 10]);
  assert.ok(run.progress.some(({ unit, step: name }) => unit === "voxels" && name !== undefined));
  const heard = await other.live.next(isChanged);
  assert.deepEqual([heard.kind, heard.seq, heard.objects, heard.by], ["classical", 1, [1, 2], "Fiji"]);
  const followed = await ask({ t: "propagate", id: 0, sessionId, direction: "forward" });
  assert.equal(codeOf(followed), "", "what was found can be followed from its boxes");
  assert.ok(followed.masks.some(({ objectId, box }) => objectId === 1 && box.join() === "2,4,12,14"));
  await ask({ t: "undo", id: 0, sessionId });
  assert.deepEqual(valueOf(await other.ask({ t: "undo", id: 0, sessionId })), { seq: 4, undone: "classical" });
  assert.equal((await ask({ t: "labels.get", id: 0, sessionId, as: "planes" })).masks.length, 0);

  assert.equal(codeOf(await ask({ t: "classical.run", id: 0, sessionId, recipe: "nothing" })), "recipe_invalid");
  assert.equal(codeOf(await ask({ t: "classical.run", id: 0, sessionId, within: [1] })), "object_unknown");
  await other.live.close();
  await live.close();
}));

test("live: while a run goes on clicks are answered, and a cancelled one leaves nothing", () => withEngine(async ({ url }, engine) => {
  const { live, sessionId, ask } = await opened(url, "Fiji");
  const stands = new Promise<void>((reached) => {
    engine.gate.wait = (signal) => new Promise((go) => {
      signal?.addEventListener("abort", () => go(), { once: true });
      reached();
    });
  });
  const running = live.ask({ t: "classical.run", id: 1000, sessionId });
  await stands;
  assert.equal(seqOf(await ask({ t: "prompt.set", id: 0, sessionId, objectId: 1, cut: { axis: "z", index: 4 }, box: [3, 5, 11, 13] })), 1);
  live.send({ t: "cancel", id: 1000 });
  const { end, masks } = await running;
  assert.deepEqual([end, masks], [{ t: "cancelled", id: 1000 }, []]);
  assert.deepEqual((await ask({ t: "labels.get", id: 0, sessionId, as: "planes" })).masks.length, 1);
  await live.close();
}));

test("over HTTP: the recipes, a run as a job, and what a job refuses", () => withEngine(async ({ url }) => {
  const { live, sessionId, volumeId } = await opened(url, "Fiji");
  for (let z = 0; z < size.z; z++) {
    const put = await fetch(`${url}/v1/volumes/${volumeId}/planes/0/0/${z}`, { method: "PUT", headers: { "Content-Type": "application/octet-stream" }, body: Buffer.from(plane(z)) });
    assert.equal(put.status, 204);
  }
  const { recipes } = validate("RecipeList", await (await fetch(`${url}/v1/recipes`)).json());
  assert.equal(recipes[0]?.steps[0]?.parameters[0]?.name, "low");
  const post = (params: object): Promise<Response> => fetch(`${url}/v1/jobs`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ operation: "classical.run", sessionId, params }) });
  const job = async (params: object): Promise<Schema<"Job">> => {
    const { id } = validate("Job", await (await post(params)).json());
    await (await fetch(`${url}/v1/jobs/${id}/events`)).text();
    return validate("Job", await (await fetch(`${url}/v1/jobs/${id}`)).json());
  };
  const done = await job({ recipe: { name: "mine", steps: [{ step: "threshold", low: 150 }, { step: "label" }] }, prompts: "mask" });
  assert.equal(done.state, "done", JSON.stringify(done.error));
  assert.deepEqual([done.result?.["seq"], done.result?.["objects"], done.progress.unit], [1, [1, 2, 3], "voxels"]);
  const labels = await fetch(`${url}/v1/sessions/${sessionId}/labels.tif`);
  assert.equal(labels.status, 200);
  await labels.arrayBuffer();
  assert.equal((await job({ recipe: "nothing" })).error?.code, "recipe_invalid");
  assert.equal((await job({ frame: 3 })).error?.code, "plane_off_volume");
  for (const params of [{ preview: { index: 1 } }, { recipe: { name: "x", steps: [] } }, { set: { "a.b": null } }, { prompts: "points" }]) {
    const refused = await post(params);
    assert.deepEqual([refused.status, validate("Problem", await refused.json()).code], [400, "request_invalid"], JSON.stringify(params));
  }
  const docs = await (await fetch(`${url}/docs`)).text();
  assert.match(docs, /\/v1\/recipes/);
  assert.match(docs, /id="ClassicalRun"/);
  await live.close();
}));

test("the recipes that come with the product: a joined object is parted within itself, and by seeds that keep their ids", () => withServer(async ({ url }) => {
  const { live, sessionId, ask } = await opened(url, "Fiji");
  const recipe = (split: string): Schema<"Recipe"> => ({ name: "blocks", steps: [{ step: "threshold", method: "fixed", low: 150, high: 150 }, { step: "split", method: split, smooth: 0 }, { step: "select", minVolume: 20 }] });
  const classical = (more: object): Promise<Answer> => ask({ t: "classical.run", id: 0, sessionId, ...more });
  assert.deepEqual(classicalOf(await classical({ recipe: recipe("none") })).objects, [1, 2, 3]);
  assert.equal(codeOf(await ask({ t: "combine", id: 0, sessionId, how: "union", objects: [3, 1, 2] })), "");
  const parts = classicalOf(await classical({ recipe: recipe("edt"), within: [3] }));
  assert.deepEqual([parts.objects, parts.recipe.steps.map(({ id }) => id)], [[3, 4, 5], ["threshold", "split", "select"]]);

  // A click in one block and a corner of the next: each seed grows to its own block, the third is nobody's.
  for (const [objectId, x] of [[20, 5], [21, 18]] as const) await ask({ t: "prompt.set", id: 0, sessionId, objectId, cut: { axis: "z", index: 4 }, box: [x, 6, x + 3, 9] });
  const grown = await classical({ recipe: recipe("edt"), seeds: [21, 20] });
  const { objects, warnings } = classicalOf(grown);
  assert.deepEqual([[...objects].sort(), warnings], [[20, 21], []]);
  for (const [objectId, x] of [[20, 3], [21, 16]] as const) {
    const own = grown.masks.filter((mask) => mask.objectId === objectId);
    assert.deepEqual(own.map(({ index, box }) => [index, ...box]), [2, 3, 4, 5, 6].map((z) => [z, x, 5, x + 8, 13]));
  }
  const preview = await classical({ recipe: "fds", preview: { index: 4, step: "threshold" } });
  assert.equal(classicalOf(preview).plane?.kind, "mask");
  await live.close();
}));
