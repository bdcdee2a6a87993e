// masklet measure in this process, on small label images.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { MaskletError } from "#protocol/errors.ts";
import { writeLabelsZarr } from "#server/exports/labels-zarr.ts";
import { writeImagejTiff } from "#server/exports/tiff-writer.ts";
import type { Pixels } from "#server/volumes/source.ts";
import { measureOptions } from "./measure-order.ts";
import { runMeasure } from "./measure.ts";
import { readOptions } from "./options.ts";
import { openTerminal } from "./terminal.ts";

const folder = mkdtempSync(join(tmpdir(), "masklet-measure-"));
after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
const at = (name: string): string => join(folder, name);

// z, y, x: blocks of 2 x 3 x 4 voxels that touch (3, 4), a voxel clear of the border (7), a block at the border (9).
const [depth, height, width] = [6, 8, 12];
const idAt = (z: number, y: number, x: number): number =>
  z >= 1 && z < 3 && y >= 1 && y < 4 && x >= 1 && x < 9 ? (x < 5 ? 3 : 4) : z === 4 && y === 6 && x === 2 ? 7 : z === 5 && y < 2 && x > 9 ? 9 : 0;

async function write(name: string, make: (count: number) => Pixels, value: (z: number, y: number, x: number, t: number) => number, { spacing, frames = 1, rows = height }: { spacing?: { z: number; y: number; x: number }; frames?: number; rows?: number } = {}): Promise<string> {
  const planes = Array.from({ length: frames * depth }, (_, nth) => {
    const plane = make(rows * width);
    for (let pixel = 0; pixel < plane.length; pixel++) plane[pixel] = value(nth % depth, Math.floor(pixel / width), pixel % width, Math.floor(nth / depth));
    return plane;
  });
  const dtype = planes[0] instanceof Uint8Array ? "uint8" : planes[0] instanceof Uint16Array ? "uint16" : "float32";
  await writeImagejTiff(at(name), { shape: { t: frames, c: 1, z: depth, y: rows, x: width }, dtype, spacing }, planes);
  return at(name);
}
const bytes = (count: number): Uint8Array => new Uint8Array(count);
const floats = (count: number): Float32Array => new Float32Array(count);
const labels = await write("labels.tif", bytes, idAt, { spacing: { z: 2, y: 1, x: 1 } });

interface Ran {
  readonly out: string;
  readonly err: string;
  readonly fault: MaskletError | undefined;
}

async function run(args: readonly string[], { signal = new AbortController().signal, json = false } = {}): Promise<Ran> {
  const text = { out: "", err: "" };
  const terminal = openTerminal(json, { write: (more) => (text.out += more) }, { write: (more) => (text.err += more) });
  try {
    await runMeasure(readOptions(args, measureOptions), { terminal, home: at("home"), token: undefined, signal });
    return { ...text, fault: undefined };
  } catch (thrown) {
    if (!(thrown instanceof MaskletError)) throw thrown;
    return { ...text, fault: thrown };
  }
}

/** Rows of a table by the names of its columns. */
function table(name: string): Record<string, string>[] {
  const [head, ...lines] = readFileSync(at(name), "utf8").trimEnd().split("\n");
  return lines.map((line) => Object.fromEntries(line.split(",").map((cell, nth) => [head!.split(",")[nth]!, cell])));
}

test("a label image becomes a table of objects and one of clusters, and the population is told", async () => {
  const { out, fault } = await run(["--labels", labels, "--output", at("table.csv"), "--clusters", at("clusters.csv")]);
  assert.equal(fault, undefined);
  const rows = table("table.csv");
  assert.deepEqual(rows.map((row) => [row["object_id"], row["cluster_id"], row["voxels"], row["volume_um3"], row["border"], row["contact_ids"], row["score"]]), [
    ["3", "3", "24", "48", "0", "4", ""], ["4", "3", "24", "48", "0", "3", ""], ["7", "7", "1", "2", "0", "", ""], ["9", "9", "4", "8", "1", "", ""],
  ]);
  assert.deepEqual(table("clusters.csv").map((row) => [row["cluster_id"], row["objects"], row["voxels"], row["x0"], row["x1"]]), [["3", "2", "48", "1", "9"]]);
  assert.match(out, /^4 objects, 2 of them in 1 cluster, 9\.2 % of the volume, in \d+\.\d s: .*table\.csv, .*clusters\.csv\n  equivalent diameter +by number D10 1\.56, D50 4\.51, D90 4\.51 um; by volume D10 4\.51, D50 4\.51, D90 4\.51 um\n  shape +elongation 1\.\d+ \+- 0\.\d+, .*\n  Zingg classes +\d discs?, .*\n/);
  assert.match(out, /\n  Note: 1 object at the ends of the volume is in the table and the volume fraction, but not in the other statistics\.\n$/);
});

test("--json gives the population, and --image, --channel, --confidence and --spacing are used", async () => {
  const image = await write("image.tif", floats, (z, y, x) => (idAt(z, y, x) === 3 ? 5 + (x % 2) : 1.5));
  writeFileSync(at("scores.csv"), "\uFEFF\"object_id\",t,score\r\n3,0,0.5\r\n3,1,0.7\r\n9,0,\r\n7,0,1\r\n");
  const { out, fault } = await run(["--labels", labels, "--image", image, "--channel", "0", "--spacing", "0.5, 0.25,0.25", "--confidence", at("scores.csv"), "--output", at("scored.csv"), "--json"], { json: true });
  assert.equal(fault, undefined);
  const { population, spacing, unit, files, notes } = JSON.parse(out);
  assert.deepEqual([unit, spacing, files, population.objects, population.clusters, notes.slice(1)], ["um", [0.5, 0.25, 0.25], [at("scored.csv")], 4, 1, ["labels.tif states voxels of 2 x 1 x 1 micrometres (z x y x x); --spacing was used."]]);
  assert.deepEqual(table("scored.csv").map((row) => [row["object_id"], row["score"], row["volume_um3"], row["intensity_mean"], row["intensity_sd"]]),
    [["3", "0.6", "0.75", "5.5", "0.5"], ["4", "", "0.75", "1.5", "0"], ["7", "1", "0.03125", "1.5", "0"], ["9", "", "0.125", "1.5", "0"]]);
});

test("every frame is measured, or the one asked for; without a voxel size lengths are voxels, and that is said", async () => {
  const film = await write("film.tif", bytes, (z, y, x, t) => (t === 0 ? idAt(z, y, x) : idAt(z, y, x) === 7 ? 7 : 0), { frames: 2 });
  const all = await run(["--labels", film, "--output", at("film.csv")]);
  assert.match(all.out, /^5 objects in 2 frames, 2 of them in 1 cluster/);
  assert.match(all.out, /Note: No voxel size is known, so lengths are in voxels; state it with --spacing/);
  assert.deepEqual(table("film.csv").map((row) => [row["object_id"], row["t"], row["volume_vx"]]), [["3", "0", "24"], ["4", "0", "24"], ["7", "0", "1"], ["7", "1", "1"], ["9", "0", "4"]]);
  await run(["--labels", film, "--frame", "1", "--output", at("film-1.csv")]);
  assert.deepEqual(table("film-1.csv").map((row) => [row["object_id"], row["t"]]), [["7", "1"]]);
  assert.equal((await run(["--labels", film, "--frame", "2", "--output", at("no.csv")])).fault?.code, "plane_off_volume");
  const mismatch = await run(["--labels", film, "--image", labels, "--output", at("no.csv")]);
  assert.deepEqual([mismatch.fault?.code, /2 frames, the other 1; --frame N/.test(mismatch.fault?.message ?? "")], ["labels_mismatch", true]);
  assert.equal((await run(["--labels", film, "--image", labels, "--frame", "0", "--output", at("film-0.csv")])).fault, undefined);
});

test("of a label image with channels the first is measured, and that is said", async () => {
  const plane = (channel: number): Uint8Array => Uint8Array.from({ length: height * width }, (_, pixel) => (channel === 0 && pixel === 3 * width + 4 ? 6 : channel));
  await writeImagejTiff(at("channels.tif"), { shape: { t: 1, c: 2, z: 1, y: height, x: width }, dtype: "uint8", spacing: undefined }, [plane(0), plane(1)]);
  const { out } = await run(["--labels", at("channels.tif"), "--output", at("channels.csv")]);
  assert.match(out, /Note: The image has one slice.*\n  Note: channels\.tif has 2 channels; the labels are those of the first\.\n$/s);
  assert.deepEqual(table("channels.csv").map((row) => [row["object_id"], row["voxels"], row["border"]]), [["6", "1", "0"]]);
});

test("a Zarr label image measures as the TIFF does", async () => {
  await writeLabelsZarr(at("labels.zarr"), { size: [depth, height, width], spacing: { z: 2, y: 1, x: 1 }, name: "labels" }, async ({ z, y, x }) => {
    const ids: number[] = [];
    for (let at0 = z[0]; at0 < z[1]; at0++) for (let at1 = y[0]; at1 < y[1]; at1++) for (let at2 = x[0]; at2 < x[1]; at2++) ids.push(idAt(at0, at1, at2));
    return Uint32Array.from(ids);
  }, {});
  await run(["--labels", labels, "--output", at("of-tiff.csv")]);
  await run(["--labels", at("labels.zarr"), "--output", at("of-zarr.csv")]);
  assert.equal(readFileSync(at("of-zarr.csv"), "utf8"), readFileSync(at("of-tiff.csv"), "utf8"));
});

test("no object is told, and the table is its header", async () => {
  const empty = await write("empty.tif", bytes, () => 0);
  const { out, fault } = await run(["--labels", empty, "--output", at("empty.csv"), "--clusters", at("empty-clusters.csv")]);
  assert.equal(fault, undefined);
  assert.match(out, /^0 objects, 0 % of the volume, in .*\n  Note: There is no object: every voxel is 0\. The table holds its header alone\.\n$/);
  assert.deepEqual([table("empty.csv"), table("empty-clusters.csv")], [[], []]);
});

test("what is no label image, or does not fit, is refused with what to do, and nothing is written", async () => {
  const refused = async (args: readonly string[], code: string, says: RegExp): Promise<void> => {
    const { fault } = await run([...args, "--output", at("refused.csv")]);
    assert.ok(fault?.code === code && says.test(`${fault.message} ${fault.hint}`), `${args.join(" ")}: ${fault?.code} ${fault?.message} ${fault?.hint}`);
    assert.equal(existsSync(at("refused.csv")), false);
  };
  await refused(["--labels", await write("half.tif", floats, (z, y, x) => (z === 2 && y === 3 && x === 4 ? 0.5 : 1))], "labels_invalid", /z=2, y=3, x=4 it holds 0.5/);
  await refused(["--labels", await write("minus.tif", floats, (z) => (z === 5 ? -3 : 1))], "labels_invalid", /z=5, y=0, x=0 it holds -3/);
  await refused(["--labels", labels, "--image", await write("low.tif", bytes, () => 0, { rows: height - 1 })], "labels_mismatch", /6 x 8 x 12.*6 x 7 x 12/);
  await refused(["--labels", labels, "--image", await write("fine.tif", bytes, () => 0, { spacing: { z: 1, y: 1, x: 1 } })], "labels_mismatch", /2 x 1 x 1 micrometres.*--spacing/s);
  await refused(["--labels", at("nothing.tif")], "file_missing", /nothing\.tif/);
  for (const spacing of ["1,1", "1,1,0", "1,1,1,1", "1,,1", "a,b,c", "-1,1,1"]) await refused(["--labels", labels, `--spacing=${spacing}`], "usage", /z,y,x in micrometres/);
  await refused(["--labels", labels, "--channel", "1"], "usage", /--channel goes with --image/);
  await refused(["--labels", labels, "--clusters", labels], "usage", /written over a file that is read/);
  await refused(["--labels", labels, "--confidence", at("none.csv")], "file_missing", /none\.csv/);
  writeFileSync(at("odd.csv"), "id,score\n1,1\n");
  await refused(["--labels", labels, "--confidence", at("odd.csv")], "file_unreadable", /no columns object_id and score/);
  writeFileSync(at("odd.csv"), "object_id,score\n1,1\n2,high\n");
  await refused(["--labels", labels, "--confidence", at("odd.csv")], "file_unreadable", /line 3 holds no object_id and score: 2,high/);
  assert.equal((await run(["--labels", labels])).fault?.code, "usage");
});

test("stopped, it ends as cancelled and leaves no table", async () => {
  const stop = new AbortController();
  stop.abort();
  assert.equal((await run(["--labels", labels, "--output", at("stopped.csv")], { signal: stop.signal })).fault?.code, "cancelled");
  assert.equal(existsSync(at("stopped.csv")), false);
});
