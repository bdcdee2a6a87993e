// Films with prompts that the official predictor has followed with trained weights (fixtures/make/embedded), followed by both profiles of ours.
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { maskIou, packMask } from "#protocol/mask.ts";
import type { Raster } from "#protocol/mask.ts";
import type { Box, OneWay, Point, PromptParts } from "#protocol/types.ts";
import type { Embedding } from "#models/network.ts";
import { frameOf } from "#models/sam2/frame.ts";
import { maskFromLogits, modelMask } from "#models/sam2/mask-logits.ts";
import { sam2Network } from "#models/sam2/network.ts";
import { modelPoints } from "#models/sam2/prompt-tensors.ts";
import { createReferenceVideo } from "#models/sam2/reference-video.ts";
import type { Output } from "#models/sam2/reference-video.ts";
import { createPlaneCore, featuresOf } from "#models/sam2/track-plane.ts";
import type { View } from "#models/tracker.ts";
import type { Compiled } from "./compiled.ts";
import { relativeDifference } from "./difference.ts";
import { readTensors } from "./read-tensors.ts";
import type { Tensors } from "./read-tensors.ts";

type Profile = "official" | "masklet";

interface Say {
  readonly call: "say";
  readonly frame: number;
  readonly box?: Box;
  readonly points?: Point[];
  /** Names a tensor. */
  readonly mask?: string;
}

interface Follow {
  readonly call: "follow";
  readonly start: number;
  readonly direction: OneWay;
}

export interface Clip {
  readonly name: string;
  /** Rows and columns of the plane shown. */
  readonly size: readonly [number, number];
  /** How often each pixel of the kept film stands there. */
  readonly enlarged: number;
  readonly calls: readonly (Say | Follow)[];
}

export interface Reference {
  /** From the repository's root, with a hash of its content. */
  readonly weights: string;
  readonly sha256: string;
  readonly imageSize: number;
  readonly clips: readonly Clip[];
  readonly said: Tensors;
}

/** One plane as it was found. */
interface Found {
  readonly frame: number;
  readonly mask: Raster;
  readonly iou: number;
  readonly presence: number;
  readonly logits?: Float32Array;
}

/** A plane that both found. */
export interface Compared {
  readonly where: string;
  readonly overlap: number;
  /** Pixels that one mask has and the other has not, and those of the official one. */
  readonly apart: number;
  readonly area: number;
  readonly iou: number;
  readonly presence: number;
  /** In parts of the greatest, where logits were kept. */
  readonly logits: number | undefined;
  /** By how much the official answer's expected overlap was the best. */
  readonly lead: number;
}

export function readReference(path: string): Reference {
  const said = readTensors(path);
  const { weights, sha256, image_size: imageSize, clips } = said.metadata;
  assert.ok(weights !== undefined && sha256 !== undefined && imageSize !== undefined && clips !== undefined);
  // Written by our own maker.
  const parsed: Clip[] = JSON.parse(clips);
  return { weights, sha256, imageSize: Number(imageSize), clips: parsed, said };
}

/** All clips by both profiles, each a test of its own. @returns every plane that was answered */
export async function compareAll(t: TestContext, compiled: Compiled, reference: Reference): Promise<Compared[]> {
  const all: Compared[] = [];
  for (const profile of ["official", "masklet"] satisfies Profile[]) {
    for (const clip of reference.clips) {
      await t.test(`${clip.name}, ${profile}`, async () => {
        const compared = await compareClip(compiled, reference, clip, profile);
        all.push(...compared);
        requireAgreement(compared);
      });
    }
  }
  requireSights(all);
  return all;
}

/** Follows a clip as the profile does. @returns every plane that was answered, beside what PyTorch answered */
async function compareClip(compiled: Compiled, { said }: Reference, clip: Clip, profile: Profile): Promise<Compared[]> {
  const views = filmViews(said, clip);
  const answers = profile === "official" ? officially(compiled, said, clip, views) : asMasklet(compiled, said, clip, views);
  const compared: Compared[] = [];
  for await (const [at, found] of answers) {
    const theirs = (name: string) => said.get(`${clip.name}.${profile}.${at}.${name}`);
    const frames = [...theirs("frames").data];
    const masks = theirs("masks");
    const logits = said.names().includes(`${clip.name}.${profile}.${at}.logits`) ? theirs("logits") : undefined;
    assert.deepEqual(found.map(({ frame }) => frame), frames.slice(0, found.length));
    for (const [row, ours] of found.entries()) {
      const packed = masks.data.subarray(row * masks.dims[1]!, (row + 1) * masks.dims[1]!);
      const mask = rasterOf(packed, clip.size);
      const size = logits === undefined ? 0 : logits.data.length / logits.dims[0]!;
      const [apart, area] = apartFrom(ours.mask, mask);
      compared.push({
        where: `${clip.name}, ${profile}, call ${at}, plane ${ours.frame}`, overlap: maskIou(ours.mask, mask), apart, area,
        iou: area === 0 ? 0 : Math.abs(ours.iou - theirs("ious").data[row]!), presence: Math.abs(ours.presence - sigmoid(theirs("scores").data[row]!)),
        logits: logits === undefined || ours.logits === undefined ? undefined : relativeDifference(ours.logits, logits.data.subarray(row * size, (row + 1) * size)),
        lead: theirs("leads").data[row]!,
      });
    }
  }
  return compared;
}

/** The official algorithm with corrections that condition, number by number. Yields a call's place and what it found. */
async function* officially(compiled: Compiled, said: Tensors, clip: Clip, views: readonly View[]): AsyncGenerator<[number, Found[]]> {
  const { graphs, description } = compiled;
  const side = description.config.imageSize;
  const encode = encoder(compiled);
  const video = createReferenceVideo(createPlaneCore(graphs, description), async (frame) => featuresOf(await encode(views[frame]!), description.config), { frames: views.length, correctionsCondition: true });
  const foundAt = (frame: number, { logits, iou, objectScore }: Output): Found => ({ frame, mask: maskFromLogits(logits, views[frame]!.box).mask, iou, presence: sigmoid(objectScore), logits });
  for (const [at, call] of clip.calls.entries()) {
    if (call.call === "say") {
      const frame = frameOf(views[call.frame]!, side);
      const output = call.mask === undefined ? await video.addPoints(call.frame, modelPoints(call.box, call.points ?? [], frame)) : await video.addMask(call.frame, modelMask(drawn(said, clip, call.mask), frame));
      yield [at, [foundAt(call.frame, output)]];
      continue;
    }
    await video.settle();
    const found: Found[] = [];
    for (const frame of walk(call, views.length)) found.push(foundAt(frame, await video.track(frame, call.direction === "backward")));
    yield [at, found];
  }
}

/** What ships: only what is followed is compared, up to the object's end. */
async function* asMasklet(compiled: Compiled, said: Tensors, clip: Clip, views: readonly View[]): AsyncGenerator<[number, Found[]]> {
  const network = sam2Network(compiled.installed, compiled.description, compiled.graphs, { profile: "masklet" });
  const tracker = network.createTracker(encoder(compiled));
  const prompted = new Set<number>();
  for (const [at, call] of clip.calls.entries()) {
    if (call.call === "say") {
      await tracker.setPrompt(call.frame, partsOf(said, clip, call));
      prompted.add(call.frame);
      continue;
    }
    // First what was said, as server/segmentation/propagate.ts does: it counts for planes before it, too.
    for (const frame of prompted) await tracker.step(views[frame]!, frame, call.direction);
    const found: Found[] = [];
    for (const frame of walk(call, views.length)) {
      const { mask, score, presence, end } = await tracker.step(views[frame]!, frame, call.direction);
      found.push({ frame, mask, iou: score, presence });
      if (end !== undefined) break;
    }
    yield [at, found];
  }
  await tracker.close();
}

/** As agreed before anything was measured; numbers of 0..1 to what single precision leaves of them. */
const TOLERANCE = { overlap: 0.99, number: 2e-3, logits: 1e-3 };

/** Agreeing that nothing is there says little. */
function requireSights(all: readonly Compared[]): void {
  const seen = all.filter(({ area }) => area > 0).length;
  assert.ok(seen >= all.length / 2, `PyTorch finds the object on ${seen} of ${all.length} planes`);
}

/** Fails for the first plane that is not as PyTorch has it. */
function requireAgreement(compared: readonly Compared[]): void {
  assert.ok(compared.length > 0);
  for (const { where, overlap, apart, area, iou, presence, logits = 0, lead } of compared) {
    assert.ok(overlap >= TOLERANCE.overlap, `${where}: IoU ${overlap}, ${apart} of ${area} pixels; the answer taken led by ${lead}`);
    assert.ok(iou <= TOLERANCE.number && presence <= TOLERANCE.number, `${where}: expected overlap is off by ${iou}, presence by ${presence}`);
    assert.ok(logits <= TOLERANCE.logits, `${where}: logits are off by ${logits} of the greatest`);
  }
}

/** Each plane is encoded once. */
function encoder({ installed, description, graphs }: Compiled): (view: View) => Promise<Embedding> {
  const network = sam2Network(installed, description, graphs);
  const encoded = new Map<string, Promise<Embedding>>();
  return (view) => {
    const known = encoded.get(view.key) ?? network.encode(view);
    encoded.set(view.key, known);
    return known;
  };
}

function* walk({ start, direction }: Follow, frames: number): Generator<number> {
  for (let frame = start; frame >= 0 && frame < frames; frame += direction === "forward" ? 1 : -1) yield frame;
}

function partsOf(said: Tensors, clip: Clip, { box, points, mask }: Say): PromptParts {
  if (mask !== undefined) return { mask: packMask(drawn(said, clip, mask)) };
  return { ...(box === undefined ? {} : { box }), ...(points === undefined ? {} : { points }) };
}

function drawn(said: Tensors, clip: Clip, name: string): Raster {
  return rasterOf(said.get(`${clip.name}.${name}`).data, clip.size);
}

/** @param packed a bit a pixel, the first in the highest */
function rasterOf(packed: Float32Array, [rows, columns]: readonly [number, number]): Raster {
  return { box: [0, 0, columns, rows], data: Uint8Array.from({ length: rows * columns }, (_, at) => (packed[at >> 3]! >> (7 - (at & 7))) & 1) };
}

function filmViews(said: Tensors, { name, size: [rows, columns], enlarged }: Clip): View[] {
  const { dims, data } = said.get(`${name}.film`);
  const [frames = 0, keptHeight = 0, keptWidth = 0] = dims;
  const [width, height] = [keptWidth * enlarged, keptHeight * enlarged];
  return Array.from({ length: frames }, (_, frame) => ({
    window: { u0: 0, v0: 0, width: columns, height: rows }, box: [0, 0, columns, rows], width, height, channels: 1, key: `${name} ${frame}`,
    pixels: Float32Array.from({ length: width * height }, (_, at) => data[(frame * keptHeight + Math.floor(Math.floor(at / width) / enlarged)) * keptWidth + Math.floor((at % width) / enlarged)]!),
  }));
}

/** @returns pixels of one alone, and of the second. @param b over the whole plane */
function apartFrom(a: Raster, b: Raster): [number, number] {
  const inB = (u: number, v: number) => b.data[v * b.box[2] + u]!;
  let [both, inA] = [0, 0];
  for (let v = a.box[1], at = 0; v < a.box[3]; v++) {
    for (let u = a.box[0]; u < a.box[2]; u++, at++) {
      if (a.data[at] === 0) continue;
      inA++;
      both += inB(u, v);
    }
  }
  const area = b.data.reduce((sum, pixel) => sum + pixel, 0);
  return [inA + area - 2 * both, area];
}

function sigmoid(score: number): number {
  return 1 / (1 + Math.exp(-score));
}
