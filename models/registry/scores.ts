// What models were found to be worth on the validation sets: `embedded/scores.json`, which `npm run bench -- quality --write` writes.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isSystemError, reasonOf } from "#protocol/errors.ts";

export const scoresName = "scores.json";

export interface Score {
  /** Of the weights that were judged, lower-case hex; those of a package have its integrity instead. */
  readonly sha256: string | undefined;
  /** Dice from one box, averaged over the groups of objects; 0..1. */
  readonly mean: number;
}

/** By a model's id. */
export type Scores = ReadonlyMap<string, Score>;

/** @param onLog told when the file is there and of no use; then nothing is known. */
export async function readScores(folder: string, onLog: (line: string) => void): Promise<Scores> {
  const file = join(folder, scoresName);
  try {
    return scoresIn(JSON.parse(await readFile(file, "utf8")));
  } catch (thrown) {
    if (!isSystemError(thrown, "ENOENT", "ENOTDIR")) onLog(`Warning: ${file} is left out: ${reasonOf(thrown)}.`);
    return new Map();
  }
}

/** Entries that are none are left out. */
function scoresIn(value: unknown): Scores {
  const models = isRecord(value) ? value["models"] : undefined;
  if (!isRecord(models)) return new Map();
  return new Map(Object.entries(models).flatMap(([id, entry]): [string, Score][] => {
    if (!isRecord(entry) || typeof entry["mean"] !== "number" || !Number.isFinite(entry["mean"])) return [];
    const { sha256, mean } = entry;
    return [[id, { sha256: typeof sha256 === "string" && /^[0-9a-f]{64}$/.test(sha256) ? sha256 : undefined, mean }]];
  }));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
