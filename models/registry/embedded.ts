// Weights that come with the package, beside this code: whether they are there, and whether they are those that were judged.
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MaskletError, isSystemError, reasonOf } from "#protocol/errors.ts";
import type { EmbeddedSource } from "./catalogue.ts";
import { sha256OfFile } from "./file-hash.ts";
import { readScores, scoresName } from "./scores.ts";
import type { Scores } from "./scores.ts";

/** What the manifest of a model says that was compiled from there: the folder is another on each machine. */
export const inTheBox = "in the box";

export interface EmbeddedWeights {
  readonly path: string;
  /** 0 when the file is missing. */
  readonly sizeBytes: number;
  /** Lower-case hex: what they should be, or, where nothing says that, what they are. */
  readonly sha256: string;
  /** verified: as `scores.json` says; recorded: it says nothing of them; missing: damaged, or not there though it speaks of them. */
  readonly integrity: "verified" | "recorded" | "missing";
  /** What is wrong with them, when they are missing. */
  readonly fault: string | undefined;
}

export interface Embedded {
  scores(): Promise<Scores>;
  /** Hashed once, unless `anew`. @returns undefined when neither the file nor a word of it is there */
  weights(id: string, source: EmbeddedSource, how?: { readonly anew: boolean }): Promise<EmbeddedWeights | undefined>;
}

/** `MASKLET_EMBEDDED` names another folder: tests have one of their own, and an empty one is a package without a model. */
export function embeddedFolder(): string {
  return process.env["MASKLET_EMBEDDED"] || fileURLToPath(new URL("../embedded/", import.meta.url));
}

/** Reads nothing yet. @param onLog warnings, a line each */
export function openEmbedded(folder: string, onLog: (line: string) => void): Embedded {
  const known: { scores?: Promise<Scores> } = {};
  const looked = new Map<string, Promise<EmbeddedWeights | undefined>>();
  const scores = (): Promise<Scores> => (known.scores ??= readScores(folder, onLog));

  async function look(id: string, file: string): Promise<EmbeddedWeights | undefined> {
    const path = join(folder, file);
    const stated = (await scores()).get(id);
    try {
      const { size: sizeBytes } = await stat(path);
      const sha256 = await sha256OfFile(path);
      if (stated?.sha256 === undefined) return { path, sizeBytes, sha256, integrity: "recorded", fault: undefined };
      if (sha256 === stated.sha256) return { path, sizeBytes, sha256, integrity: "verified", fault: undefined };
      return damaged({ path, sizeBytes, sha256: stated.sha256 }, `its SHA-256 is not the one in ${scoresName} beside it`);
    } catch (thrown) {
      if (!isSystemError(thrown, "ENOENT", "ENOTDIR")) return damaged({ path, sizeBytes: 0, sha256: stated?.sha256 ?? "" }, reasonOf(thrown));
      return stated === undefined ? undefined : damaged({ path, sizeBytes: 0, sha256: stated.sha256 ?? "" }, "it is missing");
    }
  }

  function damaged(what: Pick<EmbeddedWeights, "path" | "sizeBytes" | "sha256">, fault: string): EmbeddedWeights {
    onLog(`Warning: a model that came with Masklet cannot be used (${what.path}: ${fault}).`);
    return { ...what, integrity: "missing", fault };
  }

  return {
    scores,
    weights(id, { file }, how) {
      const before = how?.anew === true ? undefined : looked.get(id);
      if (before !== undefined) return before;
      const found = look(id, file);
      looked.set(id, found);
      return found;
    },
  };
}

/** @throws embedded_damaged */
export function requireSound(id: string, { path, fault }: EmbeddedWeights): void {
  if (fault !== undefined) throw MaskletError.of("embedded_damaged", { model: id, file: path, why: fault });
}
