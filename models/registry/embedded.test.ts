// The model that comes with the package, from a box of the test's own: shrunken weights under its name, scores beside them.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import type { ModelStore } from "./store.ts";
import { createModelStore } from "./store.ts";
import { checkLive } from "./verify-model.ts";

const id = "masklet-sam2";
const fixture = (name: string): string => fileURLToPath(new URL(`../../fixtures/sam2/${name}.safetensors`, import.meta.url));
const [weights, others] = [await readFile(fixture("sam2.1_shrunken")), await readFile(fixture("sam2_shrunken"))];
const hashOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

describe("the model in the box", async () => {
  const root = await mkdtemp(join(tmpdir(), "masklet-embedded-"));
  after(() => rm(root, { recursive: true, force: true, maxRetries: 5 }));

  interface Box {
    readonly home: string;
    readonly folder: string;
    readonly compiled: string;
    readonly log: string[];
    /** As another process would open it. */
    store(): ModelStore;
    put(bytes: Uint8Array): Promise<void>;
    score(sha256: string, own: number, mobile: number): Promise<void>;
  }

  async function openBox(bytes?: Uint8Array): Promise<Box> {
    const [home, folder] = [await mkdtemp(join(root, "home-")), await mkdtemp(join(root, "box-"))];
    const log: string[] = [];
    const put = (given: Uint8Array): Promise<void> => writeFile(join(folder, `${id}.safetensors`), given);
    if (bytes !== undefined) await put(bytes);
    return {
      home, folder, log, put,
      compiled: join(home, "models", id),
      store: () => createModelStore({ home, embedded: folder, onLog: (line) => log.push(line) }),
      score: (sha256, own, mobile) => writeFile(join(folder, "scores.json"), JSON.stringify({ made: "2026-01-01", models: { [id]: { sha256, groups: {}, mean: own }, "mobile-sam": { sha256: null, groups: {}, mean: mobile } } })),
    };
  }
  const listed = async (store: ModelStore) => (await store.list()).find((model) => model.id === id);

  it("is not spoken of where the package has none", async () => {
    const box = await openBox();
    const store = box.store();
    assert.equal(await listed(store), undefined);
    for (const ask of [() => store.resolveModel(id), () => store.open(id), () => store.pull(id), () => store.remove(id)]) await assert.rejects(ask(), { code: "model_unknown" });
    await assert.rejects(store.resolveModel("auto"), { code: "model_not_installed", details: { model: "mobile-sam" } });
    assert.deepEqual(box.log, []);
  });

  it("is there without a download, is compiled when it is first opened, and works", async () => {
    const box = await openBox(weights);
    const store = box.store();
    assert.deepEqual(await listed(store), { id, family: "sam2", licence: "Apache-2.0", installed: true, sizeBytes: weights.length, integrity: "recorded", source: "in the box", embedded: true });
    assert.deepEqual([await store.resolveModel("auto"), await store.resolveModel(id)], [id, id]);
    assert.deepEqual(await readdir(box.home), [], "so far nothing was written");
    const opened = await store.open(id);
    assert.deepEqual([opened.family, opened.folder], ["sam2", box.compiled]);
    assert.ok(Number.isFinite((await checkLive({ ...opened, random: true }, { provider: "cpu" })).score));
    assert.deepEqual(await readdir(join(box.home, "models")), [id]);
    const model = await listed(store);
    assert.deepEqual([model?.imageSize, model?.embedded, model?.integrity], [128, true, "recorded"]);
    assert.ok(model!.sizeBytes > weights.length, "what the graphs take");
    assert.equal((await store.pull(id)).embedded, true);
    await store.check(id);
    assert.deepEqual(box.log, []);
  });

  it("is verified, and its score told, where just these weights were judged", async () => {
    const box = await openBox(weights);
    await box.score(hashOf(weights), 0.81, 0.74);
    const store = box.store();
    const before = await listed(store);
    await store.open(id);
    const compiled = await listed(store);
    for (const model of [before, compiled]) assert.deepEqual([model?.integrity, model?.meanDice], ["verified", 0.81]);
    assert.equal((await store.list()).find((model) => model.id === "mobile-sam")?.meanDice, 0.74);
  });

  it("is left out with a warning, and refused by name, when it is damaged or gone", async () => {
    for (const harm of [(box: Box) => box.put(Buffer.concat([weights.subarray(0, -1), Buffer.of(weights.at(-1)! ^ 1)])), (box: Box) => box.put(weights.subarray(0, 5000)), (box: Box) => rm(join(box.folder, `${id}.safetensors`))]) {
      const box = await openBox(weights);
      await box.score(hashOf(weights), 0.9, 0.7);
      await harm(box);
      const store = box.store();
      assert.deepEqual([(await listed(store))?.integrity, (await listed(store))?.embedded], ["missing", true]);
      assert.equal((await store.list()).length > 1, true, "the others are listed");
      await assert.rejects(store.resolveModel("auto"), { code: "model_not_installed", details: { model: "mobile-sam" } });
      for (const ask of [() => store.resolveModel(id), () => store.open(id), () => store.pull(id), () => store.check(id)]) await assert.rejects(ask(), { code: "embedded_damaged", message: /masklet-sam2, which comes with Masklet/ });
      assert.match(box.log[0]!, /^Warning: a model that came with Masklet cannot be used \(.*masklet-sam2\.safetensors: (its SHA-256 is not|it is missing)/);
      assert.deepEqual(await readdir(join(box.home, "models")).catch(() => []), []);
    }
  });

  it("goes on with what was compiled of it when the file is lost, and only verifying tells", async () => {
    const box = await openBox(weights);
    await box.score(hashOf(weights), 0.9, 0.7);
    const { hash } = await box.store().open(id);
    await rm(join(box.folder, `${id}.safetensors`));
    const store = box.store();
    assert.deepEqual([(await store.open(id)).hash, await store.resolveModel("auto"), (await listed(store))?.integrity], [hash, id, "verified"]);
    await assert.rejects(store.check(id), { code: "embedded_damaged", message: /it is missing/ });
    await store.open(id);
  });

  it("is compiled anew when the weights or the compiler are others, and not otherwise", async () => {
    const box = await openBox(weights);
    const manifest = async () => JSON.parse(await readFile(join(box.compiled, "manifest.json"), "utf8"));
    const first = await box.store().open(id);
    const made = (await manifest()).installedAt;
    assert.equal((await box.store().open(id)).hash, first.hash);
    assert.equal((await manifest()).installedAt, made);
    await box.put(others);
    const second = await box.store().open(id);
    assert.notEqual(second.hash, first.hash);
    const now = await manifest();
    assert.equal(now.compiled.sourceSha256, hashOf(others));
    await writeFile(join(box.compiled, "manifest.json"), JSON.stringify({ ...now, compiled: { ...now.compiled, compilerVersion: now.compiled.compilerVersion - 1 } }));
    assert.equal((await box.store().open(id)).hash, second.hash);
    assert.deepEqual((await manifest()).compiled, now.compiled);
    // What cannot be compiled leaves what was.
    await box.put(weights.subarray(0, 5000));
    await assert.rejects(box.store().open(id), { code: "checkpoint_invalid" });
    assert.deepEqual(await readdir(join(box.home, "models")), [id]);
    await box.put(others);
    assert.equal((await box.store().open(id)).hash, second.hash);
  });

  it("mends what was compiled of it by itself, and says so", async () => {
    const box = await openBox(weights);
    const { hash } = await box.store().open(id);
    for (const harm of [() => rm(join(box.compiled, "weights.bin")), () => writeFile(join(box.compiled, "network.json"), "{}"), () => writeFile(join(box.compiled, "manifest.json"), "{")]) {
      await harm();
      const store = box.store();
      assert.equal(await store.resolveModel("auto"), id);
      assert.equal((await store.open(id)).hash, hash);
    }
    assert.equal(box.log.length, 2, "a manifest that is none is not worth a word");
    assert.match(box.log[0]!, /weights\.bin.*It comes with Masklet and is made again\./);
  });

  it("comes back after it was removed, whether it was compiled or not", async () => {
    const box = await openBox(weights);
    const store = box.store();
    await store.remove(id);
    const { hash } = await store.open(id);
    await store.remove(id);
    assert.deepEqual(await readdir(join(box.home, "models")), []);
    assert.equal((await store.open(id)).hash, hash);
  });

  it("keeps its name for what it is, until it is removed; then somebody's own weights have it and stay", async () => {
    const box = await openBox(weights);
    const store = box.store();
    await store.open(id);
    await assert.rejects(store.add({ source: fixture("sam2_shrunken"), id, int8: false }), { code: "model_exists" });
    await store.remove(id);
    const { model } = await store.add({ source: fixture("sam2_shrunken"), id, int8: false });
    assert.deepEqual([model.embedded, model.source], [undefined, fixture("sam2_shrunken")]);
    await box.store().open(id);
    assert.equal((await listed(box.store()))?.source, fixture("sam2_shrunken"));
  });

  it("is made once when two ask at the same moment", async () => {
    const box = await openBox(weights);
    const [one, two] = await Promise.all([box.store().open(id), box.store().open(id)]);
    assert.equal(one.hash, two.hash);
    assert.deepEqual(await readdir(join(box.home, "models")), [id]);
  });

  it("does without scores that cannot be read", async () => {
    for (const text of ["{", "[]", '{"models":{"masklet-sam2":{"mean":"high"}}}']) {
      const box = await openBox(weights);
      await writeFile(join(box.folder, "scores.json"), text);
      assert.deepEqual([(await listed(box.store()))?.integrity, (await listed(box.store()))?.meanDice], ["recorded", undefined]);
      assert.equal(box.log.length, text === "{" ? 2 : 0);
    }
  });

  const committed = fileURLToPath(new URL(`../embedded/${id}.safetensors`, import.meta.url));
  it("is, in this checkout, what was judged, and sees", { skip: existsSync(committed) ? false : "models/embedded holds no weights" }, async () => {
    const store = createModelStore({ home: await mkdtemp(join(root, "home-")), embedded: fileURLToPath(new URL("../embedded/", import.meta.url)) });
    const model = await store.pull(id);
    assert.deepEqual([model.integrity, typeof model.meanDice, model.licence], ["verified", "number", "Apache-2.0"]);
    assert.equal(model.imageSize, 256, "its metadata say another input than docs/troubleshooting.md");
    assert.ok(model.sizeBytes < 15e6 * 2, "fp16 weights of at most 15 MB");
    const { iou } = await checkLive(await store.check(id), { provider: "cpu" });
    assert.ok(iou > 0.7, `it finds a test disc with overlap ${iou}`);
  });

  it("is nothing to a folder of models that is none", async () => {
    const box = await openBox(weights);
    await mkdir(join(box.home, "models", "My models"), { recursive: true });
    assert.ok((await box.store().list()).every(({ id: one }) => one !== "My models"));
  });
});
