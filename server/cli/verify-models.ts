// masklet models verify: files, graphs, a mask of a test picture, and on request the numbers published for a real one.
import { basename } from "node:path";
import { comparePublished, pictureNamed } from "#models/registry/published-numbers.ts";
import type { Comparison } from "#models/registry/published-numbers.ts";
import type { ModelStore } from "#models/registry/store.ts";
import { checkLive } from "#models/registry/verify-model.ts";
import type { LiveCheck } from "#models/registry/verify-model.ts";
import { MaskletError } from "#protocol/errors.ts";
import type { CommandContext } from "./command.ts";
import { readPicture } from "./read-picture.ts";

interface Verified extends LiveCheck {
  readonly id: string;
  readonly random: boolean;
  /** With --image. */
  readonly comparisons?: readonly Comparison[];
}

/** @param id every installed model when undefined. @throws model_not_installed, and what checking throws */
export async function verifyModels(store: ModelStore, id: string | undefined, image: string | undefined, context: CommandContext): Promise<void> {
  const { terminal, signal } = context;
  const provider = process.env["MASKLET_PROVIDER"] || undefined;
  const known = await store.list();
  const ids = id === undefined ? known.filter((model) => model.installed).map((model) => model.id) : [id];
  if (image !== undefined && id === undefined) throw MaskletError.of("usage", { why: "masklet models verify --image needs a model's id." });
  // Both are looked at before the long work.
  const picture = image === undefined ? undefined : { name: pictureNamed(basename(image)), view: await readPicture(image) };
  if (ids.length === 0) throw MaskletError.of("model_not_installed", { model: known[0]?.id ?? "auto" });
  const verified: Verified[] = [];
  for (const one of ids) {
    const model = await store.check(one, { signal, onProgress: terminal.progress(`hashing ${one}`) });
    const live = await checkLive(model, { provider }, { signal });
    const comparisons = picture === undefined ? {} : { comparisons: await comparePublished(model, picture.name, picture.view, { provider }) };
    verified.push({ id: one, random: model.random === true, ...live, ...comparisons });
  }
  terminal.result(verified.map(verifiedLine).join("\n"), verified);
}

function verifiedLine({ id, random, iou, score, comparisons = [] }: Verified): string {
  const mask = random ? "its weights are random, so its masks were not judged" : `it finds a test disc with overlap ${iou.toFixed(3)} (its own estimate ${score.toFixed(3)})`;
  const numbers = (values: readonly number[]): string => values.map((value) => value.toFixed(4)).join(" ");
  const lines = comparisons.map(({ what, published, found, greatestDifference }) => `  ${what}: published ${numbers(published)}, found ${numbers(found)}, differs by up to ${greatestDifference.toFixed(4)}`);
  return [`${id}: files as installed, graphs load, ${mask}`, ...lines].join("\n");
}
