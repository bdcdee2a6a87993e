// docs/guide.md's first particle, with mouse and windows on the real server. Its pictures lie in .cache/imagej-guide-pictures; those in docs are
// copies of them.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { writeImagejTiff } from "#server/exports/tiff-writer.ts";
import { makePhantom, type Phantom } from "../../../fixtures/make/phantom.ts";
import { runWindow } from "./run-window.ts";
import { startServerUnderTest } from "./server-under-test.ts";

const reach = 3;

/** Fiji's slice where an object is largest, and its box there, a pixel loose. */
function boxOn({ labels, shape: [depth, height, width] }: Phantom, id: number): number[] {
  let best: { area: number; box: number[] } = { area: 0, box: [] };
  for (let z = 0; z < depth; z++) {
    const xs: number[] = [];
    const ys: number[] = [];
    for (let at = 0; at < height * width; at++) {
      if (labels[z * height * width + at] !== id) continue;
      xs.push(at % width);
      ys.push(Math.floor(at / width));
    }
    if (xs.length > best.area) best = { area: xs.length, box: [z + 1, Math.min(...xs) - 1, Math.min(...ys) - 1, Math.max(...xs) + 2, Math.max(...ys) + 2] };
  }
  return best.box;
}

export function guidePictures(): void {
  test("the guide's first particle, from the box to the label image", async () => {
    const folder = await mkdtemp(join(tmpdir(), "masklet-guide-"));
    const server = await startServerUnderTest("real");
    try {
      const phantom = makePhantom({ noise: 1_200 });
      const [z, y, x] = phantom.shape;
      const spacing = { z: 0.0635, y: 0.0635, x: 0.0635 };
      const inside = phantom.objects.find(({ box: [z0, y0, x0, z1, y1, x1] }) => z0 > 8 && z1 < z - 8 && y0 > 2 && x0 > 2 && y1 < y - 2 && x1 < x - 2);
      const [slice = 0, ...box] = boxOn(phantom, inside!.id);
      // A few slices on both sides: a reader waits for more, a test need not.
      const from = slice - 1 - reach;
      const planes = Array.from({ length: 2 * reach + 1 }, (_, at) => phantom.raw.subarray((from + at) * y * x, (from + at + 1) * y * x));
      await writeImagejTiff(join(folder, "clay.tif"), { shape: { t: 1, c: 1, z: planes.length, y, x }, dtype: "uint16", spacing }, planes);
      const { facts, output } = await runWindow("GuideHarness", server.url, [join(folder, "clay.tif"), [reach + 1, ...box].join(",")]);
      assert.equal(facts["finished"], "yes", output);
      assert.match(facts["prompt"]!, /"ok":true/);
      assert.match(facts["propagate"]!, /"ok":true.*"cancelled":false.*"labels":"clay-labels"/);
      assert.ok(Number(facts["outlines"]) >= 5 && facts["outlines"] === facts["rois"], `${facts["outlines"]} outlines`);
    } finally {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });
}
