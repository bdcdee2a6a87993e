// One run of FDS in a process of its own: FILE SIDE SPLIT THREADS; prints its time and the most memory it had.
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { completeRecipe } from "#server/classical/complete-recipe.ts";
import type { Size3 } from "#server/classical/kernels/size3.ts";
import { runRecipe } from "#server/classical/run-recipe.ts";
import { cropped, wholeBox } from "#server/classical/tiles/box3.ts";

const [file, side, split, threads] = process.argv.slice(2);
const bytes = readFileSync(file!);
const values = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
const size: Size3 = [Number(side), Number(side), Number(side)];
const start = performance.now();
const run = await runRecipe({
  reader: { size, dtype: "uint8", spacing: undefined, read: async (box) => cropped(values, wholeBox(size), box).slice() },
  recipe: completeRecipe("fds", { "split.method": split! }), scratch: tmpdir(), threads: Number(threads),
}, {});
const ms = performance.now() - start;
const objects = run.objects.length;
await run.close();
process.stdout.write(`${JSON.stringify({ ms, objects, peakMiB: process.resourceUsage().maxRSS / 1024 })}\n`);
