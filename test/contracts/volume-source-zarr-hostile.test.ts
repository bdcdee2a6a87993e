// Zarr folders that lie, miss files or are damaged: a coded error that names the file, or valid pixels, never a hang or much memory.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { MaskletError } from "#protocol/errors.ts";
import { packZstd, unpackZstd } from "#server/volumes/ome-zarr-zstd.ts";
import { openVolume } from "#server/volumes/open-volume.ts";
import { seededRandom } from "../../fixtures/make/seeded-random.ts";
import { rejects } from "./volume-source.ts";
import { unpackZarrFixtures } from "./zarr-fixtures.ts";

const folder = await mkdtemp(join(tmpdir(), "masklet-zarr-hostile-"));
after(() => rm(folder, { recursive: true, force: true }));
const names = unpackZarrFixtures(folder);
const victim = join(folder, "victim.zarr");

/** A copy of a fixture. */
function copy(name: string): string {
  rmSync(victim, { recursive: true, force: true });
  cpSync(join(folder, name), victim, { recursive: true });
  return victim;
}

/** A copy whose level has other metadata. */
function lying(name: string, change: object, file = name.startsWith("v2") ? "0/.zarray" : "0/zarr.json"): string {
  const path = join(copy(name), file);
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, "utf8")), ...change }));
  return victim;
}

async function openAndRead(path: string): Promise<void> {
  const volume = await openVolume(path);
  try {
    const { t, c, z, y, x } = volume.shape;
    for (let frame = 0; frame < t; frame++) {
      for (let channel = 0; channel < c; channel++) await volume.read({ t: frame, c: channel, z: [0, z], y: [0, y], x: [0, x] });
    }
  } finally {
    await volume.close();
  }
}

const regular = (...shape: unknown[]): object => ({ chunk_grid: { name: "regular", configuration: { chunk_shape: shape } } });

test("metadata that is missing, no JSON, no file, or of no node", async () => {
  for (const [file, content, code] of [
    ["0/zarr.json", undefined, "zarr_invalid"], ["0/zarr.json", "{\"shape\": [1", "zarr_invalid"], ["0/zarr.json", "[]", "zarr_invalid"],
    ["0/zarr.json", "{\"node_type\": \"table\"}", "zarr_invalid"], ["zarr.json", "{\"node_type\": \"group\"}", "zarr_invalid"],
    ["zarr.json", " ".repeat(17 * 2 ** 20), "zarr_invalid"], ["zarr.json", undefined, "file_unreadable"],
  ] as const) {
    copy("v3-zstd.zarr");
    if (content === undefined) rmSync(join(victim, file));
    else writeFileSync(join(victim, file), content);
    const fault = await rejects(openVolume(victim), code);
    assert.match(fault.message, /victim\.zarr/);
  }
  copy("v3-zstd.zarr");
  rmSync(join(victim, "zarr.json"));
  mkdirSync(join(victim, "zarr.json"));
  await rejects(openVolume(victim), "file_unreadable");
});

test("shapes and chunks that lie are refused before memory is taken", async () => {
  for (const [change, code] of [
    [{ shape: [0, 20, 36] }, "zarr_invalid"], [{ shape: [-3, 20, 36] }, "zarr_invalid"], [{ shape: [2.5, 20, 36] }, "zarr_invalid"],
    [{ shape: ["3", 20, 36] }, "zarr_invalid"], [{ shape: [] }, "zarr_invalid"], [{ shape: null }, "zarr_invalid"], [{ shape: [3, 20] }, "zarr_invalid"],
    [{ shape: [3, 20, 36, 1] }, "zarr_invalid"], [{ shape: [1e300, 20, 36] }, "zarr_invalid"], [{ shape: [2 ** 53 - 1, 20, 36] }, "zarr_invalid"],
    [{ shape: [3, 70_000, 36] }, "shape_invalid"], [{ shape: [5_000_000, 20, 36] }, "shape_invalid"], [{ shape: Array.from({ length: 1e5 }, () => 1) }, "zarr_invalid"],
    [regular(2, 16, 0), "zarr_invalid"], [regular(2, 16, -16), "zarr_invalid"], [regular(2, 16), "zarr_invalid"], [regular(65_536, 65_536, 1), "zarr_invalid"],
    [regular(2 ** 50, 2 ** 50, 2 ** 50), "zarr_invalid"], [{ ...regular(1, 1, 1), shape: [4000, 4000, 4000] }, "zarr_invalid"],
    [{ chunk_grid: { name: "rectangular" } }, "zarr_unsupported"], [{ chunk_grid: 7 }, "zarr_invalid"],
  ] as const) {
    const fault = await rejects(openVolume(lying("v3-zstd.zarr", change)), code);
    if (code !== "shape_invalid") assert.match(fault.message, /zarr\.json/);
  }
  await rejects(openVolume(lying("v2-zstd.zarr", { chunks: [2 ** 40, 1, 1] })), "zarr_invalid");
  await rejects(openVolume(lying("v2-zstd.zarr", { order: "K" })), "zarr_invalid");
  // Chunks that hold less, or more, than the metadata says.
  for (const name of names.filter((one) => /^v3-(none|zstd|gzip|blosc|crc32c|big)/.test(one))) {
    for (const chunk of [[2, 16, 17], [2, 16, 8], [1, 16, 16]]) {
      const fault = await rejects(openAndRead(lying(name, regular(...chunk))), "zarr_chunk_corrupt");
      assert.match(fault.message, /victim\.zarr\/0\/c\/0\/0\/\d/, name);
    }
  }
});

test("kinds, codecs and fill values that are not read are named", async () => {
  for (const [change, code, why] of [
    [{ data_type: "float16" }, "zarr_unsupported", /float16/], [{ data_type: "complex64" }, "zarr_unsupported", /complex64/],
    [{ data_type: { name: "struct" } }, "zarr_unsupported", /struct/], [{ data_type: 5 }, "zarr_invalid", /dtype is 5/], [{ data_type: "__proto__" }, "zarr_unsupported", /__proto__/],
    [{ codecs: [{ name: "bytes" }, { name: "jpegxl" }] }, "zarr_unsupported", /jpegxl/], [{ codecs: [{ name: "vlen-utf8" }] }, "zarr_unsupported", /vlen-utf8/],
    [{ codecs: [{ name: "constructor" }] }, "zarr_unsupported", /constructor/], [{ codecs: {} }, "zarr_invalid", /codecs/], [{ codecs: [{}] }, "zarr_invalid", /codec/],
    [{ codecs: [{ name: "transpose", configuration: { order: [0, 0, 1] } }, "bytes"] }, "zarr_invalid", /transpose/],
    [{ codecs: ["bytes", { name: "transpose", configuration: { order: [2, 1, 0] } }] }, "zarr_invalid", /transposes/],
    [{ codecs: [{ name: "cast_value", configuration: { data_type: "no" } }, "bytes"] }, "zarr_invalid", /cast_value/],
    [{ fill_value: "NaN" }, "zarr_invalid", /fill_value/], [{ fill_value: 70_000 }, "zarr_invalid", /fill_value/], [{ fill_value: -1 }, "zarr_invalid", /fill_value/],
    [{ storage_transformers: [{ name: "x" }] }, "zarr_unsupported", /transformers/], [{ zarr_format: 4 }, "zarr_unsupported", /zarr_format/],
    [{ chunk_key_encoding: { name: "hash" } }, "zarr_unsupported", /key encoding/], [{ chunk_key_encoding: { name: "default", configuration: { separator: "/../" } } }, "zarr_invalid", /separated/],
  ] as const) {
    const fault = await rejects(openVolume(lying("v3-zstd.zarr", change)), code);
    assert.match(fault.message, why);
  }
  for (const [change, why] of [[{ dtype: [["a", "<u2"]] }, /dtype/], [{ dtype: "<U8" }, /dtype/], [{ compressor: { id: "lzma" } }, /lzma/], [{ filters: [{ id: "fixedscaleoffset" }] }, /fixedscaleoffset/]] as const) {
    assert.match((await rejects(openVolume(lying("v2-zstd.zarr", change)), "zarr_unsupported")).message, why);
  }
});

test("axes and datasets that do not fit", async () => {
  const image = (change: object): string => {
    const { attributes } = JSON.parse(readFileSync(join(folder, "v3-zstd.zarr", "zarr.json"), "utf8"));
    return lying("v3-zstd.zarr", { attributes: { ome: { version: "0.5", multiscales: [{ ...attributes.ome.multiscales[0], ...change }] } } }, "zarr.json");
  };
  const axes = (...list: string[]): object => ({ axes: list.map((name) => ({ name })) });
  for (const [change, code] of [
    [axes("y", "x"), "zarr_invalid"], [axes("z", "y", "y"), "zarr_invalid"], [axes("z", "c", "x"), "zarr_invalid"], [axes("angle", "y", "x"), "zarr_unsupported"],
    [{ axes: 3 }, "zarr_invalid"], [{ axes: undefined }, "zarr_invalid"], [{ datasets: [] }, "zarr_invalid"], [{ datasets: [{ path: 0 }] }, "zarr_invalid"],
    [{ datasets: [{ path: "nothing" }] }, "zarr_invalid"], [{ datasets: [{ path: "../v3-gzip.zarr/0" }] }, "zarr_invalid"], [{ datasets: [{ path: join(folder, "v3-gzip.zarr/0") }] }, "zarr_invalid"],
    [{ datasets: [{ path: "." }] }, "zarr_invalid"], [{ datasets: [{ path: "0\0" }] }, "zarr_invalid"],
  ] as const) await rejects(openVolume(image(change)), code);
  image({ datasets: [{ path: "link" }] });
  symlinkSync(join(folder, "v3-gzip.zarr", "0"), join(victim, "link"));
  assert.match((await rejects(openVolume(victim), "zarr_invalid")).message, /not inside/);
  // A scale that means nothing is no calibration.
  for (const scale of [[0, 1, 1], [1, -1, 1], [1, 1], ["1", 1, 1], undefined]) {
    const volume = await openVolume(image({ datasets: [{ path: "0", coordinateTransformations: [{ type: "scale", scale }] }] }));
    assert.equal(volume.spacing, undefined);
    await volume.close();
  }
});

/** All chunk files of the victim. */
function chunkFiles(): string[] {
  return readdirSync(join(victim, "0"), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && !/^(zarr\.json|\.z.*)$/.test(entry.name)).map((entry) => join(entry.parentPath, entry.name));
}

const images = names.filter((name) => existsSync(join(folder, name, "0")));

test("chunks cut short or of garbage, for every codec", async () => {
  for (const name of images) {
    copy(name);
    const [file] = chunkFiles();
    const bytes = readFileSync(file!);
    for (const damaged of [bytes.subarray(0, bytes.length >> 1), bytes.subarray(0, 3), new Uint8Array(0), Buffer.alloc(bytes.length + 1, 0xa5), Buffer.alloc(2 ** 20, 1)]) {
      writeFileSync(file!, damaged);
      const fault = await rejects(openAndRead(victim), "zarr_chunk_corrupt");
      assert.ok(fault.message.includes(file!), fault.message);
    }
  }
});

test("bits flipped at random: a coded error or pixels, in little memory", async () => {
  const before = process.memoryUsage.rss();
  const random = seededRandom(31);
  for (const name of images) {
    copy(name);
    for (const file of chunkFiles().slice(0, 2)) {
      const bytes = readFileSync(file);
      for (let round = 0; round < 12; round++) {
        const damaged = Buffer.from(bytes);
        for (let flips = random.whole(1, 4); flips > 0; flips--) {
          const near = random.uniform() < 0.5 ? Math.min(24, damaged.length) : damaged.length;
          damaged[random.whole(0, near - 1)]! ^= random.whole(1, 255);
        }
        writeFileSync(file, damaged);
        await survives(victim, `${name} round ${round}`);
      }
      writeFileSync(file, bytes);
    }
  }
  const grown = (process.memoryUsage.rss() - before) / 2 ** 20;
  assert.ok(grown < 256, `the process grew by ${grown} MiB`);
});

test("metadata changed at random: a coded error or pixels", async () => {
  const random = seededRandom(37);
  for (const name of ["v2-blosc-lz4.zarr", "v2-fortran.zarr", "v3-sharded.zarr", "v3-5d.zarr"]) {
    copy(name);
    for (const file of ["0/zarr.json", "0/.zarray", "zarr.json", ".zattrs"].map((one) => join(victim, one)).filter((one) => existsSync(one))) {
      const bytes = readFileSync(file);
      for (let round = 0; round < 60; round++) {
        const damaged = Buffer.from(bytes);
        damaged[random.whole(0, damaged.length - 1)] = "0123456789-,[]{}\"x".charCodeAt(random.whole(0, 17));
        writeFileSync(file, damaged);
        await survives(victim, `${name} ${file} round ${round}: ${damaged}`);
      }
      writeFileSync(file, bytes);
    }
  }
});

async function survives(path: string, which: string): Promise<void> {
  try {
    await openAndRead(path);
  } catch (fault) {
    assert.ok(fault instanceof MaskletError, `${which}: ${fault instanceof Error ? fault.stack : String(fault)}`);
    assert.notEqual(fault.code, "internal", which);
  }
}

test("a few bytes that promise a gigabyte are refused before it is taken", async () => {
  const zeros = Buffer.alloc(2 ** 28);
  const stating = (at: number, file: string): Buffer => {
    const bytes = readFileSync(file);
    bytes.writeUInt32LE(0x7fff_ffff, at);
    return bytes;
  };
  const before = process.memoryUsage.rss();
  for (const [name, make] of [
    ["v3-zstd.zarr", () => zstdCompressSync(zeros)], ["v3-gzip.zarr", () => gzipSync(zeros)], ["v2-zlib.zarr", () => deflateSync(zeros)],
    ["v2-blosc-lz4.zarr", (file: string) => stating(4, file)], ["v2-lz4.zarr", (file: string) => stating(0, file)], ["v3-blosc-zstd-bits.zarr", (file: string) => stating(8, file)],
  ] as const) {
    copy(name);
    const [file] = chunkFiles();
    writeFileSync(file!, make(file!));
    await rejects(openAndRead(victim), "zarr_chunk_corrupt");
  }
  assert.ok((process.memoryUsage.rss() - before) / 2 ** 20 < 128);
});

test("shards whose tables lie", async () => {
  copy("v3-sharded.zarr");
  const first = join(victim, "0", "c", "0", "0", "0");
  const sound = readFileSync(first);
  // The last four bytes are the table's checksum.
  sound[sound.length - 20]! ^= 1;
  writeFileSync(first, sound);
  assert.match((await rejects(openAndRead(victim), "zarr_chunk_corrupt")).message, /checksum/);
  const meta = JSON.parse(readFileSync(join(folder, "v3-sharded.zarr/0/zarr.json"), "utf8"));
  const sharding = meta.codecs[0].configuration;
  const withSharding = (change: object): object => ({ codecs: [{ name: "sharding_indexed", configuration: { ...sharding, ...change } }] });
  for (const [change, code] of [
    [withSharding({ chunk_shape: [3, 16, 16] }), "zarr_invalid"], [withSharding({ chunk_shape: [2, 16] }), "zarr_invalid"], [withSharding({ index_location: "middle" }), "zarr_invalid"],
    [withSharding({ index_codecs: ["bytes", { name: "gzip" }] }), "zarr_unsupported"], [withSharding({ codecs: [{ name: "sharding_indexed", configuration: sharding }] }), "zarr_unsupported"],
    [{ codecs: [...meta.codecs, { name: "gzip" }] }, "zarr_unsupported"],
    [{ ...regular(2 ** 14, 2 ** 14, 2 ** 14), ...withSharding({ chunk_shape: [1, 1, 1] }) }, "zarr_invalid"],
  ] as const) await rejects(openVolume(lying("v3-sharded.zarr", change)), code);
  // Without a checksum the numbers themselves must be caught.
  for (const [at, length] of [[1n << 40n, 100n], [0n, 1n << 40n], [0n, 0n], [(1n << 64n) - 1n, 5n], [(1n << 64n) - 2n, 5n]] as const) {
    lying("v3-sharded.zarr", withSharding({ index_codecs: ["bytes"] }));
    for (const file of chunkFiles()) {
      const bytes = readFileSync(file);
      const cut = bytes.subarray(0, bytes.length - 4);
      if (file.endsWith("c/0/0/0")) {
        cut.writeBigUInt64LE(at, cut.length - 64);
        cut.writeBigUInt64LE(length, cut.length - 56);
      }
      writeFileSync(file, cut);
    }
    assert.match((await rejects(openAndRead(victim), "zarr_chunk_corrupt")).message, /c\/0\/0\/0/);
  }
  copy("v3-sharded.zarr");
  writeFileSync(join(victim, "0/c/0/0/0"), "short");
  assert.match((await rejects(openAndRead(victim), "zarr_chunk_corrupt")).message, /too short for its table/);
});

test("a folder or a pipe where a chunk should be", async () => {
  copy("v3-zstd.zarr");
  const [file] = chunkFiles();
  rmSync(file!);
  mkdirSync(file!);
  assert.match((await rejects(openAndRead(victim), "file_unreadable")).message, /it is a folder/);
  if (process.platform === "win32") return;
  rmSync(file!, { recursive: true });
  execFileSync("mkfifo", [file!]);
  await rejects(openAndRead(victim), "file_unreadable");
  rmSync(file!);
  await openAndRead(victim);
});

test("a read ends soon after it is cancelled, and others that wait for the same chunks do not", async () => {
  const volume = await openVolume(join(folder, "v3-zstd.zarr"));
  const stop = new AbortController();
  const box = { t: 0, c: 0, z: [0, 3], y: [0, 20], x: [0, 36] } as const;
  const cancelled = rejects(volume.read(box, stop.signal), "cancelled");
  const whole = volume.read(box);
  stop.abort();
  await cancelled;
  assert.equal((await whole).length, 3 * 20 * 36);
  await volume.close();
});

test("zstd through WebAssembly, as on Node 20, gives the same and bounds the same", async () => {
  const random = seededRandom(5);
  const bytes = Uint8Array.from({ length: 300_000 }, () => random.whole(0, 7));
  for (const packer of [true, false]) {
    const packed = await packZstd(bytes, packer);
    for (const unpacker of [true, false]) assert.deepEqual(new Uint8Array(await unpackZstd(packed, bytes.length, unpacker)), bytes);
  }
  const bomb = zstdCompressSync(Buffer.alloc(2 ** 28));
  for (const native of [true, false]) {
    await assert.rejects(unpackZstd(bomb, 1000, native));
    await assert.rejects(unpackZstd(bomb.subarray(0, 40), 1000, native));
  }
});
