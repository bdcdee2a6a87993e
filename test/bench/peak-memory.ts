// The most memory a process has held, as Linux counts it; elsewhere there are no such rows.
import { existsSync, readFileSync } from "node:fs";
import type { Row } from "./table.ts";

export function peakMemoryRows(bench: string, serverPid: number): Row[] {
  if (!existsSync(`/proc/${serverPid}/status`)) return [];
  const row = (what: string, pid: number): Row => ({ bench, unit: "MiB", measured: { what, values: [peakMiB(pid)] } });
  const children = readFileSync(`/proc/${serverPid}/task/${serverPid}/children`, "utf8").split(" ").filter((pid) => pid !== "").map(Number);
  return [row("most memory of the server", serverPid), ...children.map((pid) => row("most memory of the model process", pid))];
}

export function peakMiB(pid: number): number {
  const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))!;
  return Number(kib) / 1024;
}
