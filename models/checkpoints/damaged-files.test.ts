import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { seededRandom } from "../../fixtures/make/seeded-random.ts";
import { MaskletError } from "#protocol/errors.ts";
import { openCheckpoint } from "./open-checkpoint.ts";

const codes = ["checkpoint_invalid", "checkpoint_unsupported"];

/** Opens and reads everything; a file that is still sound is fine, any other end must be one of the codes above. */
async function readWhole(path: string, seed: number): Promise<"read" | "refused"> {
  try {
    const checkpoint = await openCheckpoint(path);
    try {
      for (const { read } of checkpoint.tensors.values()) await read();
    } finally {
      await checkpoint.close();
    }
    return "read";
  } catch (thrown) {
    assert.ok(thrown instanceof MaskletError && codes.includes(thrown.code), `seed ${seed}: ${String(thrown)}`);
    return "refused";
  }
}

for (const name of ["top-level.pt", "trainer.pt", "views.safetensors"]) {
  test(`${name} with bytes changed, dropped or cut is read or refused with a code`, async (t) => {
    const whole = new Uint8Array(await readFile(new URL(`../../fixtures/checkpoints/${name}`, import.meta.url)));
    const folder = await mkdtemp(join(tmpdir(), "masklet-damaged-"));
    t.after(() => rm(folder, { recursive: true }));
    const path = join(folder, "damaged");
    const ends = { read: 0, refused: 0 };
    for (let seed = 0; seed < 150; seed++) {
      const random = seededRandom(seed);
      const at = random.whole(0, whole.length - 1);
      const damaged = Uint8Array.from([...whole.subarray(0, at), ...(seed % 3 === 1 ? [] : whole.subarray(seed % 3 === 0 ? at : at + 1))]);
      if (seed % 3 === 0) for (let change = 0; change < 3; change++) damaged[random.whole(0, whole.length - 1)] = random.whole(0, 255);
      await writeFile(path, damaged);
      ends[await readWhole(path, seed)]++;
    }
    // Cut or shortened files are never taken for whole.
    assert.ok(ends.refused >= 100, JSON.stringify(ends));
  });
}
