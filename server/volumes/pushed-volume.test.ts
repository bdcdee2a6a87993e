import assert from "node:assert/strict";
import { appendFile, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { MaskletError } from "#protocol/errors.ts";
import type { Plane } from "#protocol/types.ts";
import { createPlaneStore } from "./plane-store.ts";
import { openPushedVolume, type PushedVolume } from "./pushed-volume.ts";

const folder = await mkdtemp(join(tmpdir(), "masklet-pushed-"));
after(() => rm(folder, { recursive: true, force: true }));
const opened: string[] = [];

const shape = { t: 1, c: 2, z: 3, y: 2, x: 4 };
const planeAt = (z: number, c = 0): Plane => ({ t: 0, c, z });
/** 2 x 4 uint16 values: 1000 c + 100 z + index. */
const bytesOf = ({ c, z }: Plane): Uint8Array => new Uint8Array(Uint16Array.from({ length: 8 }, (_, i) => 1000 * c + 100 * z + i).buffer);
const whole = { t: 0, c: 0, z: [0, 3], y: [0, 2], x: [0, 4] } as const;

async function open(name = `v${opened.push("") }`, timeoutMs = 10_000): Promise<PushedVolume & { indexFile: string }> {
  const indexFile = join(folder, `${name}.planes`);
  const volume = await openPushedVolume({ declaration: { name: "live", shape, dtype: "uint16" }, planes: createPlaneStore(join(folder, "planes")), indexFile, timeoutMs });
  return { ...volume, indexFile };
}

const code = (expected: string) => (fault: unknown): boolean => fault instanceof MaskletError && fault.code === expected;

test("only planes that are not here are asked for, once, in one request", async () => {
  const volume = await open();
  await volume.put(planeAt(1), bytesOf(planeAt(1)));
  const requests: (readonly Plane[])[] = [];
  volume.setSupplier((planes) => void requests.push(planes));
  const reads = [volume.read(whole), volume.read(whole), volume.planeKey(planeAt(2))];
  assert.deepEqual(requests, [[planeAt(0), planeAt(2)]]);
  assert.ok(volume.isNeeded(planeAt(2)));
  await volume.put(planeAt(2), bytesOf(planeAt(2)), { onlyIfNeeded: true });
  await volume.put(planeAt(0), bytesOf(planeAt(0)), { onlyIfNeeded: true });
  const [first, second] = await Promise.all(reads);
  assert.deepEqual(first, Uint16Array.of(0, 1, 2, 3, 4, 5, 6, 7, 100, 101, 102, 103, 104, 105, 106, 107, 200, 201, 202, 203, 204, 205, 206, 207));
  assert.deepEqual(second, first);
  assert.equal(volume.held(), 3);
  assert.ok(!volume.isNeeded(planeAt(2)));
});

test("puts are checked: existence, length, content, and whether anybody asked", async () => {
  const volume = await open();
  await assert.rejects(volume.put(planeAt(3), bytesOf(planeAt(0))), code("plane_off_volume"));
  await assert.rejects(volume.put(planeAt(0), new Uint8Array(15)), code("pixels_size"));
  await assert.rejects(volume.put(planeAt(0), bytesOf(planeAt(0)), { onlyIfNeeded: true }), code("pixels_unexpected"));
  await volume.put(planeAt(0), bytesOf(planeAt(0)));
  await volume.put(planeAt(0), bytesOf(planeAt(0)));
  await volume.put(planeAt(0), bytesOf(planeAt(0)), { onlyIfNeeded: true });
  await assert.rejects(volume.put(planeAt(0), bytesOf(planeAt(1))), code("volume_changed"));
  assert.equal(volume.held(), 1);
});

test("two different planes put at once for one place: one is kept, the other refused", async () => {
  const volume = await open();
  const results = await Promise.allSettled([volume.put(planeAt(0), bytesOf(planeAt(0))), volume.put(planeAt(0), bytesOf(planeAt(1)))]);
  assert.deepEqual(results.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
});

test("without a client the pixels are missing at once, by name", async () => {
  const volume = await open();
  await assert.rejects(volume.read(whole), (fault) => code("pixels_missing")(fault) && fault instanceof Error && /z=0; t=0 c=0 z=1; t=0 c=0 z=2/.test(fault.message));
});

test("a client that leaves ends the waits; one that comes is asked for what is open", async () => {
  const volume = await open();
  volume.setSupplier(() => undefined);
  const lost = volume.read(whole);
  volume.setSupplier(undefined);
  await assert.rejects(lost, code("pixels_missing"));

  volume.setSupplier(() => undefined);
  const read = volume.planeKey(planeAt(1));
  const asked: Plane[] = [];
  volume.setSupplier((planes) => void asked.push(...planes));
  assert.deepEqual(asked, [planeAt(1)]);
  await volume.put(planeAt(1), bytesOf(planeAt(1)), { onlyIfNeeded: true });
  assert.match(await read, /^[0-9a-f]{64}-uint16-2x4$/);
});

test("a silent client is not waited for longer than the limit, and is asked again by the next reader", async () => {
  const volume = await open(undefined, 5);
  let requests = 0;
  volume.setSupplier(() => void requests++);
  await assert.rejects(volume.read(whole), code("pixels_missing"));
  await assert.rejects(volume.read(whole), code("pixels_missing"));
  assert.equal(requests, 2);
});

test("a supplier that fails ends the read with its reason", async () => {
  const volume = await open();
  volume.setSupplier(() => Promise.reject(MaskletError.of("volume_changed", { plane: "all" })));
  await assert.rejects(volume.read(whole), code("volume_changed"));
});

test("a cancelled read ends at once, and pixels on their way are still taken", async () => {
  const volume = await open();
  volume.setSupplier(() => undefined);
  const abort = new AbortController();
  const read = volume.read(whole, abort.signal);
  abort.abort();
  await assert.rejects(read, code("cancelled"));
  await volume.put(planeAt(0), bytesOf(planeAt(0)), { onlyIfNeeded: true });
  assert.equal(volume.held(), 1);
});

test("a restart finds every plane that was acknowledged, whatever the last line looks like", async () => {
  const volume = await open("restart");
  await volume.put(planeAt(0), bytesOf(planeAt(0)));
  await volume.put(planeAt(2, 1), bytesOf(planeAt(2, 1)));
  const text = await readFile(volume.indexFile, "utf8");
  for (const torn of ["0 0 1 ab", "0 0", "\0\0\0\0"]) {
    await writeFile(volume.indexFile, text);
    await appendFile(volume.indexFile, torn);
    const again = await open("restart");
    assert.equal(again.held(), 2);
    await again.put(planeAt(1), bytesOf(planeAt(1)));
    const third = await open("restart");
    assert.equal(third.held(), 3);
    assert.deepEqual(await third.read({ ...whole, z: [0, 2], y: [1, 2], x: [2, 4] }), Uint16Array.of(6, 7, 106, 107));
    await assert.rejects(third.put(planeAt(0), bytesOf(planeAt(1))), code("volume_changed"));
  }
});

test("a plane lost from the disk is asked for again", async () => {
  const own = join(folder, "own");
  const volume = await openPushedVolume({ declaration: { name: "live", shape, dtype: "uint16" }, planes: createPlaneStore(own), indexFile: join(folder, "own.planes") });
  await volume.put(planeAt(0), bytesOf(planeAt(0)));
  const [sub] = await readdir(own);
  const [name] = await readdir(join(own, sub!));
  await writeFile(join(own, sub!, name!), "short");
  await assert.rejects(volume.read({ ...whole, z: [0, 1] }), code("pixels_missing"));
  volume.setSupplier((planes) => Promise.all(planes.map((plane) => volume.put(plane, bytesOf(plane), { onlyIfNeeded: true }))).then(() => undefined));
  assert.deepEqual(await volume.read({ ...whole, z: [0, 1], y: [0, 1] }), Uint16Array.of(0, 1, 2, 3));
});

test("equal planes are kept once", async () => {
  const own = join(folder, "once");
  const volume = await openPushedVolume({ declaration: { name: "live", shape, dtype: "uint16" }, planes: createPlaneStore(own), indexFile: join(folder, "once.planes") });
  const same = new Uint8Array(16).fill(7);
  await Promise.all([0, 1, 2].flatMap((z) => [volume.put(planeAt(z, 0), same), volume.put(planeAt(z, 1), same)]));
  const files = (await readdir(own, { recursive: true })).filter((entry) => entry.length > 60);
  assert.equal(files.length, 1, files.join());
  assert.equal(volume.held(), 6);
});

test("a declaration that cannot be is refused", async () => {
  const bad = [{ ...shape, z: 0 }, { ...shape, x: -1 }, { ...shape, y: Number.NaN }, { ...shape, x: 1e6 }, { ...shape, t: 3_000_000 }, { ...shape, y: 2.5 }];
  for (const wrong of bad) {
    await assert.rejects(openPushedVolume({ declaration: { name: "n", shape: wrong, dtype: "uint8" }, planes: createPlaneStore(folder), indexFile: join(folder, "bad.planes") }), code("shape_invalid"));
  }
  await assert.rejects(openPushedVolume({ declaration: { name: "n", shape, dtype: "uint8", rgb: true }, planes: createPlaneStore(folder), indexFile: join(folder, "bad.planes") }), code("shape_invalid"));
});
