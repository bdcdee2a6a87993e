// Volumes that have nothing to find, or hardly anything to look at, and readers and disks that fail.
import assert from "node:assert/strict";
import fs, { existsSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import test from "node:test";
import { MaskletError } from "../../protocol/errors.ts";
import type { ErrorCode } from "../../protocol/errors.ts";
import type { Box3 } from "../../server/classical/contract.ts";
import type { Size3, Voxels } from "../../server/classical/kernels/size3.ts";
import { runRecipe } from "../../server/classical/run-recipe.ts";
import { voxelsIn, wholeBox } from "../../server/classical/tiles/box3.ts";
import { blobs, readerOf, recipeOf, runOf, withScratch } from "../classical-scenes.ts";
import type { Left } from "../classical-scenes.ts";

const names = ["fds", "fds-base", "ffs"] as const;
const size = [12, 17, 23] as const;
const filled = <V extends Voxels>(values: V, value: number): V => {
  values.fill(value);
  return values;
};
const voxels = size[0] * size[1] * size[2];
const hasCode = (code: ErrorCode) => (thrown: unknown): boolean => thrown instanceof MaskletError && thrown.code === code;

async function everyWay(name: string, values: Voxels, shape: Size3 = size, set: Record<string, number | string> = {}): Promise<Left> {
  const reader = readerOf({ size: shape, values });
  const first = await runOf({ reader, recipe: recipeOf(name, set) });
  assert.deepEqual(await runOf({ reader, recipe: recipeOf(name, set), chunkSide: 8, memoryBytes: 1 }), first);
  return first;
}

for (const name of names) {
  test(`${name}: a volume of one value has no object in it, or is one`, async () => {
    for (const values of [new Uint8Array(voxels), filled(new Uint16Array(voxels), 65_535), filled(new Float32Array(voxels), -3.7)]) {
      const { objects } = await everyWay(name, values);
      assert.ok(objects.length <= 1, `${objects.length} objects in ${values.constructor.name} of ${values[0]}`);
      if (objects.length === 1) assert.equal(objects[0]!.voxels, voxels);
    }
  });

  test(`${name}: volumes of one voxel, one row, one column, one slice`, async () => {
    for (const shape of [[1, 1, 1], [1, 1, 40], [40, 1, 1], [1, 24, 31]] as const) {
      const wide = blobs(5, [40, 40, 40], 8).values;
      const { objects } = await everyWay(name, wide.subarray(20_000, 20_000 + shape[0] * shape[1] * shape[2]), shape, { "select.minVolume": 1, ...(name === "ffs" ? { "iterate.minVolume": 1 } : {}) });
      for (const { voxels: count } of objects) assert.ok(count > 0);
    }
  });

  test(`${name}: no finite value`, async () => {
    for (const [value, memoryBytes] of [[NaN, undefined], [Infinity, 1]] as const) {
      await assert.rejects(runOf({ reader: readerOf({ size, values: filled(new Float32Array(voxels), value) }), recipe: recipeOf(name), memoryBytes }), hasCode("pixels_not_finite"));
    }
  });
}

for (const [name, set] of [["fds", { "split.method": "plates" }], ["fds", { "split.method": "ridge" }], ["fds", { "split.method": "edt" }], ["fds-base", {}], ["ffs", {}]] as const) {
  test(`${name} ${JSON.stringify(set)}: one huge outlier, dark or bright, in the ground or in an object, changes no object but its own`, async () => {
    const scene = blobs(3, [30, 36, 41], 12);
    const bright = { ...set, "polarity.particles": "bright" };
    const plain = await runOf({ reader: readerOf({ size: scene.size, values: new Float32Array(scene.values) }), recipe: recipeOf(name, bright) });
    assert.ok(plain.objects.length >= 4);
    assert.deepEqual(plain.warnings, []);
    const brightest = scene.values.indexOf(Math.max(...scene.values));
    for (const value of [1e9, -3e38, 3e38]) {
      for (const place of [100, brightest]) {
        const values = new Float32Array(scene.values);
        values[place] = value;
        const { objects, warnings } = await runOf({ reader: readerOf({ size: scene.size, values }), recipe: recipeOf(name, bright), chunkSide: 20 });
        assert.ok(Math.abs(objects.length - plain.objects.length) <= 1, `${objects.length} objects for ${plain.objects.length} beside ${value}`);
        assert.match(warnings.join(" "), /All but a few values lie between/);
      }
    }
  });
}

test("a mask that fills the volume is one object, however it is split", async () => {
  for (const method of ["edt", "ridge", "base", "none", "auto"]) {
    const { objects } = await everyWay("fds", filled(new Uint8Array(voxels), 9), size, { "threshold.method": "fixed", "threshold.low": 1, "threshold.high": 1, "polarity.particles": "bright", "split.method": method });
    assert.deepEqual(objects.map((object) => object.voxels), [voxels], method);
  }
  for (const [path, value] of [["cut.over", "volume"], ["cut.over", "mask"], ["distance.metric", "clij2"], ["grow.back", "true"]] as const) {
    const { objects } = await everyWay("fds-base", filled(new Uint8Array(voxels), 9), size, { "threshold.method": "fixed", "threshold.low": 1, "threshold.high": 1, "polarity.particles": "bright", [path]: value });
    assert.deepEqual(objects.map((object) => object.voxels), [voxels], `${path} ${value}`);
  }
});

test("a volume of two values: iterated thresholds give its components", async () => {
  const values = new Uint16Array(voxels);
  for (const [z0, y0, x0] of [[1, 2, 2], [1, 2, 14]] as const) for (let z = z0; z < z0 + 9; z++) for (let y = y0; y < y0 + 12; y++) for (let x = x0; x < x0 + 7; x++) values[(z * size[1] + y) * size[2] + x] = 500;
  const recipe = { name: "two", steps: [{ step: "threshold", method: "fixed", low: 100, high: 100 }, { step: "iterate" }] };
  for (const [high, low] of [[500, 0], [60_001, 7], [3, 0]] as const) {
    const given = values.map((value) => (value === 500 ? high : low));
    const { objects } = await runOf({ reader: readerOf({ size, values: given }), recipe: recipeOf(recipe, { "threshold.low": low + 1, "threshold.high": low + 1 }), chunkSide: 8 });
    assert.deepEqual(objects.map((object) => object.voxels), [756, 756], `${high} on ${low}`);
  }
});

test("what came to nothing is told", async () => {
  const scene = blobs(3, [30, 36, 41], 12);
  const said = async (name: string, set: Record<string, number | string>): Promise<string> => (await runOf({ reader: readerOf(scene), recipe: recipeOf(name, set) })).warnings.join(" ");
  assert.equal(await said("fds", {}), "");
  assert.match(await said("fds", { "threshold.low": 1000, "threshold.high": 1000 }), /No voxel is above the threshold/);
  assert.match(await said("fds", { "threshold.high": 1000 }), /No voxel is above the threshold/);
  assert.match(await said("fds", { "drop.minVolume": 100_000 }), /None of \d+ components has 100000 voxels/);
  assert.match(await said("fds", { "select.minVolume": 100_000 }), /None of \d+ objects was kept: \d+ are smaller than 100000 voxels, 0 larger than 0, 0 touch a face/);
});

test("a reader that throws in the middle: its own error comes through, nothing is left", async () => {
  for (const memoryBytes of [undefined, 1]) {
    for (const after of [0, 1, 9, 30]) {
      if (memoryBytes === undefined && after > 0) continue;
      await withScratch(async (scratch) => {
        let reads = 0;
        const reader = readerOf(blobs(2, [30, 36, 41]), { onRead: () => {
          if (reads++ === after) throw MaskletError.of("volume_changed", { plane: "4" });
        } });
        await assert.rejects(runRecipe({ reader, recipe: recipeOf("fds"), scratch, chunkSide: 16, threads: 2, memoryBytes }, {}), hasCode("volume_changed"));
        assert.deepEqual(readdirSync(scratch), [], `after ${after} reads`);
      });
    }
  }
});

test("a reader that throws something of its own, and one that says a signal fired", async () => {
  const own = new RangeError("mine");
  await assert.rejects(runOf({ reader: readerOf(blobs(2, size), { onRead: () => { throw own; } }), recipe: recipeOf("fds") }), own);
  await assert.rejects(runOf({ reader: readerOf(blobs(2, size), { onRead: () => { throw new DOMException("stopped", "AbortError"); } }), recipe: recipeOf("fds") }), hasCode("cancelled"));
  await assert.rejects(runOf({ reader: readerOf(blobs(2, size), { onRead: () => { throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" }); } }), recipe: recipeOf("fds") }), hasCode("disk_full"));
});

test("cancelled at any moment: rejects as that at once, and leaves nothing", async () => {
  const scene = blobs(2, [40, 46, 52]);
  for (const memoryBytes of [undefined, 1]) {
    for (const moment of [0, 1, 3, 8, 20]) {
      await withScratch(async (scratch) => {
        const abort = new AbortController();
        let passes = 0;
        const at: { ms: number | undefined } = { ms: undefined };
        const cancel = (): void => {
          if (passes++ !== moment) return;
          at.ms = performance.now();
          abort.abort();
        };
        if (moment === 0) cancel();
        await assert.rejects(runRecipe({ reader: readerOf(scene), recipe: recipeOf("fds"), scratch, chunkSide: 16, threads: 2, memoryBytes }, { signal: abort.signal, onProgress: cancel }), hasCode("cancelled"));
        assert.ok(performance.now() - at.ms! < 2000, "at once");
        assert.deepEqual(readdirSync(scratch), [], `moment ${moment}`);
      });
    }
  }
});

test("no step of that name, and a scratch folder that cannot be", async () => {
  const reader = readerOf(blobs(2, size));
  await withScratch(async (scratch) => {
    await assert.rejects(runRecipe({ reader, recipe: recipeOf("fds"), until: "cut", scratch }, {}), hasCode("recipe_invalid"));
    writeFileSync(join(scratch, "file"), "");
    await assert.rejects(runRecipe({ reader, recipe: recipeOf("fds"), scratch: join(scratch, "file") }, {}), hasCode("file_not_written"));
    await assert.rejects(runRecipe({ reader, recipe: recipeOf("fds"), scratch: join(scratch, "file"), resumeKey: "key", memoryBytes: 1 }, {}), hasCode("file_not_written"));
    assert.deepEqual(readdirSync(scratch), ["file"]);
    // A folder that is not there yet is made.
    await (await runRecipe({ reader, recipe: recipeOf("fds"), scratch: join(scratch, "new", "deep"), memoryBytes: 1 }, {})).close();
    assert.deepEqual(readdirSync(join(scratch, "new", "deep")), []);
  });
});

const allowed = (box: Box3): Uint8Array => new Uint8Array(voxelsIn(box)).fill(1);

test("the disk is full where a thread writes voxels", { skip: existsSync("/dev/full") ? false : "there is no /dev/full here" }, async () => {
  const request = { reader: readerOf(blobs(2, [30, 36, 41])), recipe: recipeOf("fds"), chunkSide: 16, threads: 2, memoryBytes: 1, resumeKey: "key" };
  for (const store of ["store-1", "store-4", "store-8"]) {
    await withScratch(async (scratch) => {
      const file = join(scratch, "key", `${store}.voxels`);
      // The store that the step is going to make is a file already, which takes nothing.
      const onProgress = (): void => {
        if (!existsSync(file)) symlinkSync("/dev/full", file);
      };
      await assert.rejects(runRecipe({ ...request, scratch }, { onProgress }), hasCode("disk_full"));
      rmSync(file);
      const again = await runRecipe({ ...request, scratch }, {});
      const whole = wholeBox(request.reader.size);
      assert.deepEqual(await again.read(whole), (await runOf({ reader: request.reader, recipe: request.recipe })).values, "with space again it goes on to the same end");
      await again.close();
    });
  }
});

test("the disk is full where answers are noted, or limits kept", async () => {
  const { writeSync } = fs;
  const request = { reader: readerOf(blobs(2, [30, 36, 41])), recipe: recipeOf("fds"), chunkSide: 16, threads: 2, memoryBytes: 1 };
  for (const [resumeKey, limits] of [["key", undefined], [undefined, allowed]] as const) {
    for (const spared of resumeKey === undefined ? [0, 7] : [0, 20, 100]) {
      await withScratch(async (scratch) => {
        let writes = 0;
        fs.writeSync = new Proxy(writeSync, { apply: (target, self, given) => {
          if (writes++ >= spared) throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
          return Reflect.apply(target, self, given);
        } });
        syncBuiltinESMExports();
        try {
          await assert.rejects(runRecipe({ ...request, scratch, resumeKey, limits }, {}), hasCode("disk_full"));
        } finally {
          fs.writeSync = writeSync;
          syncBuiltinESMExports();
        }
        assert.deepEqual(readdirSync(scratch), resumeKey === undefined ? [] : ["key"]);
      });
    }
  }
});
