// Scores of objects from a table of measurements.
import { readFile } from "node:fs/promises";
import { isSystemError, MaskletError, reasonOf } from "#protocol/errors.ts";

/**
 * Column `score` by `object_id` of a comma-separated table with a header line, as measurements.csv is; of an object in several frames the mean.
 * An empty score is none. @throws file_missing, file_unreadable when these columns or their numbers are not there
 */
export async function readScores(file: string): Promise<Map<number, number>> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw isSystemError(cause, "ENOENT") ? MaskletError.of("file_missing", { file }, cause) : MaskletError.of("file_unreadable", { file, why: reasonOf(cause) }, cause);
  });
  const wrong = (why: string): MaskletError => MaskletError.of("file_unreadable", { file, why });
  const [head = "", ...lines] = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const names = cellsOf(head);
  const [id, score] = [names.indexOf("object_id"), names.indexOf("score")];
  if (id < 0 || score < 0) throw wrong("its first line names no columns object_id and score");
  const sums = new Map<number, { sum: number; count: number }>();
  for (const [nth, line] of lines.entries()) {
    const cells = cellsOf(line);
    if (line.trim() === "" || cells[score] === "") continue;
    const [objectId, value] = [Number(cells[id]), Number(cells[score])];
    if (!Number.isInteger(objectId) || objectId < 1 || !Number.isFinite(value)) throw wrong(`line ${nth + 2} holds no object_id and score: ${line.slice(0, 80)}`);
    const { sum, count } = sums.get(objectId) ?? { sum: 0, count: 0 };
    sums.set(objectId, { sum: sum + value, count: count + 1 });
  }
  return new Map([...sums].map(([objectId, { sum, count }]) => [objectId, sum / count]));
}

/** Spreadsheets may put names and numbers in quotes. */
function cellsOf(line: string): string[] {
  return line.split(",").map((cell) => cell.trim().replace(/^"(.*)"$/, "$1"));
}
