// A run on the disk that is killed goes on where it was, as often as that happens, and ends as one that was left in peace.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { seededRandom } from "../../fixtures/make/seeded-random.ts";
import { runRecipe } from "../../server/classical/run-recipe.ts";
import { blobs, readerOf, recipeOf, withScratch } from "../classical-scenes.ts";

interface Left {
  readonly reads: number;
  readonly tasks: number;
  readonly objects: unknown;
  readonly steps: unknown;
  readonly labels: string;
}

/** @returns what the child said; undefined when it died before */
function child(scratch: string, recipe: string, what: "reads" | "tasks" | "none", count: number): Promise<Left | undefined> {
  return new Promise((resolve, reject) => {
    const started = spawn(process.execPath, [fileURLToPath(new URL("classical-child.ts", import.meta.url)), scratch, recipe, what, String(count)], { stdio: ["ignore", "pipe", "inherit"] });
    let said = "";
    started.stdout.on("data", (part) => { said += part; });
    started.on("error", reject);
    started.on("close", (code, signal) => {
      if (code !== null && code !== 0) reject(new Error(`the child ended with ${code}, ${signal}`));
      else resolve(said === "" ? undefined : JSON.parse(said));
    });
  });
}

for (const [recipe, kills] of [["fds", 6], ["ffs", 3]] as const) {
  test(`${recipe}: killed ${kills} times at seeded moments, then let finish`, async () => {
    await withScratch(async (calm) => withScratch(async (scratch) => {
      const random = seededRandom(kills);
      const undisturbed = await child(calm, recipe, "none", 0);
      assert.ok(undisturbed !== undefined && undisturbed.reads > 20);
      let died = 0;
      for (let kill = 1; kill <= kills; kill++) {
        // Tasks that were done before are told again, so each kill is later in the run; reads are only those of work that is left.
        const left = await (kill === 1
          ? child(scratch, recipe, "reads", random.whole(2, 20))
          : child(scratch, recipe, "tasks", Math.floor(((kill - random.uniform()) / kills) * undisturbed.tasks)));
        if (left === undefined) died++;
      }
      assert.equal(died, kills);
      const finished = await child(scratch, recipe, "none", 0);
      assert.deepEqual([finished?.labels, finished?.objects, finished?.steps], [undisturbed.labels, undisturbed.objects, undisturbed.steps]);
      assert.ok(finished!.reads < undisturbed.reads / 2, `${finished!.reads} reads of ${undisturbed.reads} were left`);
      const again = await child(scratch, recipe, "none", 0);
      assert.deepEqual([again?.reads, again?.labels], [0, undisturbed.labels], "a run that was done is not done again");
    }));
  });
}

test("a key that was used for something else does not spoil the run, and closing takes away what was kept", async () => {
  await withScratch(async (scratch) => {
    const scene = blobs(3, [30, 36, 41], 12);
    const request = { reader: readerOf(scene), recipe: recipeOf("fds"), scratch, resumeKey: "key", threads: 1, memoryBytes: 1 };
    const answers: unknown[] = [];
    for (const chunkSide of [16, 20]) {
      const stopped = new AbortController();
      let tasks = 0;
      await assert.rejects(runRecipe({ ...request, chunkSide }, { signal: stopped.signal, onProgress: () => {
        if (++tasks === 60) stopped.abort();
      } }));
      assert.deepEqual(readdirSync(scratch), ["key"], "kept, to be gone on with");
    }
    for (const chunkSide of [25, 20]) {
      const run = await runRecipe({ ...request, chunkSide }, {});
      answers.push([await run.read({ start: [0, 0, 0], end: scene.size }), run.objects]);
      await run.close();
      assert.deepEqual(readdirSync(scratch), []);
    }
    assert.deepEqual(answers[0], answers[1]);
  });
});
