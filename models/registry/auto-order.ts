// What `auto` means, of the models that are there:
// 1. SAM 2.1, then SAM 2, of the catalogue: they have a memory. On a processor the smallest first, because a larger one costs
//    minutes for little (tiny to large: 6 times the arithmetic for 3 points of J&F on SA-V), and EdgeTAM before all, the only one
//    made for processors; best first where MASKLET_PROVIDER asks for cuda, and there EdgeTAM last (on SA-V test 72, SAM 2.1 tiny 76).
// 2. SAM 2 networks that were added, the newest first: somebody wanted them, but what they were trained for is unknown.
// 3. What comes with the package and MobileSAM, the better one first: the former has a memory and the latter a better encoder, so
//    the mean Dice from one box on the validation sets decides, of just these weights; without such a measure MobileSAM is first.
//    Both come after what a person chose to install, which nothing that came unasked should push aside.
// 4. the rest.
// A checkpoint whose metadata say `masklet.preferred: false` is never chosen.
import type { Model } from "#protocol/types.ts";
import type { CatalogueEntry } from "./catalogue.ts";
import type { Scores } from "./scores.ts";

export interface Candidate {
  readonly id: string;
  readonly family: Model["family"];
  /** It comes with the package. */
  readonly embedded: boolean;
  /** Of embedded weights. */
  readonly sha256?: string | undefined;
  /** UTC, ISO 8601; empty where that is not known. */
  readonly installedAt: string;
  /** Its checkpoint does not say that it should not be chosen. */
  readonly preferred: boolean;
}

/** The model that the one in the box has to beat. */
const toBeat = "mobile-sam";

/** Whether it was found to be better, and is still what was judged. */
function beatsMobileSam({ id, sha256 }: Candidate, scores: Scores): boolean {
  const [own, other] = [scores.get(id), scores.get(toBeat)];
  return own !== undefined && other !== undefined && own.sha256 !== undefined && own.sha256 === sha256 && own.mean > other.mean;
}

/** @param catalogue smallest first within a family @param fast whether the largest comes first instead */
export function autoOrder(there: readonly Candidate[], catalogue: readonly CatalogueEntry[], fast: boolean, scores: Scores): Candidate[] {
  const pulled = catalogue.filter(({ source }) => source.kind !== "embedded").map(({ id }) => id);
  const rank = (candidate: Candidate): number => {
    if (candidate.embedded) return beatsMobileSam(candidate, scores) ? 5 : 7;
    if (!pulled.includes(candidate.id)) return candidate.family === "sam2" ? 4 : 8;
    if (candidate.family !== "sam2") return 6;
    if (candidate.id === "edgetam") return fast ? 3 : 0;
    return candidate.id.startsWith("sam2.1-") ? 1 : 2;
  };
  const within = (a: Candidate, b: Candidate): number => {
    if (!pulled.includes(a.id)) return b.installedAt.localeCompare(a.installedAt) || a.id.localeCompare(b.id);
    const order = pulled.indexOf(a.id) - pulled.indexOf(b.id);
    return fast && rank(a) < 3 ? -order : order;
  };
  return there.filter(({ preferred }) => preferred).sort((a, b) => rank(a) - rank(b) || within(a, b));
}
