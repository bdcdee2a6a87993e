// What `auto` means, of the models that are installed:
// 1. SAM 2.1, then SAM 2, of the catalogue: they have a memory. On a processor the smallest first, because a larger one costs
//    minutes for little (tiny to large: 6 times the arithmetic for 3 points of J&F on SA-V), and EdgeTAM before all, the only one
//    made for processors; best first where MASKLET_PROVIDER asks for cuda, and there EdgeTAM last (on SA-V test 72, SAM 2.1 tiny 76).
// 2. SAM 2 networks that were added, the newest first: somebody wanted them, but what they were trained for is unknown.
// 3. the rest of the catalogue, in its order.
// A checkpoint whose metadata say `masklet.preferred: false` is never chosen.
import type { CatalogueEntry } from "./catalogue.ts";
import type { InstallManifest } from "./manifest.ts";

export interface Candidate {
  readonly id: string;
  readonly manifest: InstallManifest;
}

/** @param catalogue smallest first within a family @param fast whether the largest comes first instead */
export function autoOrder(installed: readonly Candidate[], catalogue: readonly CatalogueEntry[], fast: boolean): Candidate[] {
  const wanted = installed.filter(({ manifest }) => manifest.compiled?.metadata["masklet.preferred"] !== "false");
  const inCatalogue = (candidate: Candidate): number => catalogue.findIndex((entry) => entry.id === candidate.id);
  const rank = (candidate: Candidate): number => {
    const at = inCatalogue(candidate);
    if (at < 0) return candidate.manifest.family === "sam2" ? 4 : 6;
    if (catalogue[at]!.family !== "sam2") return 5;
    if (candidate.id === "edgetam") return fast ? 3 : 0;
    return candidate.id.startsWith("sam2.1-") ? 1 : 2;
  };
  const within = (a: Candidate, b: Candidate): number => {
    if (inCatalogue(a) < 0) return (b.manifest.installedAt ?? "").localeCompare(a.manifest.installedAt ?? "") || a.id.localeCompare(b.id);
    const order = inCatalogue(a) - inCatalogue(b);
    return fast && rank(a) < 3 ? -order : order;
  };
  return [...wanted].sort((a, b) => rank(a) - rank(b) || within(a, b));
}
