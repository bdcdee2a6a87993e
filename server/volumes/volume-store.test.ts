import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { copyFile, mkdir, mkdtemp, readFile, readdir, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { MaskletError } from "#protocol/errors.ts";
import { unpackZarrFixtures } from "../../test/contracts/zarr-fixtures.ts";
import { createVolumeStore, type VolumeStore } from "./volume-store.ts";

const folder = await mkdtemp(join(tmpdir(), "masklet-store-"));
after(() => rm(folder, { recursive: true, force: true }));
const fixtures = new URL("../../fixtures/tiff/", import.meta.url).pathname;
const root = join(folder, "root");
await mkdir(join(root, "sub"), { recursive: true });
await mkdir(join(folder, "outside"));
await copyFile(join(fixtures, "u16-lzw.tif"), join(root, "sub", "a.tif"));
await copyFile(join(fixtures, "u16-lzw.tif"), join(folder, "outside", "secret.tif"));
await symlink(join(folder, "outside", "secret.tif"), join(root, "link.tif"));
await symlink(join(root, "sub", "a.tif"), join(root, "inner.tif"));
const homes: string[] = [];

/** Runs with a store, then with another on the same folder, as after a restart. */
async function withStore(check: (store: VolumeStore, home: string) => Promise<void>, ...afterRestart: ((store: VolumeStore) => Promise<void>)[]): Promise<void> {
  const home = join(folder, `home${homes.push("")}`);
  for (const run of [check, ...afterRestart]) {
    const store = createVolumeStore({ home, roots: [root, join(folder, "no-such-root")] });
    try {
      await run(store, home);
    } finally {
      await store.close();
    }
  }
}

const code = (expected: string) => (fault: unknown): boolean => fault instanceof MaskletError && fault.code === expected;
const declaration = { name: "live", shape: { t: 1, c: 1, z: 2, y: 2, x: 3 }, dtype: "uint8", identity: "fiji:7" } as const;
const plane = { t: 0, c: 0, z: 1 };
const box = { t: 0, c: 0, z: [1, 2], y: [0, 2], x: [0, 3] } as const;

test("a declared volume is the same one again, also after a restart, with its planes", async () => {
  const ids: string[] = [];
  await withStore(async (store) => {
    const first = await store.declare(declaration);
    assert.match(first.volumeId, /^[a-z]+-[A-Za-z0-9]{6,40}$/);
    assert.equal(first.resumed, false);
    await first.source.put(plane, Uint8Array.of(1, 2, 3, 4, 5, 6));
    const [again, once] = await Promise.all([store.declare(declaration), store.declare({ ...declaration, name: "renamed" })]);
    assert.equal(again.source, first.source);
    assert.equal(once.resumed, true);
    assert.deepEqual(await store.describe(first.volumeId), { volumeId: first.volumeId, name: "live", shape: declaration.shape, dtype: "uint8", planesHeld: 1 });
    ids.push(first.volumeId);
  }, async (store) => {
    assert.deepEqual(await (await store.get(ids[0]!)).read(box), Uint8Array.of(1, 2, 3, 4, 5, 6));
    assert.equal((await store.getPushed(ids[0]!)).held(), 1);
    const again = await store.declare(declaration);
    assert.deepEqual([again.volumeId, again.resumed], [ids[0], true]);
    assert.deepEqual((await store.list()).map(({ volumeId }) => volumeId), ids);
  });
});

test("a known identity with another shape or dtype is a changed image; no identity is always new", async () => {
  await withStore(async (store) => {
    await store.declare(declaration);
    await assert.rejects(store.declare({ ...declaration, shape: { ...declaration.shape, x: 4 } }), code("volume_changed"));
    await assert.rejects(store.declare({ ...declaration, dtype: "uint16" }), code("volume_changed"));
    const { identity: _, ...anonymous } = declaration;
    assert.notEqual((await store.declare(anonymous)).volumeId, (await store.declare(anonymous)).volumeId);
  }, async (store) => {
    await assert.rejects(store.declare({ ...declaration, shape: { ...declaration.shape, z: 9 } }), code("volume_changed"));
  });
});

test("paths are opened only under the roots, after links are resolved", async () => {
  await withStore(async (store) => {
    const { volumeId, source } = await store.openPath(join(root, "sub", "..", "sub", "a.tif"));
    assert.equal(source.name, "a.tif");
    assert.equal((await store.openPath(join(root, "inner.tif"))).volumeId, volumeId);
    for (const path of [join(root, "link.tif"), join(folder, "outside", "secret.tif"), join(root, "..", "outside", "secret.tif"), join(folder, "outside", "none.tif"), "/etc/passwd", "none.tif", folder, `${root}x/a.tif`]) {
      await assert.rejects(store.openPath(path), code("path_forbidden"), path);
    }
    await assert.rejects(store.openPath(join(root, "none.tif")), code("file_missing"));
    await assert.rejects(store.openPath(root), code("file_unreadable"));
    await assert.rejects(store.openPath(join(root, "nul\0.tif")), code("file_unreadable"));
  });
});

test("a file that changed is another volume, and the old one says so after a restart", async () => {
  const file = join(root, "changing.tif");
  await copyFile(join(fixtures, "u16-lzw.tif"), file);
  const ids: string[] = [];
  await withStore(async (store) => {
    ids.push((await store.openPath(file)).volumeId);
    await utimes(file, 1, 1);
    ids.push((await store.openPath(file)).volumeId);
    assert.notEqual(ids[0], ids[1]);
  }, async (store) => {
    await assert.rejects(store.get(ids[0]!), code("volume_changed"));
    assert.deepEqual((await store.get(ids[1]!)).shape, { t: 1, c: 1, z: 3, y: 20, x: 36 });
  }, async (store) => {
    await rm(file);
    await assert.rejects(store.get(ids[1]!), code("file_missing"));
    assert.equal((await store.list()).length, 2);
  });
});

test("a Zarr folder under a root is opened in place, found after a restart, and another volume once its metadata changed", async () => {
  const zarr = join(root, "zarr");
  unpackZarrFixtures(zarr);
  const path = join(zarr, "v2-5d.zarr");
  const whole = { t: 1, c: 0, z: [1, 2], y: [0, 20], x: [0, 36] } as const;
  const found: string[] = [];
  await withStore(async (store) => {
    const { volumeId, source, resumed } = await store.openPath(path);
    found.push(volumeId);
    assert.deepEqual([source.name, source.shape, source.chunk, source.missingChunks?.(), resumed], ["v2-5d.zarr", { t: 2, c: 2, z: 3, y: 20, x: 36 }, { z: 2, y: 16, x: 16 }, 0, false]);
    assert.equal((await source.read(whole)).length, 720);
    assert.equal((await store.openPath(join(zarr, "with-labels.zarr", "labels", "cells"))).source.name, "cells");
    await assert.rejects(store.openPath(join(zarr, "..")), code("file_unreadable"));
  }, async (store) => {
    assert.equal((await store.describe(found[0]!)).name, "v2-5d.zarr");
    assert.equal((await store.openPath(path)).resumed, true);
    const metadata = join(path, "0", ".zarray");
    await writeFile(metadata, `${await readFile(metadata, "utf8")}\n`);
  }, async (store) => {
    await assert.rejects(store.get(found[0]!), code("volume_changed"));
    assert.notEqual((await store.openPath(path)).volumeId, found[0]);
  });
});

async function* chunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

test("an upload is kept once under its hash and found after a restart", async () => {
  const bytes = await readFile(join(fixtures, "imagej-hyperstack.tif"));
  const ids: string[] = [];
  await withStore(async (store, home) => {
    const first = await store.upload(chunks(bytes, 1000), "C:\\data\\scan.tif");
    const second = await store.upload(chunks(bytes, 333), "again.tif");
    assert.equal(second.volumeId, first.volumeId);
    assert.deepEqual([first.resumed, second.resumed], [false, true]);
    assert.equal(first.source.name, "scan.tif");
    assert.deepEqual(await readdir(join(home, "uploads")), [`${createHash("sha256").update(bytes).digest("hex")}.tif`]);
    await assert.rejects(store.getPushed(first.volumeId), code("not_found"));
    await store.setSupplier(first.volumeId, () => assert.fail("a file needs nobody's pixels"));
    await assert.rejects(store.setSupplier("nowhere", undefined), code("not_found"));
    ids.push(first.volumeId);
  }, async (store) => {
    const volume = await store.describe(ids[0]!);
    assert.deepEqual(volume.spacing, { z: 2.5, y: 0.25, x: 0.25 });
    assert.deepEqual(volume.displayRange, [100, 60_000]);
    assert.equal(volume.name, "scan.tif");
  });
});

test("an upload that is no TIFF, or breaks off, leaves nothing", async () => {
  const bytes = await readFile(join(fixtures, "imagej-hyperstack.tif"));
  await withStore(async (store, home) => {
    await assert.rejects(store.upload(chunks(Buffer.from("not a TIFF at all"), 5), "x.tif"), (fault) => code("tiff_invalid")(fault) && fault instanceof Error && fault.message.startsWith("x.tif is not"));
    await assert.rejects(store.upload(chunks(bytes.subarray(0, 9000), 4096), "cut.tif"), code("tiff_truncated"));
    await assert.rejects(store.upload(chunks(bytes, 1000), "y.tif", { signal: AbortSignal.abort() }), code("cancelled"));
    const broken = async function* (): AsyncGenerator<Uint8Array> {
      yield bytes.subarray(0, 100);
      throw new TypeError("the connection broke");
    };
    await assert.rejects(store.upload(broken(), "z.tif"), TypeError);
    assert.deepEqual(await readdir(join(home, "uploads")), []);
    assert.deepEqual(await store.list(), []);
  });
});

test("ids that are unknown or no ids are not found, and read no other file", async () => {
  await withStore(async (store, home) => {
    await writeFile(join(home, "..", "other.json"), "{}");
    for (const id of ["vol-0000000000", "", "../other", "vol-../../other", "vol-aaaaaa/../../../other"]) await assert.rejects(store.get(id), code("not_found"), id);
  });
});

test("a damaged record is told, not passed over", async () => {
  const ids: string[] = [];
  await withStore(async (store, home) => {
    ids.push((await store.declare(declaration)).volumeId);
    await writeFile(join(home, "volumes", `${ids[0]}.json`), "{\"kind\": \"pushed\"");
  }, async (store) => {
    await assert.rejects(store.get(ids[0]!), code("file_unreadable"));
  });
});
