// The macros of docs/scripting.md, one after another as a reader runs them, on the real server.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readPage } from "../docs-page.ts";
import { assertJudged, assertParticle, assertParticles, recipeScene } from "../docs-scene.ts";
import { readLabels } from "../small-phantom.ts";
import { runMacro } from "./run-macro.ts";
import { startServerUnderTest } from "./server-under-test.ts";

export function recipeTests(): void {
  test("the macros of docs/scripting.md", async () => {
    const scene = await recipeScene();
    const server = await startServerUnderTest("real");
    try {
      const macros = readPage("docs/scripting.md").blocks.filter(({ language }) => language === "ijm");
      assert.equal(macros.length, 5);
      const run = await runMacro(macros.map(({ text }) => scene.fit(text, server.url.replace("ws", "http"))).join("\n"), { timeoutMs: 300_000 });
      assert.ok(run.finished, run.output);
      await assertParticle(scene, "labels.tif", 1);
      await assertParticles(scene, "fds-labels.tif");
      const tableOf = (name: string): Record<string, string>[] => {
        const [head, ...rows] = readFileSync(join(scene.folder, name), "utf8").trim().split("\n").map((row) => row.split(","));
        return rows.map((row) => Object.fromEntries(head!.map((column, at) => [column, row[at]!])));
      };
      await assertJudged(scene, Number(tableOf("evaluation.csv")[0]!["dice"]), "labels.tif");
      assert.ok(Number(tableOf("shapes.csv")[0]!["surface_um2"]) > 0);
      for (const name of ["shapes.html", "judged.html"]) assert.match(readFileSync(join(scene.folder, name), "utf8"), /<\/html>\s*$/);
      for (const name of ["a", "b"]) await assertParticles(scene, `scans/${name}-labels.tif`);
      // ImageJ measures in square micrometres, 0.25 x 0.25 a pixel.
      const outlines = readFileSync(join(scene.folder, "outlines.csv"), "utf8").trim().split("\n").slice(1).map((row) => row.split(",").map(Number));
      const { ids, shape: [, height, width] } = await readLabels(join(scene.folder, "labels.tif"));
      const voxelsOn = (slice: number): number => Array.from(ids).slice((slice - 1) * height * width, slice * height * width).filter((id) => id === 1).length;
      assert.ok(outlines.length >= 3);
      assert.deepEqual(outlines.map(([object, slice, area]) => [object, slice, Math.round(area! * 16)]), outlines.map(([, slice]) => [1, slice, voxelsOn(slice!)]));
    } finally {
      await server.stop();
      scene.remove();
    }
  });
}
