// npm run parity: random networks of all official sizes through PyTorch and through ours, as a table. Finished rows are kept in
// .cache/parity and not measured again, so a run can be stopped and gone on with.
//   --variant sam2.1_tiny,...   --seed 1,...   --image-size 1024   --frames 10   --again   --quick (tiny of both, small and short)
// EdgeTAM only where it is named and MASKLET_PARITY_PYTHON has its source: fixtures/make/sam2/edgetam.py.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { setPriority } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { isWithin, measure, tolerance } from "../test/parity/full-size.ts";
import type { Asked, Measured, Report } from "../test/parity/full-size.ts";
import { parityPython } from "../test/parity/python-environment.ts";

const cache = fileURLToPath(new URL("../.cache/parity", import.meta.url));
const all = ["sam2.1", "sam2"].flatMap((generation) => ["tiny", "small", "base_plus", "large"].map((size) => `${generation}_${size}`));

const { values } = parseArgs({
  options: {
    variant: { type: "string" }, seed: { type: "string" }, "image-size": { type: "string" }, frames: { type: "string" },
    again: { type: "boolean", default: false }, quick: { type: "boolean", default: false },
  },
});
const variants = values.variant?.split(",") ?? (values.quick ? ["sam2.1_tiny", "sam2_tiny"] : all);
const known = [...all, "edgetam"];
const unknown = variants.filter((variant) => !known.includes(variant));
if (unknown.length > 0) fail(`There is no variant ${unknown.join(", ")}; there are ${known.join(", ")}.`);
const seeds = (values.seed ?? "1").split(",").map((text) => whole(text, "--seed"));
const imageSize = whole(values["image-size"] ?? (values.quick ? "256" : "1024"), "--image-size");
const frames = whole(values.frames ?? (values.quick ? "4" : "10"), "--frames");
if (imageSize % 32 !== 0) fail("--image-size is a multiple of 32.");

// Minutes of every core for each variant: whoever works at this machine goes first.
setPriority(10);
mkdirSync(cache, { recursive: true });
console.log(["variant", "seed", "size", "frames", "features", "logits", "mask IoU", "tracked logits", "least tracked IoU", "within", "rule"].join(" | "));
console.log(Array.from({ length: 11 }, () => "---").join(" | "));
let apart = 0;
for (const seed of seeds) {
  for (const variant of variants) {
    const measured = await measuredOrKept({ variant, seed, imageSize, frames });
    if (!isWithin(measured)) apart++;
    console.log(row(measured));
  }
}
console.log(`\nWithin: logits ${tolerance.logits} of the greatest, mask IoU ${tolerance.overlap}, tracked IoU ${tolerance.trackedOverlap}; ${apart} rows are not.`);
process.exit(apart > 0 ? 1 : 0);

async function measuredOrKept(asked: Asked): Promise<Measured> {
  const file = join(cache, `${asked.variant}-seed${asked.seed}-${asked.imageSize}-${asked.frames}.json`);
  if (existsSync(file) && !values.again) {
    // Written below.
    const kept: Measured = JSON.parse(readFileSync(file, "utf8"));
    return kept;
  }
  const measured = await measure(asked, parityPython(), cache);
  writeFileSync(file, `${JSON.stringify(measured, undefined, 1)}\n`);
  return measured;
}

function row(measured: Measured): string {
  const { variant, seed, imageSize, frames, features, logits, overlap, trackedLogits, trackedOverlap, report } = measured;
  const small = (value: number) => value.toExponential(1);
  return [variant, seed, imageSize, frames, small(features), small(logits), overlap.toFixed(5), small(trackedLogits), trackedOverlap.toFixed(5), isWithin(measured) ? "yes" : "NO", ruleSays(report)].join(" | ");
}

/** Whether the drawn network's masks are what a mask should be, so that agreeing about them means something. */
function ruleSays({ attempt, against }: Report): string {
  if (attempt === null) return "unsatisfied";
  return against.length === 0 ? `draw ${attempt + 1}` : `draw ${attempt + 1}, but ${against.join("; ")}`;
}

function whole(text: string, option: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) fail(`${option} is a whole number, not ${text}.`);
  return value;
}

function fail(why: string): never {
  console.error(why);
  process.exit(2);
}
