import assert from "node:assert/strict";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { MaskletError } from "#protocol/errors.ts";
import { openVolume } from "#server/volumes/open-volume.ts";
import { laterDirectories, leadingBytes } from "./tiff-head.ts";
import { writeImagejTiff } from "./tiff-writer.ts";

const folder = await mkdtemp(join(tmpdir(), "masklet-writer-"));
after(() => rm(folder, { recursive: true, force: true }));
const file = (name: string): string => join(folder, name);
const shape = { t: 1, c: 1, z: 2, y: 2, x: 3 };

test("an 8-bit stack, byte for byte where it matters", async () => {
  await writeImagejTiff(file("u8.tif"), { shape, dtype: "uint8" }, [Uint8Array.of(1, 2, 3, 4, 5, 6), Uint8Array.of(7, 8, 9, 10, 11, 255)]);
  const bytes = await readFile(file("u8.tif"));
  assert.equal(bytes.subarray(0, 8).toString("hex"), "4d4d002a00000008");
  assert.match(bytes.toString("latin1"), /ImageJ=1\.53t\nimages=2\nslices=2\nloop=false\n\0/);
  assert.ok(bytes.includes(Buffer.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 255)), "the planes follow each other");
});

test("values, calibration and display range come back", async () => {
  const spacing = { z: 0.2, y: 0.065, x: 0.07 };
  const a = Float32Array.of(-1.5, 0, 1e-20, Number.NaN, 4, 5);
  await writeImagejTiff(file("f32.tif"), { shape, dtype: "float32", spacing, displayRange: [-1, 5.5] }, [a, a.map((v) => v * 2)]);
  const volume = await openVolume(file("f32.tif"));
  assert.deepEqual(volume.spacing, spacing);
  assert.deepEqual(volume.displayRange, [-1, 5.5]);
  assert.deepEqual(await volume.read({ t: 0, c: 0, z: [0, 1], y: [0, 2], x: [0, 3] }), a);
  assert.deepEqual(await volume.read({ t: 0, c: 0, z: [1, 2], y: [1, 2], x: [1, 3] }), Float32Array.of(8, 10));
  await volume.close();
});

test("spacings from picometres to metres come back", async () => {
  for (const um of [1e-6, 0.0317, 0.5, 2.4, 25.4, 12_345, 1e6]) {
    await writeImagejTiff(file("um.tif"), { shape: { ...shape, z: 1 }, dtype: "uint8", spacing: { z: um, y: um, x: um } }, [new Uint8Array(6)]);
    const volume = await openVolume(file("um.tif"));
    assert.deepEqual(volume.spacing, { z: um, y: um, x: um });
    await volume.close();
  }
});

test("the input is not changed by the turn to big-endian", async () => {
  const plane = Uint16Array.of(1, 2, 3, 4, 5, 600);
  await writeImagejTiff(file("u16.tif"), { shape, dtype: "uint16" }, [plane, plane]);
  assert.deepEqual(plane, Uint16Array.of(1, 2, 3, 4, 5, 600));
});

test("what goes wrong leaves the file of that name as it was, and nothing else", async () => {
  const name = file("kept.tif");
  await writeFile(name, "before");
  const plane = new Uint8Array(6);
  const attempts: [string, () => Promise<void>][] = [
    ["shape_invalid", () => writeImagejTiff(name, { shape, dtype: "uint8" }, [plane])],
    ["shape_invalid", () => writeImagejTiff(name, { shape, dtype: "uint8" }, [plane, plane, plane])],
    ["shape_invalid", () => writeImagejTiff(name, { shape, dtype: "uint8" }, [plane, new Uint8Array(5)])],
    ["shape_invalid", () => writeImagejTiff(name, { shape, dtype: "uint16" }, [plane, plane])],
    ["cancelled", () => writeImagejTiff(name, { shape, dtype: "uint8" }, [plane, plane], { signal: AbortSignal.abort() })],
    ["file_not_written", () => writeImagejTiff(join(folder, "missing", "a.tif"), { shape, dtype: "uint8" }, [plane, plane])],
    ["file_not_written", () => writeImagejTiff(folder, { shape, dtype: "uint8" }, [plane, plane])],
  ];
  for (const [code, attempt] of attempts) {
    await assert.rejects(attempt(), (fault) => fault instanceof MaskletError && fault.code === code);
  }
  assert.equal(await readFile(name, "utf8"), "before");
  assert.deepEqual((await readdir(folder)).filter((entry) => entry.includes(".part")), []);
});

test("above 4 GB there is one directory, and it promises all planes", () => {
  const huge = { shape: { t: 1, c: 1, z: 3000, y: 1000, x: 1000 }, dtype: "uint16" } as const;
  const head = leadingBytes(huge, 2_000_000);
  assert.equal(laterDirectories(huge, 2_000_000, head.length).length, 0);
  const entries = head.readUInt16BE(8);
  assert.equal(head.readUInt32BE(10 + 12 * entries), 0, "no next directory");
  assert.match(head.toString("latin1"), /images=3000\nslices=3000\n/);
  const large = { ...huge, shape: { ...huge.shape, z: 2147 } };
  assert.ok(laterDirectories(large, 2_000_000, head.length).length > 0);
});
