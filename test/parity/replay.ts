// Replays the calls that the makers made on the official predictor, on our profile of it.
import assert from "node:assert/strict";
import type { Features } from "#models/sam2/graphs.ts";
import type { ModelPoints } from "#models/sam2/prompt-tensors.ts";
import { createReferenceVideo } from "#models/sam2/reference-video.ts";
import type { Output, ReferenceVideo } from "#models/sam2/reference-video.ts";
import { createPlaneCore } from "#models/sam2/track-plane.ts";
import type { Compiled } from "./compiled.ts";
import type { Tensor, Tensors } from "./read-tensors.ts";

/** See fixtures/make/sam2/scenarios.py. */
export type Call =
  | { readonly call: "points"; readonly frame: number; readonly points: readonly (readonly number[])[]; readonly labels: readonly number[]; readonly add?: boolean }
  | { readonly call: "box"; readonly frame: number; readonly box: readonly number[]; readonly points?: readonly (readonly number[])[]; readonly labels?: readonly number[] }
  | { readonly call: "mask"; readonly frame: number; readonly rectangle: readonly [number, number, number, number] }
  | { readonly call: "clear"; readonly frame: number }
  | { readonly call: "propagate"; readonly start: number; readonly reverse: boolean };

export interface Scenario {
  /** Frames of the committed film, -1 an even grey; default: all in order. */
  readonly film?: readonly number[];
  readonly corrections_condition?: boolean;
  readonly calls: readonly Call[];
}

/** What the official predictor answered to one call, a row for each frame. */
export interface Answers {
  readonly frames: readonly number[];
  logits(row: number): Float32Array;
  pointer(row: number): Float32Array;
  score(row: number): number;
  iou(row: number): number;
}

export function scenariosOf(said: Tensors): Record<string, Scenario> {
  // Written by our own maker, into the file it is read from.
  const parsed: Record<string, Scenario> = JSON.parse(said.metadata["scenarios"] ?? "{}");
  return parsed;
}

export function answersTo(said: Tensors, scenario: string, call: number): Answers {
  const tensor = (name: string) => said.get(`${scenario}.${call}.${name}`);
  const row = ({ data, dims }: Tensor, at: number) => data.subarray(at * (data.length / dims[0]!), (at + 1) * (data.length / dims[0]!));
  return {
    frames: [...tensor("frames").data],
    logits: (at) => row(tensor("logits"), at),
    pointer: (at) => row(tensor("pointers"), at),
    score: (at) => tensor("scores").data[at]!,
    iou: (at) => tensor("ious").data[at]!,
  };
}

/** @returns `[3, S, S]` each, normalised with the mean and deviation of ImageNet, in float32 at every step */
export function filmOf(scenario: Scenario, { dims, data }: Tensor): Float32Array[] {
  const size = dims[1]! * dims[2]!;
  const order = scenario.film ?? Array.from({ length: dims[0]! }, (_, index) => index);
  const blank = new Float32Array(size).fill(128);
  return order.map((index) => normalised(index < 0 ? blank : data.subarray(index * size, (index + 1) * size)));
}

function normalised(grey: Float32Array): Float32Array {
  const planes = new Float32Array(3 * grey.length);
  for (const [channel, [mean, deviation]] of [[0.485, 0.229], [0.456, 0.224], [0.406, 0.225]].entries()) {
    const [centre, scale] = [Math.fround(mean!), Math.fround(deviation!)];
    for (let at = 0; at < grey.length; at++) planes[channel * grey.length + at] = Math.fround(Math.fround(grey[at]! / 255) - centre) / scale;
  }
  return planes;
}

export interface Replay {
  readonly video: ReferenceVideo;
  /** @returns one output for each frame that the call answered */
  make(call: Call): Promise<readonly Output[]>;
}

export function replay({ graphs, description }: Compiled, film: readonly Float32Array[], correctionsCondition: boolean): Replay {
  const encoded = new Map<number, Promise<Features>>();
  const featuresOfFrame = (frame: number): Promise<Features> => {
    const image = film[frame];
    assert.ok(image !== undefined, `there is no frame ${frame}`);
    const features = encoded.get(frame) ?? graphs.encodeImage(image);
    encoded.set(frame, features);
    return features;
  };
  const video = createReferenceVideo(createPlaneCore(graphs, description), featuresOfFrame, { frames: film.length, correctionsCondition });
  return { video, make: (call) => answer(video, call, film.length, description.config.imageSize) };
}

async function answer(video: ReferenceVideo, call: Call, frames: number, side: number): Promise<readonly Output[]> {
  switch (call.call) {
    case "points":
      return [await video.addPoints(call.frame, modelPoints(call.points, call.labels), call.add)];
    case "box": {
      const corners = [call.box.slice(0, 2), call.box.slice(2)];
      return [await video.addPoints(call.frame, modelPoints([...corners, ...(call.points ?? [])], [2, 3, ...(call.labels ?? [])]))];
    }
    case "mask":
      return [await video.addMask(call.frame, filled(call.rectangle, side))];
    case "clear":
      video.clearPrompts(call.frame);
      return [];
    case "propagate": {
      await video.settle();
      const outputs: Output[] = [];
      for (let frame = call.start; frame >= 0 && frame < frames; frame += call.reverse ? -1 : 1) outputs.push(await video.track(frame, call.reverse));
      return outputs;
    }
  }
}

function modelPoints(points: readonly (readonly number[])[], labels: readonly number[]): ModelPoints {
  return { coords: Float32Array.from(points.flat()), labels: Float32Array.from(labels) };
}

function filled([x0, y0, x1, y1]: readonly [number, number, number, number], side: number): Float32Array {
  const mask = new Float32Array(side * side);
  for (let y = y0; y < y1; y++) mask.fill(1, y * side + x0, y * side + x1);
  return mask;
}
