// A run that may kill its own process, as no warning comes before a power cut; only ever started by classical-resume.test.ts.
import { createHash } from "node:crypto";
import { runRecipe } from "../../server/classical/run-recipe.ts";
import { wholeBox } from "../../server/classical/tiles/box3.ts";
import { blobs, readerOf, recipeOf } from "../classical-scenes.ts";

const [scratch, recipe, what, count] = process.argv.slice(2);
const seen = { reads: 0, tasks: 0 };

/** Dies when so many reads were asked for, or so many tasks were told as done. */
function tell(kind: "reads" | "tasks"): void {
  seen[kind]++;
  if (kind === what && seen[kind] === Number(count)) process.kill(process.pid, "SIGKILL");
}

const scene = blobs(3, [30, 36, 41], 12);
const run = await runRecipe({
  reader: readerOf(scene, { onRead: () => tell("reads") }), recipe: recipeOf(recipe!, recipe === "fds" ? { "split.method": "edt", "expand.distance": 2 } : {}),
  scratch: scratch!, resumeKey: "key", chunkSide: 16, threads: 2, memoryBytes: 1,
}, { onProgress: () => tell("tasks") });
const { reads, tasks } = seen;
const labels = await run.read(wholeBox(scene.size));
const left = { reads, tasks, objects: run.objects, steps: run.steps, labels: createHash("sha256").update(new Uint8Array(labels.buffer)).digest("hex") };
process.stdout.write(JSON.stringify(left));
// Not closed: what it leaves, the same run takes up again.
process.exit(0);
