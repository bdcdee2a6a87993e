import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { decode } from "fast-png";
import type { Size3 } from "#server/classical/kernels/size3.ts";
import { thresholdTrackers } from "../contracts/threshold-tracker.ts";
import { arraySource } from "./array-source.ts";
import { writeCurve } from "./masklet-curve.ts";
import { writeGallery } from "./masklet-gallery.ts";
import { judgeScene } from "./masklet-judging.ts";
import { scoresOf } from "./masklet-scores.ts";
import { wholeReader, type SceneGroup } from "./quality-scenes.ts";

const size: Size3 = [12, 60, 70];

/** Squares without a corner, so that their boxes can be seen: one that fades away half way, so that who follows it stops there, one that stays. */
function volume(): { readonly grey: Uint8Array; readonly truth: Uint16Array } {
  const grey = new Uint8Array(size[0] * size[1] * size[2]).fill(30);
  const truth = new Uint16Array(grey.length);
  for (let z = 1; z < 11; z++) for (const [id, y0, x0] of [[1, 12, 12], [2, 40, 44]] as const) for (let y = y0; y < y0 + 9; y++) for (let x = y < y0 + 4 ? x0 + 4 : x0; x < x0 + 9; x++) {
    truth[(z * size[1] + y) * size[2] + x] = id;
    if (id === 1 || z < 7) grey[(z * size[1] + y) * size[2] + x] = 210;
  }
  return { grey, truth };
}

test("the gallery shows the worst masklets first, with what went wrong, and the curve", async () => {
  const { grey, truth } = volume();
  const source = arraySource({ name: "squares 1", voxels: grey, size });
  const group: SceneGroup = {
    name: "squares", scenes: 1, forRecipes: false,
    open: async function* () {
      yield { name: source.name, kind: "squares", source, reader: wholeReader(source), truth };
    },
  };
  const scenes = [];
  for await (const scene of group.open()) scenes.push({ ...await judgeScene(scene, thresholdTrackers(), ["threshold"], 9, 1, 5), recipe: [] });
  const judged = [{ name: group.name, scenes }];
  const folder = mkdtempSync(join(tmpdir(), "masklet-gallery-"));
  try {
    await writeGallery(folder, "threshold", judged, [group]);
    await writeCurve(folder, scoresOf(judged, [{ id: "threshold", sha256: "" }]), 5);
    assert.deepEqual(readdirSync(folder).sort(), ["corrections.png", "corrections.svg", "threshold.json", "threshold.md", "threshold.png"]);
    const { cases, common } = JSON.parse(readFileSync(join(folder, "threshold.json"), "utf8"));
    assert.deepEqual([cases.map((one: { object: number }) => one.object), cases[0].fault, cases[0].slices, common.judged, common.faulty.masklets], [[2, 1], "ended early", 10, 2, 1]);
    assert.match(readFileSync(join(folder, "threshold.md"), "utf8"), /Of 2 masklets 1 have a Dice below 0\.8\. .*ended early 1\. By volumes: squares 1\./);
    const { width, height, data, channels } = decode(readFileSync(join(folder, "threshold.png")));
    assert.ok(width > 1000 && height > 200 && channels === 3);
    const colors = new Set(Array.from({ length: width * height }, (_, at) => data.slice(3 * at, 3 * at + 3).join()));
    for (const drawn of ["90,230,110", "255,225,60", "255,255,255"]) assert.ok(colors.has(drawn), `nothing is drawn in ${drawn}`);
    assert.match(readFileSync(join(folder, "corrections.svg"), "utf8"), /Corrections/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
