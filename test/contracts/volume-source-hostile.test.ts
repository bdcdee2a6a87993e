// Files that lie, are cut short or damaged: a coded error or valid pixels, never a hang or much memory.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { MaskletError } from "#protocol/errors.ts";
import { writeImagejTiff } from "#server/exports/tiff-writer.ts";
import { openVolume } from "#server/volumes/open-volume.ts";
import { seededRandom } from "../../fixtures/make/seeded-random.ts";
import { rejects } from "./volume-source.ts";

const fixtures = new URL("../../fixtures/tiff/", import.meta.url).pathname;
const folder = await mkdtemp(join(tmpdir(), "masklet-hostile-"));
after(() => rm(folder, { recursive: true, force: true }));
const file = join(folder, "file.tif");

const shape = { t: 1, c: 1, z: 3, y: 6, x: 10 };
await writeImagejTiff(file, { shape, dtype: "uint16", spacing: { z: 1, y: 1, x: 1 } }, [1, 2, 3].map((value) => new Uint16Array(60).fill(value)));
const good = await readFile(file);

/** The position of a tag's value in the first directory of the good file. */
function valueOf(tag: number): number {
  const entries = good.readUInt16BE(8);
  for (let entry = 0; entry < entries; entry++) if (good.readUInt16BE(10 + 12 * entry) === tag) return 10 + 12 * entry + 8;
  assert.fail(`no tag ${tag}`);
}

function changed(change: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.from(good);
  change(bytes);
  return bytes;
}

/** Opens the bytes as a file and reads every voxel. */
async function openAndRead(bytes: Uint8Array): Promise<void> {
  await writeFile(file, bytes);
  const volume = await openVolume(file);
  try {
    const { t, c, z, y, x } = volume.shape;
    for (let frame = 0; frame < t; frame++) {
      for (let channel = 0; channel < c; channel++) await volume.read({ t: frame, c: channel, z: [0, z], y: [0, y], x: [0, x] });
    }
  } finally {
    await volume.close();
  }
}

test("what is no TIFF", async () => {
  await rejects(openVolume(join(folder, "none.tif")), "file_missing");
  await rejects(openVolume(join(file, "below-a-file.tif")), "file_missing");
  await mkdir(join(folder, "folder.tif"), { recursive: true });
  const folderFault = await rejects(openVolume(join(folder, "folder.tif")), "file_unreadable");
  assert.match(folderFault.message, /folder/);
  await rejects(openAndRead(new Uint8Array(0)), "tiff_invalid");
  await rejects(openAndRead(Buffer.from("II*")), "tiff_invalid");
  await rejects(openAndRead(Buffer.from("\x89PNG\r\n\x1a\nxxxxxxxxxxxxx")), "tiff_invalid");
  await rejects(openAndRead(changed((bytes) => bytes.writeUInt16BE(44, 2))), "tiff_invalid");
});

test("a file cut short says both sizes", async () => {
  const fault = await rejects(openAndRead(good.subarray(0, good.length - 700)), "tiff_truncated");
  assert.equal(fault.details["haveBytes"], good.length - 700);
  assert.ok(Number(fault.details["needBytes"]) > good.length - 700);
});

test("headers that lie", async () => {
  await rejects(openAndRead(changed((b) => b.writeUInt32BE(0, valueOf(256)))), "tiff_invalid");
  await rejects(openAndRead(changed((b) => b.writeUInt32BE(2 ** 31, valueOf(256)))), "shape_invalid");
  // 70 000 rows of 20 bytes: under every byte limit, over maxSide.
  await rejects(openAndRead(changed((b) => { b.writeUInt32BE(70_000, valueOf(257)); b.writeUInt32BE(70_000, valueOf(278)); })), "tiff_truncated");
  await rejects(openAndRead(changed((b) => b.writeUInt32BE(2 ** 32 - 4, valueOf(273)))), "tiff_truncated");
  await rejects(openAndRead(changed((b) => b.writeUInt32BE(0, valueOf(273)))), "tiff_invalid");
  await rejects(openAndRead(changed((b) => b.writeUInt32BE(0, valueOf(278)))), "tiff_invalid");
  await rejects(openAndRead(changed((b) => b.writeUInt32BE(2, valueOf(278)))), "tiff_invalid");
  await rejects(openAndRead(changed((b) => b.writeUInt16BE(12, valueOf(258)))), "tiff_unsupported");
  await rejects(openAndRead(changed((b) => b.writeUInt16BE(7, valueOf(259)))), "tiff_unsupported");
  await rejects(openAndRead(changed((b) => b.writeUInt16BE(65_535, 8))), "tiff_truncated");
  await rejects(openAndRead(changed((b) => b.writeUInt16BE(0, 8))), "tiff_invalid");
  // The description's length, and the directory's position.
  await rejects(openAndRead(changed((b) => b.writeUInt32BE(2 ** 32 - 1, valueOf(270) - 4))), "tiff_invalid");
  await rejects(openAndRead(changed((b) => b.writeUInt32BE(2 ** 32 - 1, 4))), "tiff_truncated");
  await rejects(openAndRead(changed((b) => b.writeUInt32BE(0, 4))), "tiff_invalid");
});

test("descriptions that promise more than the file holds", async () => {
  const at = good.indexOf("images=3\nslices=3");
  const described = (text: string): Buffer => changed((bytes) => {
    bytes.fill(10, at, at + 17);
    bytes.write(text, at, "latin1");
    // One directory only: the description alone says how many planes there are.
    bytes.writeUInt32BE(0, 10 + 12 * bytes.readUInt16BE(8));
  });
  await rejects(openAndRead(described("images=400")), "tiff_truncated");
  await rejects(openAndRead(described("images=1e12")), "shape_invalid");
  await rejects(openAndRead(described("images=9e300")), "shape_invalid");
  await openAndRead(described("images=-3"));
  await openAndRead(described("images=NaN"));
  await openAndRead(described("images=2.5"));
});

test("directories in a circle", async () => {
  const bytes = await readFile(join(fixtures, "u16-strips.tif"));
  const first = bytes.readUInt32LE(4);
  const entries = bytes.readUInt16LE(first);
  const second = bytes.readUInt32LE(first + 2 + 12 * entries);
  for (const target of [first, second]) {
    const copy = Buffer.from(bytes);
    copy.writeUInt32LE(target, second + 2 + 12 * bytes.readUInt16LE(second));
    await rejects(openAndRead(copy), "tiff_invalid");
  }
});

test("a tile that is left out is zeros only when it has neither a place nor a length", async () => {
  const bytes = await readFile(join(fixtures, "u16-tiled.tif"));
  const first = bytes.readUInt32LE(4);
  const tables = new Map<number, number>();
  for (let entry = 0; entry < bytes.readUInt16LE(first); entry++) {
    const at = first + 2 + 12 * entry;
    tables.set(bytes.readUInt16LE(at), bytes.readUInt32LE(at + 8));
  }
  bytes.writeUInt32LE(0, tables.get(324)!);
  await rejects(openAndRead(bytes), "tiff_invalid");
  // The lengths are 2-byte numbers in this file.
  bytes.writeUInt16LE(0, tables.get(325)!);
  await writeFile(file, bytes);
  const volume = await openVolume(file);
  assert.deepEqual(await volume.read({ t: 0, c: 0, z: [0, 1], y: [0, 1], x: [14, 18] }), Uint16Array.of(0, 0, 2176, 2187));
  await volume.close();
});

test("a few bytes that promise a gigabyte are refused before it is taken", async () => {
  for (const name of ["u16-deflate.tif", "u16-lzw.tif", "u16-packbits.tif", "u16-zstd.tif"]) {
    const bytes = await readFile(join(fixtures, name));
    const first = bytes.readUInt32LE(4);
    for (let entry = 0; entry < bytes.readUInt16LE(first); entry++) {
      const at = first + 2 + 12 * entry;
      const tag = bytes.readUInt16LE(at);
      // Width, height and rows of a strip as 4-byte numbers: 900 MB of pixels in one strip.
      if (tag !== 256 && tag !== 257 && tag !== 278) continue;
      bytes.writeUInt16LE(4, at + 2);
      bytes.writeUInt32LE(tag === 256 ? 22_500 : 20_000, at + 8);
    }
    bytes.writeUInt32LE(0, first + 2 + 12 * bytes.readUInt16LE(first));
    await writeFile(file, bytes);
    const fault = await rejects(openVolume(file), "tiff_invalid");
    assert.match(fault.message, /claims 900000000 bytes/, name);
  }
});

test("pages that differ are refused, not mixed", async () => {
  const bytes = await readFile(join(fixtures, "u16-strips.tif"));
  const first = bytes.readUInt32LE(4);
  const second = bytes.readUInt32LE(first + 2 + 12 * bytes.readUInt16LE(first));
  for (let entry = 0; entry < bytes.readUInt16LE(second); entry++) {
    const at = second + 2 + 12 * entry;
    if (bytes.readUInt16LE(at) === 256) bytes.writeUInt16LE(35, at + 8);
  }
  await rejects(openAndRead(bytes), "tiff_unsupported");
});

test("1-bit samples are refused by name", async () => {
  const fault = await rejects(openVolume(join(fixtures, "u8-bits1.tif")), "tiff_unsupported");
  assert.match(fault.message, /1-bit/);
});

test("cut anywhere: a coded error, or pixels when only the end is missing", async () => {
  for (const name of await readdir(fixtures)) {
    if (!name.endsWith(".tif")) continue;
    const bytes = await readFile(join(fixtures, name));
    const random = seededRandom(11);
    for (let round = 0; round < 12; round++) await survives(bytes.subarray(0, random.whole(0, bytes.length - 1)), `${name} cut, round ${round}`);
  }
  for (let length = 0; length < good.length; length += 7) await survives(good.subarray(0, length), `cut at ${length}`);
});

test("bytes flipped at random: a coded error or pixels, in little memory", async () => {
  const before = process.memoryUsage.rss();
  for (const name of await readdir(fixtures)) {
    if (!name.endsWith(".tif")) continue;
    const bytes = await readFile(join(fixtures, name));
    // Half of the flips hit the first directory or the last bytes, where the structure is.
    const random = seededRandom(23);
    for (let round = 0; round < 40; round++) {
      const copy = Buffer.from(bytes);
      for (let flips = random.whole(1, 4); flips > 0; flips--) {
        const near = random.uniform() < 0.5 ? Math.min(400, copy.length) : copy.length;
        copy[random.whole(0, near - 1)]! ^= random.whole(1, 255);
      }
      await survives(copy, `${name} flipped, round ${round}`);
    }
  }
  const grown = (process.memoryUsage.rss() - before) / 2 ** 20;
  assert.ok(grown < 256, `the process grew by ${grown} MiB`);
});

async function survives(bytes: Uint8Array, which: string): Promise<void> {
  try {
    await openAndRead(bytes);
  } catch (fault) {
    assert.ok(fault instanceof MaskletError, `${which}: ${fault instanceof Error ? fault.stack : String(fault)}`);
    assert.notEqual(fault.code, "internal", which);
  }
}
