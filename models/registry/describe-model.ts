// What is said of a model, installed or not: the `Model` of the protocol.
import type { Model } from "#protocol/types.ts";
import type { Candidate } from "./auto-order.ts";
import type { CatalogueEntry } from "./catalogue.ts";
import { isCurrent, isFromBox } from "./compile-embedded.ts";
import { inTheBox } from "./embedded.ts";
import type { EmbeddedWeights } from "./embedded.ts";
import type { InstallManifest } from "./manifest.ts";
import type { Scores } from "./scores.ts";

export interface KnownModel {
  readonly id: string;
  /** Of the catalogue. */
  readonly entry: CatalogueEntry | undefined;
  readonly manifest: InstallManifest | "damaged" | undefined;
  /** Of an entry that comes with the package. */
  readonly weights: EmbeddedWeights | undefined;
}

/** The weights in the box, when this model is they, compiled already or not; undefined when somebody installed others under its id. */
export function boxOf({ manifest, weights }: KnownModel): EmbeddedWeights | undefined {
  return manifest === undefined || manifest === "damaged" || isFromBox(manifest) ? weights : undefined;
}

/** What of it is installed: nothing while it is damaged, or compiled from what the box no longer holds. */
export function installedPart(known: KnownModel): InstallManifest | undefined {
  if (known.manifest === undefined || known.manifest === "damaged") return undefined;
  const box = boxOf(known);
  return box === undefined || isCurrent(known.manifest, box) ? known.manifest : undefined;
}

export function describeModel(known: KnownModel, scores: Scores): Model {
  const { id, entry } = known;
  const box = boxOf(known);
  const made = installedPart(known);
  const meanDice = meanDiceOf(known, scores);
  return {
    id,
    family: familyOf(entry, made),
    licence: made?.licence ?? entry?.licence ?? "licence not stated",
    installed: made !== undefined || box !== undefined || known.manifest === "damaged",
    sizeBytes: made?.files.reduce((sum, file) => sum + file.sizeBytes, 0) ?? box?.sizeBytes ?? sizeOf(entry),
    integrity: made?.integrity ?? box?.integrity ?? "missing",
    ...(known.manifest === "damaged" && box === undefined ? {} : sourceOf(entry, made)),
    ...(made?.compiled === undefined ? {} : { imageSize: made.compiled.imageSize }),
    ...(box === undefined ? {} : { embedded: true }),
    ...(meanDice === undefined ? {} : { meanDice }),
  };
}

/** Nothing, or what `auto` needs to know of it: one damaged model does not stand in the way of the others. */
export function candidateOf(known: KnownModel): Candidate[] {
  const [made, box] = [installedPart(known), boxOf(known)];
  if (made === undefined && (box === undefined || box.fault !== undefined)) return [];
  return [{
    id: known.id, family: familyOf(known.entry, made), embedded: box !== undefined, sha256: box?.sha256, installedAt: made?.installedAt ?? "",
    preferred: box !== undefined || made?.compiled?.metadata["masklet.preferred"] !== "false",
  }];
}

/** Scores are of certain weights: those of a package, or a file with that hash. */
function meanDiceOf(known: KnownModel, scores: Scores): number | undefined {
  const score = scores.get(known.id);
  if (known.entry?.source.kind === "package") return score?.mean;
  const sha256 = installedPart(known)?.compiled?.sourceSha256 ?? boxOf(known)?.sha256;
  return score?.sha256 === undefined || score.sha256 !== sha256 ? undefined : score.mean;
}

export function familyOf(entry: CatalogueEntry | undefined, manifest: InstallManifest | undefined): Model["family"] {
  // What older versions installed does not say: there was one family.
  return manifest?.family ?? entry?.family ?? "sam1";
}

function sourceOf(entry: CatalogueEntry | undefined, manifest: InstallManifest | undefined): { source: string } | object {
  if (manifest?.source !== undefined) return { source: manifest.source };
  switch (entry?.source.kind) {
    case "package":
      return { source: `npm ${entry.source.npm}` };
    case "checkpoint":
      return { source: entry.source.address };
    case "embedded":
      return { source: inTheBox };
    case undefined:
      return {};
  }
}

/** What a person without any model has soonest. */
export function smallestToPull(catalogue: readonly CatalogueEntry[]): CatalogueEntry | undefined {
  return catalogue.filter(({ source }) => source.kind !== "embedded").sort((a, b) => sizeOf(a) - sizeOf(b))[0];
}

function sizeOf(entry: CatalogueEntry | undefined): number {
  switch (entry?.source.kind) {
    case "package":
      return entry.source.files.reduce((sum, file) => sum + file.sizeBytes, 0);
    case "checkpoint":
      return entry.source.sizeBytes;
    case "embedded":
    case undefined:
      return 0;
  }
}
