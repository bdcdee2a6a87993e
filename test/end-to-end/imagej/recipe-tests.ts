// The macros of docs/scripting.md, one after another as a reader runs them, on the real server.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readPage } from "../docs-page.ts";
import { assertParticle, assertParticles, recipeScene } from "../docs-scene.ts";
import { readLabels } from "../small-phantom.ts";
import { runMacro } from "./run-macro.ts";
import { startServerUnderTest } from "./server-under-test.ts";

export function recipeTests(): void {
  test("the macros of docs/scripting.md", async () => {
    const scene = await recipeScene();
    const server = await startServerUnderTest("real");
    try {
      const macros = readPage("docs/scripting.md").blocks.filter(({ language }) => language === "ijm");
      assert.equal(macros.length, 4);
      const run = await runMacro(macros.map(({ text }) => scene.fit(text, server.url.replace("ws", "http"))).join("\n"), { timeoutMs: 170_000 });
      assert.ok(run.finished, run.output);
      await assertParticle(scene, "labels.tif", 1);
      await assertParticles(scene, "fds-labels.tif");
      for (const name of ["a", "b"]) await assertParticles(scene, `scans/${name}-labels.tif`);
      // ImageJ measures in square micrometres, 0.25 x 0.25 a pixel.
      const [head, ...rows] = readFileSync(join(scene.folder, "outlines.csv"), "utf8").trim().split("\n");
      const area = head!.split(",").indexOf("Area");
      const { ids } = await readLabels(join(scene.folder, "labels.tif"));
      const voxels = Array.from(ids).filter((id) => id === 1).length;
      assert.ok(Math.abs(rows.reduce((sum, row) => sum + Number(row.split(",")[area]), 0) - voxels / 16) < 0.01 * rows.length, `${rows.length} outlines of ${voxels} voxels`);
    } finally {
      await server.stop();
      scene.remove();
    }
  });
}
