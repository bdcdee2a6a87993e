// The names of models that samapi's clients know, and what answers to each here: what is installed, called what it is.
import type { Model } from "#protocol/types.ts";

export const modelNames = ["vit_h", "vit_l", "vit_b", "vit_t", "sam2_l", "sam2_bp", "sam2_s", "sam2_t", "sam3"] as const;
export type ModelName = (typeof modelNames)[number];

interface Meaning {
  readonly title: string;
  /** Models that are just this, the best first; 2.1 is the same network as 2, trained longer. */
  readonly ids: readonly string[];
}

const meanings: Readonly<Record<ModelName, Meaning>> = {
  vit_h: { title: "SAM ViT-H", ids: [] },
  vit_l: { title: "SAM ViT-L", ids: [] },
  vit_b: { title: "SAM ViT-B", ids: [] },
  vit_t: { title: "MobileSAM", ids: ["mobile-sam"] },
  sam2_l: { title: "SAM 2 large", ids: ["sam2-large", "sam2.1-large"] },
  sam2_bp: { title: "SAM 2 base+", ids: ["sam2-base-plus", "sam2.1-base-plus"] },
  sam2_s: { title: "SAM 2 small", ids: ["sam2-small", "sam2.1-small"] },
  sam2_t: { title: "SAM 2 tiny", ids: ["sam2-tiny", "sam2.1-tiny"] },
  sam3: { title: "SAM 3", ids: [] },
};

/** One line of the extension's list of weights. */
export interface WeightsEntry {
  readonly type: ModelName;
  readonly name: string;
  readonly url: string;
}

/** Begins the address by which an installed model is asked for. */
const scheme = "masklet:";
/** Files that model owners publish; recorded scripts name them, and mean the type's own weights. */
const published = /\/(sam_vit_[hlb]\w*|mobile_sam|sam2(\.1)?_hiera_[a-z_]+)\.pt[h]?$/;

export function isSam2(name: ModelName): boolean {
  return name.startsWith("sam2_");
}

/**
 * The installed models in the order in which they answer to a name.
 * @param auto what `auto` means here; undefined when it means nothing
 */
export function answering(name: ModelName, models: readonly Model[], auto: string | undefined): Model[] {
  if (name === "sam3") return [];
  const order = [...meanings[name].ids, ...(auto === undefined ? [] : [auto])];
  const rank = ({ id }: Model): number => (order.includes(id) ? order.indexOf(id) : order.length);
  return models.filter(isUsable).sort((a, b) => rank(a) - rank(b));
}

/** Never empty, since the extension would run with no weights at all, and fail: where nothing is installed its one line says so. */
export function weightsOf(name: ModelName, models: readonly Model[], auto: string | undefined): WeightsEntry[] {
  const found = answering(name, models, auto);
  if (found.length === 0) return [{ type: name, name: name === "sam3" ? "SAM 3 is not installed" : "No model is installed: run `masklet models pull mobile-sam`", url: `${scheme}none` }];
  return found.map(({ id }, at): WeightsEntry => {
    const instead = at > 0 || meanings[name].ids.includes(id) ? "" : ` (${missing(name, models)} not installed)`;
    return { type: name, name: `${titleOf(id)}${instead}`, url: `${scheme}${id}` };
  });
}

/**
 * @param weights the address in a request; undefined, or a publisher's own, for what answers to the name
 * @returns undefined when there are no such weights here
 */
export function chosen(name: ModelName, weights: string | undefined, models: readonly Model[], auto: string | undefined): Model | undefined {
  const found = answering(name, models, auto);
  const asked = found.find(({ id, source }) => weights === `${scheme}${id}` || (weights !== undefined && weights === source));
  return asked ?? (weights === undefined || published.test(weights) ? found[0] : undefined);
}

/** A damaged one is installed and of no use. */
function isUsable({ installed, integrity }: Model): boolean {
  return installed && integrity !== "missing";
}

function missing(name: ModelName, models: readonly Model[]): string {
  const anySam2 = models.some((model) => isUsable(model) && model.family === "sam2");
  return isSam2(name) && !anySam2 ? "SAM 2" : meanings[name].title;
}

/** `sam2.1-base-plus` -> `SAM 2.1 base+`; other ids are their own titles. */
function titleOf(id: string): string {
  if (id === "mobile-sam") return "MobileSAM";
  const [, version, size] = /^sam(2|2\.1)-(tiny|small|base-plus|large)$/.exec(id) ?? [];
  return version === undefined || size === undefined ? id : `SAM ${version} ${size === "base-plus" ? "base+" : size}`;
}
