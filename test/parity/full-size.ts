// One random network of an official size, through PyTorch and through ours, on equal tensors.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openCheckpoint } from "#models/checkpoints/open-checkpoint.ts";
import { compileSam2 } from "#models/sam2/compile/compile.ts";
import { openSam2Graphs } from "#models/sam2/graphs.ts";
import { readNetworkDescription } from "#models/sam2/network-description.ts";
import { sam2Weights } from "#models/sam2/weights.ts";
import { withVector } from "#models/sam2/track-plane.ts";
import type { Compiled } from "./compiled.ts";
import { maskOverlap, relativeDifference } from "./difference.ts";
import { readTensors } from "./read-tensors.ts";
import type { Tensors } from "./read-tensors.ts";
import { filmOf, replay } from "./replay.ts";

export interface Asked {
  /** sam2.1_tiny ... sam2_large, edgetam */
  readonly variant: string;
  readonly seed: number;
  readonly imageSize: number;
  readonly frames: number;
}

/** What the rule of random_weights.py came to. */
export interface Report {
  /** Which draw of the heads it took; null when it refused all. */
  readonly attempt: number | null;
  /** What is against the masks of the whole film, in words. */
  readonly against: readonly string[];
}

export interface Measured extends Asked {
  /** Greatest differences in parts of the greatest value: features, the decoder's masks for five prompts, a film's masks. */
  readonly features: number;
  readonly logits: number;
  readonly trackedLogits: number;
  /** Least overlaps of masks. */
  readonly overlap: number;
  readonly trackedOverlap: number;
  readonly report: Report;
  readonly seconds: { readonly ourEncode: number; readonly ourTracking: number };
}

/** As agreed before anything was measured. */
export const tolerance = { logits: 1e-3, overlap: 0.999, trackedOverlap: 0.99 } as const;

export function isWithin({ logits, overlap, trackedOverlap }: Measured): boolean {
  return logits <= tolerance.logits && overlap >= tolerance.overlap && trackedOverlap >= tolerance.trackedOverlap;
}

/** @param cache a folder for the work, which is removed: up to 3 GB for large */
export async function measure(asked: Asked, python: string, cache: string): Promise<Measured> {
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "work-"));
  try {
    const maker = fileURLToPath(new URL("../../fixtures/make/sam2/full_size.py", import.meta.url));
    const args = [maker, asked.variant, String(asked.seed), String(asked.imageSize), String(asked.frames), folder];
    const { status, error } = spawnSync(python, args, { stdio: ["ignore", "inherit", "inherit"] });
    if (status !== 0) throw new Error(`the reference failed for ${asked.variant}: ${error?.message ?? `status ${status}`}`);
    return await compare(asked, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function compare(asked: Asked, folder: string): Promise<Measured> {
  const compiled = await compileInto(folder, asked);
  const { graphs, description } = compiled;
  const said = readTensors(join(folder, "reference.safetensors"));
  try {
    const begun = performance.now();
    const features = await graphs.encodeImage(said.get("image").data);
    const ourEncode = (performance.now() - begun) / 1000;
    const worst = (differences: readonly number[]) => Math.max(...differences);
    const featuresDifference = worst([relativeDifference(features.s0, said.get("s0").data), relativeDifference(features.s1, said.get("s1").data), relativeDifference(features.s2, said.get("s2").data)]);

    const conditioned = withVector(features.s2, description.constants.noMemory, (asked.imageSize / 16) ** 2);
    let [logits, overlap] = [0, 1];
    for (const name of promptsOf(said)) {
      const given = (input: string) => said.get(`${name}.${input}`).data;
      const maskPrompt = given("has_mask")[0] === 1 ? given("mask_prompt") : undefined;
      const { masks } = await graphs.decode({ conditioned, features, points: given("points"), labels: given("labels"), batch: 1, maskPrompt });
      const theirs = given("masks");
      logits = Math.max(logits, relativeDifference(masks, theirs));
      const size = theirs.length / 4;
      for (let mask = 0; mask < 4; mask++) overlap = Math.min(overlap, maskOverlap(masks.subarray(mask * size, (mask + 1) * size), theirs.subarray(mask * size, (mask + 1) * size)));
    }
    const tracked = await compareFilm(compiled, said);
    // Written by our own maker.
    const report: Report = JSON.parse(said.metadata["report"] ?? "{}");
    const { seconds: ourTracking, ...differences } = tracked;
    return { ...asked, features: featuresDifference, logits, overlap, ...differences, report, seconds: { ourEncode, ourTracking } };
  } finally {
    await graphs.close();
  }
}

async function compileInto(folder: string, { variant, imageSize }: Asked): Promise<Compiled> {
  const [torch, safetensors] = [join(folder, "checkpoint.pt"), join(folder, "checkpoint.safetensors")];
  const checkpoint = await openCheckpoint(existsSync(torch) ? torch : safetensors);
  try {
    await compileSam2(await sam2Weights(checkpoint, { imageSize }), folder);
  } finally {
    await checkpoint.close();
  }
  const installed = { id: variant, family: "sam2", folder, hash: variant } as const;
  const description = await readNetworkDescription(folder, variant);
  return { installed, description, graphs: await openSam2Graphs(installed, description.config, { provider: "cpu" }) };
}

function promptsOf(said: Tensors): string[] {
  return said.names().filter((name) => name.endsWith(".masks")).map((name) => name.slice(0, -".masks".length));
}

async function compareFilm(compiled: Compiled, said: Tensors): Promise<{ trackedLogits: number; trackedOverlap: number; seconds: number }> {
  const { make } = replay(compiled, filmOf({ calls: [] }, said.get("film")), false);
  await make({ call: "points", frame: 0, points: [[...said.get("click").data]], labels: [1] });
  const begun = performance.now();
  const outputs = await make({ call: "propagate", start: 0, reverse: false });
  const seconds = (performance.now() - begun) / 1000;
  const theirs = said.get("tracked.logits").data;
  let [trackedLogits, trackedOverlap] = [0, 1];
  for (const [frame, { logits }] of outputs.entries()) {
    const expected = theirs.subarray(frame * logits.length, (frame + 1) * logits.length);
    trackedLogits = Math.max(trackedLogits, relativeDifference(logits, expected));
    trackedOverlap = Math.min(trackedOverlap, maskOverlap(logits, expected));
  }
  return { trackedLogits, trackedOverlap, seconds };
}
