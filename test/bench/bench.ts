// npm run bench [-- NAME... --image-size 512,1024 --frames N --data FOLDER --side N]: measures on this machine and prints Markdown tables. Nothing here passes or fails by its time.
// `quality` and `small`: --weights FILE. `quality`: --recipe NAME,... --model ID,... --objects N --scenes N --corrections N --write scores.json --gallery FOLDER.
import { availableParallelism, cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { classical } from "./classical.ts";
import { click } from "./click.ts";
import { edgetam } from "./edgetam.ts";
import { evaluate } from "./evaluate.ts";
import { healthLatency } from "./health-latency.ts";
import { measure } from "./measure.ts";
import { propagation } from "./propagation.ts";
import { quality } from "./quality.ts";
import { sam2 } from "./sam2.ts";
import { scale } from "./scale.ts";
import { small } from "./small.ts";
import { startUp } from "./start-up.ts";
import { markdownTable, partedFindings, tableText, type Row, type Table } from "./table.ts";
import { upload } from "./upload.ts";
import { windows } from "./windows.ts";
import { zarr } from "./zarr.ts";

const benches = [startUp, upload, click, propagation, healthLatency, sam2, small, edgetam, windows, classical, measure, zarr, quality, evaluate, scale];
const { values, positionals: asked } = parseArgs({ allowPositionals: true, options: {
  "image-size": { type: "string" }, frames: { type: "string" }, data: { type: "string" }, side: { type: "string" },
  recipe: { type: "string" }, model: { type: "string" }, weights: { type: "string" }, objects: { type: "string" }, scenes: { type: "string" }, corrections: { type: "string" }, write: { type: "string" }, gallery: { type: "string" },
} });
const unknown = asked.filter((name) => !benches.some((bench) => bench.name === name));
if (unknown.length > 0) {
  process.stderr.write(`There is no bench ${unknown.join(", ")}; there are ${benches.map(({ name }) => name).join(", ")}.\n`);
  process.exit(2);
}

const options = {
  imageSizes: values["image-size"]?.split(",").map((text) => whole(text, "--image-size", 32)),
  frames: values.frames === undefined ? undefined : whole(values.frames, "--frames", 1),
  data: values.data,
  side: values.side === undefined ? undefined : whole(values.side, "--side", 1),
  recipes: values.recipe?.split(","),
  models: values.model?.split(","),
  weights: values.weights,
  objects: values.objects === undefined ? undefined : whole(values.objects, "--objects", 1),
  scenes: wholeOrNone(values.scenes, "--scenes"),
  corrections: wholeOrNone(values.corrections, "--corrections"),
  write: values.write,
  gallery: values.gallery,
};

const rows: Row[] = [];
const tables: Table[] = [];
const loadBefore = loadavg()[0]!;
for (const bench of benches.filter(({ name }) => asked.length === 0 || asked.includes(name))) {
  const why = asked.length === 0 ? bench.unready?.() : undefined;
  process.stderr.write(`${why ?? `${bench.name} ...`}\n`);
  if (why !== undefined) continue;
  const found = await bench.run(options);
  const parted = partedFindings(found);
  rows.push(...parted.rows);
  tables.push(...parted.tables);
}
const machine = `${cpus()[0]?.model ?? "unknown processor"}, ${availableParallelism()} threads, Node ${process.versions.node}, load ${loadBefore.toFixed(1)} before and ${loadavg()[0]!.toFixed(1)} after`;
const parts = [machine, ...(rows.length === 0 ? [] : [markdownTable(rows)]), ...tables.map(({ title, head, lines }) => `${title}\n\n${tableText(head, lines)}`)];
process.stdout.write(`${parts.join("\n\n")}\n`);

function wholeOrNone(text: string | undefined, option: string): number | undefined {
  return text === undefined ? undefined : text === "0" ? 0 : whole(text, option, 1);
}

function whole(text: string, option: string, step: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0 && value % step === 0) return value;
  process.stderr.write(`${option} is a whole number${step > 1 ? `, a multiple of ${step}` : ""}, not ${text}.\n`);
  process.exit(2);
}
