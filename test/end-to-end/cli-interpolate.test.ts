// interpolate as a command: a phantom's labels of which every fourth slice was drawn.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { writeLabelsTiff } from "#server/exports/labels-tiff.ts";
import { writeImagejTiff } from "#server/exports/tiff-writer.ts";
import { runCommand, type Ended } from "./run-command.ts";
import { dice, readLabels, spacing } from "./small-phantom.ts";

const folder = mkdtempSync(join(tmpdir(), "masklet-cli-interpolate-"));
after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

const out = (name: string): string => join(folder, name);
const run = (...args: string[]): Promise<Ended> => runCommand(["interpolate", ...args], { home: out("home") });
const shape = { t: 2, c: 1, z: 13, y: 24, x: 30 };
const count = (ids: ArrayLike<number>): number => Array.from(ids).filter((id) => id !== 0).length;

/** An ellipsoid, 70000, beside a leaning column, 7; in the second frame the column alone. */
function idAt(t: number, z: number, y: number, x: number): number {
  if (t === 0 && ((z - 6) / 6.5) ** 2 + ((y - 10) / 8) ** 2 + ((x - 9) / 7) ** 2 <= 1) return 70_000;
  return Math.abs(x - 20 - z / 4) < 3 && Math.abs(y - 12) < 5 ? 7 : 0;
}

const planeOf = (t: number, z: number): Uint32Array => Uint32Array.from({ length: shape.y * shape.x }, (_, at) => idAt(t, z, Math.floor(at / shape.x), at % shape.x));
const empty = new Uint32Array(shape.y * shape.x);
await writeLabelsTiff(out("truth.tif"), { shape, spacing }, 70_000, planeOf);
await writeLabelsTiff(out("sparse.tif"), { shape, spacing }, 70_000, (t, z) => (z % 4 === 0 ? planeOf(t, z) : empty));

test("slices between the drawn ones are filled in, frame by frame, and the calibration kept", async () => {
  const ended = await run("--labels", out("sparse.tif"), "--output", out("full.tif"), "--json");
  assert.equal(ended.code, 0, ended.out + ended.err);
  const [sparse, full, truth] = await Promise.all(["sparse.tif", "full.tif", "truth.tif"].map((name) => readLabels(out(name))));
  assert.deepEqual([full!.shape, full!.spacing], [[13, 24, 30], spacing]);
  Array.from(sparse!.ids).forEach((id, at) => assert.ok(id === 0 || full!.ids[at] === id));
  assert.ok(dice(full!.ids, truth!.ids, 7) > 0.9, `the column's Dice is ${dice(full!.ids, truth!.ids, 7)}`);
  assert.ok(dice(full!.ids, truth!.ids, 70_000) > 0.9, `the ellipsoid's Dice is ${dice(full!.ids, truth!.ids, 70_000)}`);
  const { given, filled, ...told } = JSON.parse(ended.out);
  assert.deepEqual(told, { objects: 2, axis: "z", files: [out("full.tif")] });
  assert.ok(given > count(sparse!.ids) && filled > 2 * given, "both frames count");
});

test("along another axis: one drawn plane of y and one of x", async () => {
  const flat = { t: 1, c: 1, z: 5, y: 9, x: 7 };
  const at = (z: number, y: number): number => (z >= 1 && z < 4 && (y === 1 || y === 6) ? 3 : 0);
  await writeLabelsTiff(out("y.tif"), { shape: flat, spacing }, 3, (_t, z) => Uint16Array.from({ length: 63 }, (_, nth) => (nth % 7 > 1 ? at(z, Math.floor(nth / 7)) : 0)));
  const ended = await run("--labels", out("y.tif"), "--output", out("y-full.tif"), "--axis", "y");
  assert.equal(ended.out, `1 labels, 30 voxels given and 60 filled in along y: ${out("y-full.tif")}\n`);
  const { ids } = await readLabels(out("y-full.tif"));
  assert.deepEqual(Array.from(ids), Array.from({ length: 5 * 63 }, (_, nth) => (nth % 7 > 1 && at(Math.floor(nth / 63), 1) === 3 && Math.floor(nth / 7) % 9 >= 1 && Math.floor(nth / 7) % 9 <= 6 ? 3 : 0)));
});

test("what cannot be interpolated is said and nothing written", async () => {
  const fails = async (exit: number, code: string, ...args: string[]): Promise<void> => {
    const ended = await run(...args, "--output", out("never.tif"), "--json");
    assert.deepEqual([ended.code, JSON.parse(ended.out).error.code], [exit, code], ended.out + ended.err);
    assert.ok(!existsSync(out("never.tif")));
  };
  await fails(2, "usage");
  await fails(2, "usage", "--labels", out("sparse.tif"), "--axis", "t");
  await fails(3, "file_missing", "--labels", out("absent.tif"));
  const one = { t: 1, c: 1, z: 2, y: 2, x: 2 };
  await writeLabelsTiff(out("none.tif"), { shape: one, spacing }, 0, () => new Uint16Array(4));
  await fails(3, "export_empty", "--labels", out("none.tif"));
  await writeImagejTiff(out("grey.tif"), { shape: one, dtype: "float32", spacing }, [Float32Array.of(0, 1, 2, 3), Float32Array.of(0, 0.5, 0, 0)]);
  await fails(3, "request_invalid", "--labels", out("grey.tif"));
});
