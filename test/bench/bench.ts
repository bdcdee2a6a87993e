// npm run bench [-- NAME...]: measures on this machine and prints one Markdown table. Nothing here passes or fails by its time.
import { availableParallelism, cpus, loadavg } from "node:os";
import { click } from "./click.ts";
import { healthLatency } from "./health-latency.ts";
import { propagation } from "./propagation.ts";
import { startUp } from "./start-up.ts";
import { markdownTable, type Row } from "./table.ts";
import { upload } from "./upload.ts";

const benches = [startUp, upload, click, propagation, healthLatency];
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !benches.some((bench) => bench.name === name));
if (unknown.length > 0) {
  process.stderr.write(`There is no bench ${unknown.join(", ")}; there are ${benches.map(({ name }) => name).join(", ")}.\n`);
  process.exit(2);
}

const rows: Row[] = [];
const loadBefore = loadavg()[0]!;
for (const bench of benches.filter(({ name }) => asked.length === 0 || asked.includes(name))) {
  process.stderr.write(`${bench.name} ...\n`);
  rows.push(...await bench.run());
}
const machine = `${cpus()[0]?.model ?? "unknown processor"}, ${availableParallelism()} threads, Node ${process.versions.node}, load ${loadBefore.toFixed(1)} before and ${loadavg()[0]!.toFixed(1)} after`;
process.stdout.write(`${machine}\n\n${markdownTable(rows)}\n`);
