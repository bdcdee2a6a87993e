// What users of other tools complained of and no other test here shows; docs/faq.md names these tests.
import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { connect as connectSocket, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { writeImagejTiff } from "#server/exports/tiff-writer.ts";
import { connect } from "../../client-typescript/client.ts";
import { leaveEmbeddedOut } from "../embedded.ts";
import { ensureWeights, weightsHome } from "../weights.ts";
import { connect as connectLive, valueOf } from "./live-client.ts";
import { runCommand } from "./run-command.ts";
import { declaration, withServer } from "./server-under-test.ts";
import { dice, readLabels, writePhantomFiles } from "./small-phantom.ts";

leaveEmbeddedOut();

const folder = mkdtempSync(join(tmpdir(), "masklet-complaints-"));
after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

test("folders and files may have spaces, umlauts and other scripts in their names", { timeout: 180_000 }, async () => {
  await ensureWeights();
  const place = join(folder, "Übung 2 (Müller) 数据 йод");
  const home = join(place, "home Ψ");
  mkdirSync(home, { recursive: true });
  symlinkSync(join(weightsHome(), "models"), join(home, "models"), "junction");
  const { raw, truth, prompts, objectId, z, phantom: { shape: [, height, width] } } = await writePhantomFiles(folder);
  const [input, asked, output, table] = ["Scan 1 größer.tif", "Klötze – 1.json", "ラベル.tif", "tabelle ß.csv"].map((name) => join(place, name));
  copyFileSync(raw, input!);
  copyFileSync(prompts, asked!);
  const { code, out, err } = await runCommand(["propagate", "--input", input!, "--prompts", asked!, "--output", output!, "--csv", table!, "--range", `${z}:${z + 1}`, "--json"], { home, cwd: place });
  assert.equal(code, 0, out + err);
  const plane = async (path: string) => Array.from((await readLabels(path)).ids).slice(z * height * width, (z + 1) * height * width);
  assert.ok(dice(await plane(output!), await plane(truth), objectId) > 0.5);
});

test("a removed object comes back in no result, and another image's objects are in none", () => withServer(async ({ url }) => {
  const masklet = connect({ url });
  const prompted = async (identity: string, ids: readonly number[]): Promise<string> => {
    const { volumeId } = await masklet.declare({ ...declaration, identity });
    for (let z = 0; z < declaration.shape.z; z++) await masklet.putPlane(volumeId, { t: 0, c: 0, z }, new Uint8Array(140));
    const { sessionId } = await masklet.openSession(volumeId);
    await masklet.setPrompts(sessionId, { objects: ids.map((id) => ({ id, prompts: [{ z: 1, box: [id, 1, id + 2, 5] }] })) });
    await masklet.run({ operation: "propagate", sessionId });
    return sessionId;
  };
  const first = await prompted("first image", [1, 4, 8]);
  const second = await prompted("second image", [2]);
  await masklet.run({ operation: "object.remove", sessionId: first, params: { objectId: 4 } });
  const idsIn = async (sessionId: string): Promise<unknown[]> => {
    const labels = join(folder, `${sessionId}.tif`);
    writeFileSync(labels, await masklet.labels(sessionId));
    const features: { properties: { name: string } }[] = JSON.parse(await masklet.geojson(sessionId)).features;
    return [
      [...new Set(Array.from((await readLabels(labels)).ids))].sort((a, b) => a - b),
      [...new Set(features.map(({ properties }) => Number(/\d+/.exec(properties.name)?.[0])))].sort((a, b) => a - b),
      (await masklet.measurements(sessionId)).trim().split("\n").slice(1).map((row) => Number(row.split(",")[0])),
    ];
  };
  assert.deepEqual(await idsIn(first), [[0, 1, 8], [1, 8], [1, 8]]);
  assert.deepEqual(await idsIn(second), [[0, 2], [2], [2]]);
}));

test("a forwarded port, as ssh -L makes one, is this server's", () => withServer(async ({ url }) => {
  const { hostname, port } = new URL(url);
  const forward = createServer((near) => {
    const far = connectSocket(Number(port), hostname);
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) socket.on("error", () => void [near, far].map((each) => each.destroy()));
  });
  await new Promise<void>((listening) => forward.listen(0, "127.0.0.1", listening));
  const address = forward.address();
  assert.ok(typeof address === "object" && address !== null && address.port !== Number(port));
  try {
    for (const name of ["127.0.0.1", "localhost"]) assert.equal((await connect({ url: `http://${name}:${address.port}` }).health()).name, "masklet");
    const live = await connectLive(`http://127.0.0.1:${address.port}`);
    const hello = valueOf(await live.ask({ t: "hello", id: 1, protocol: 1, client: "far away" }));
    assert.ok("limits" in hello);
    await live.close();
  } finally {
    forward.close();
  }
}));

test("particles that touch the edge or are concave are kept; those at the edge go where that is asked for", async () => {
  const [z, y, x] = [12, 30, 40];
  const inside = (at: readonly number[], from: readonly number[], to: readonly number[]): boolean => at.every((value, axis) => value >= from[axis]! && value < to[axis]!);
  // A block in a corner of the volume, and a thick L in its middle.
  const corner = (at: readonly number[]): boolean => inside(at, [0, 0, 0], [5, 8, 9]);
  const concave = (at: readonly number[]): boolean => inside(at, [3, 12, 15], [9, 26, 20]) || inside(at, [3, 21, 15], [9, 26, 34]);
  const place = (index: number): number[] => [Math.floor(index / (y * x)), Math.floor(index / x) % y, index % x];
  const planes = Array.from({ length: z }, (_, at) => Uint8Array.from({ length: y * x }, (_value, pixel) => (corner(place(at * y * x + pixel)) || concave(place(at * y * x + pixel)) ? 200 : 20)));
  const input = join(folder, "edge.tif");
  await writeImagejTiff(input, { shape: { t: 1, c: 1, z, y, x }, dtype: "uint8", spacing: undefined }, planes);
  /** The labels in each of the two. */
  const found = async (...more: string[]): Promise<number[][]> => {
    const { code, out, err } = await runCommand(["segment", "--input", input, "--recipe", "fds-grains", "--output", join(folder, "edge-labels.tif"), ...more, "--json"], { home: join(folder, "home") });
    assert.equal(code, 0, out + err);
    const ids = Array.from((await readLabels(join(folder, "edge-labels.tif"))).ids);
    return [corner, concave].map((within) => [...new Set(ids.filter((_id, index) => within(place(index))))].sort());
  };
  const [first, second] = await found();
  assert.deepEqual([first!.length, second!.length, [...first!, ...second!].sort()], [1, 1, [1, 2]], "each is one particle");
  assert.deepEqual(await found("--set", "select.border=drop"), [[0], [1]]);
});
