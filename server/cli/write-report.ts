// --report and --plots: a page to look at, and its plots and pictures as files.
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { MaskletError } from "#protocol/errors.ts";
import type { Report } from "#server/reports/contract.ts";
import { writeAtomically } from "#server/volumes/write-atomic.ts";
import type { Options } from "./options.ts";
import { writeResult } from "./write-results.ts";

export const reportOptions = { report: "text", plots: "text" } as const;

export interface ReportPaths {
  readonly report: string | undefined;
  /** A folder; it is made. */
  readonly plots: string | undefined;
}

/** @throws usage */
export function readReportPaths(options: Options): ReportPaths {
  const [report, plots] = [options.text("report"), options.text("plots")];
  if (report !== undefined && !/\.html?$/i.test(report)) throw MaskletError.of("usage", { why: `--report is an HTML file, such as report.html, not "${report}".` });
  if (plots === "") throw MaskletError.of("usage", { why: "--plots names a folder for the plots as SVG and PNG." });
  return { report, plots };
}

export function wantsReport({ report, plots }: ReportPaths): boolean {
  return report !== undefined || plots !== undefined;
}

/** Said before anything slow is begun. @throws file_not_written */
export async function checkPlotsFolder({ plots }: ReportPaths): Promise<void> {
  if (plots === undefined) return;
  const there = await stat(plots).catch(() => undefined);
  if (there !== undefined && !there.isDirectory()) throw MaskletError.of("file_not_written", { file: plots, why: "it is a file, and --plots names a folder" });
}

/** @returns the report's path and the folder's. @throws disk_full, file_not_written */
export async function writeReport({ report: path, plots: folder }: ReportPaths, report: Report): Promise<string[]> {
  const { reportPage } = await import("#server/reports/report-page.ts");
  const { reportFiles } = await import("#server/reports/report-files.ts");
  if (path !== undefined) await writeResult(path, await reportPage(report));
  if (folder !== undefined) for await (const { name, content } of reportFiles(report)) await writeAtomically(join(folder, name), content);
  return [path, folder].filter((written) => written !== undefined);
}
