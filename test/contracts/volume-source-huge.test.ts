// ImageJ's form above 4 GB: one directory, the planes follow. A sparse file, so that it takes no room.
import assert from "node:assert/strict";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { leadingBytes } from "#server/exports/tiff-head.ts";
import { openVolume } from "#server/volumes/open-volume.ts";
import { rejects } from "./volume-source.ts";

const shape = { t: 1, c: 1, z: 2600, y: 900, x: 1000 };
const planeBytes = 900 * 1000 * 2;

test("planes beyond 4 GB are read where they lie", async () => {
  const folder = await mkdtemp(join(tmpdir(), "masklet-huge-"));
  try {
    const file = join(folder, "huge.tif");
    const handle = await open(file, "wx");
    const head = leadingBytes({ shape, dtype: "uint16", spacing: { z: 0.5, y: 0.065, x: 0.065 } }, planeBytes);
    await handle.write(head, 0, head.length, 0);
    const planes = [0, 1, 2385, 2386, 2387, 2599];
    for (const z of planes) {
      const row = Buffer.alloc(2000);
      for (let x = 0; x < 1000; x++) row.writeUInt16BE(z * 10 + x, x * 2);
      await handle.write(row, 0, row.length, head.length + z * planeBytes + 899 * 2000);
    }
    await handle.truncate(head.length + 2600 * planeBytes);
    assert.ok((await handle.stat()).size > 2 ** 32);

    const volume = await openVolume(file);
    assert.deepEqual(volume.shape, shape);
    assert.deepEqual(volume.spacing, { z: 0.5, y: 0.065, x: 0.065 });
    for (const z of planes) {
      const read = await volume.read({ t: 0, c: 0, z: [z, z + 1], y: [898, 900], x: [997, 1000] });
      assert.deepEqual(read, Uint16Array.of(0, 0, 0, z * 10 + 997, z * 10 + 998, z * 10 + 999), `plane ${z}`);
    }
    await volume.close();

    await handle.truncate(head.length + 2600 * planeBytes - 1);
    await handle.close();
    const fault = await rejects(openVolume(file), "tiff_truncated");
    assert.equal(Number(fault.details["needBytes"]) - Number(fault.details["haveBytes"]), 1);
  } finally {
    await rm(folder, { recursive: true });
  }
});
