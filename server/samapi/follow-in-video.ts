// POST /sam/video/: prompted objects followed through frames, which are the slices of a stack or the times of a series.
import { readFile } from "node:fs/promises";
import type { Cut, Mask } from "#protocol/types.ts";
import type { PromptedObject, Scene } from "#server/segmentation/contract.ts";
import { videoFeatures } from "./features.ts";
import { fromBase64, modelFor, sceneOf } from "./looking.ts";
import type { Looking } from "./looking.ts";
import { isSam2 } from "./model-names.ts";
import { pictureHead } from "./picture-head.ts";
import type { PictureHead } from "./picture-head.ts";
import { framesVolume } from "./picture-volume.ts";
import { promptParts } from "./prompt-parts.ts";
import type { Side } from "./prompt-parts.ts";
import { invalid, Refusal } from "./refusal.ts";
import type { FramePrompt, VideoRequest } from "./requests.ts";
import type { TakenFrames } from "./uploads.ts";

interface Frame {
  readonly head: PictureHead | undefined;
  bytes(): Promise<Uint8Array>;
}

/** @param taken the uploaded frames, when there are any. @throws Refusal, and what decoding and the model throw */
export async function followInVideo(request: VideoRequest, taken: TakenFrames | undefined, looking: Looking): Promise<object[]> {
  const { type, weights, axes, planePosition, prompts } = request;
  if (!isSam2(type)) throw new Refusal(404, `${type} does not follow objects through frames: choose one of the SAM 2 models.`);
  const frames = framesOf(request, taken);
  if (axes !== "XYZ" && axes !== "XYT") throw new Refusal(500, `The axes are "${axes}" where XYZ or XYT is needed.`);
  if (prompts === undefined) throw new Refusal(500, "There are no objs.");
  const model = await modelFor(type, weights, looking);
  const along = axes === "XYZ" ? "z" : "t";
  const frameAt = async (index: number) => looking.decoder.decode(await frames[index]!.bytes());
  const first = await frameAt(0);
  checkSizes(frames, first);
  const objects = objectsOf(prompts, frames.length, first, along, looking);
  const span = spanOf(request, objects, frames.length, along);
  const scene = await sceneOf(framesVolume(along, frames.length, first, frames.some(({ head }) => head?.colour ?? true), frameAt), model, "object", looking);
  const masks = (await follow(scene, objects, along, span, looking)).filter((mask) => frameOf(mask) >= span.start && frameOf(mask) < span.end);
  looking.say(`${objects.length} objects on ${masks.length} planes of ${frames.length} frames along ${along} with ${model.id}`);
  masks.sort((a, b) => frameOf(a) - frameOf(b) || a.objectId - b.objectId);
  return videoFeatures(masks, model.id, (mask) => (along === "z" ? { c: -1, z: mask.index, t: planePosition } : { c: -1, z: planePosition, t: mask.t }));
}

function framesOf({ dirname, images }: VideoRequest, taken: TakenFrames | undefined): Frame[] {
  if (taken !== undefined) return taken.frames.map(({ file, head }) => ({ head, bytes: () => readFile(file) }));
  if (dirname === undefined && images !== undefined && images.length > 0) {
    return images.map(fromBase64).map((bytes) => ({ head: pictureHead(bytes), bytes: async () => bytes }));
  }
  throw new Refusal(404, dirname === undefined ? "There are no frames: upload them, or send b64imgs." : `No frames were uploaded as "${dirname}", or they were asked about before.`);
}

/** Before anything is followed for minutes; frames that are TIFFs are found out when they are looked at. */
function checkSizes(frames: readonly Frame[], { width, height }: Side): void {
  const odd = frames.findIndex(({ head }) => head !== undefined && (head.width !== width || head.height !== height));
  if (odd < 0) return;
  throw new Refusal(500, `Frame ${odd} has ${frames[odd]!.head!.width} x ${frames[odd]!.head!.height} pixels, the first one ${width} x ${height}: all must be of one size.`);
}

/** Where one object is prompted twice on a frame, the later prompt counts. */
function objectsOf(prompts: readonly FramePrompt[], count: number, side: Side, along: "z" | "t", { say }: Looking): PromptedObject[] {
  const byObject = new Map<number, Map<number, FramePrompt>>();
  for (const prompt of prompts) {
    if (prompt.frame >= count) throw invalid(["body", "objs", String(prompt.frame)], `there are ${count} frames`, "value_error");
    byObject.set(prompt.objectId, (byObject.get(prompt.objectId) ?? new Map<number, FramePrompt>()).set(prompt.frame, prompt));
  }
  const objects = [...byObject].map(([objectId, byFrame]): PromptedObject => ({
    objectId,
    prompts: [...byFrame.values()].flatMap((prompt) => {
      const parts = promptParts(prompt, side);
      // The extension makes an object of its own of points that are to be ignored.
      if (parts === undefined) say(`nothing on frame ${prompt.frame} says where object ${objectId} is`);
      return parts === undefined ? [] : [{ cut: cutOf(prompt.frame, along), parts }];
    }),
  }));
  const pointedAt = objects.filter((object) => object.prompts.length > 0);
  if (pointedAt.length === 0) throw invalid(["body", "objs"], "no bbox and no foreground point lies in a frame", "value_error");
  return pointedAt;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** The frames asked for, half-open: samapi counts the first of them beside those to be tracked. */
function spanOf({ startFrame, framesToTrack }: VideoRequest, objects: readonly PromptedObject[], count: number, along: "z" | "t"): Span {
  const start = startFrame ?? Math.min(...promptedFrames(objects, along));
  if (start >= count) throw invalid(["body", "start_frame_idx"], `there are ${count} frames`, "value_error");
  return { start, end: framesToTrack === undefined ? count : Math.min(count, start + framesToTrack + 1) };
}

/** In both directions from every prompt, and as far as the farthest one, so that prompts outside the span are followed into it. */
async function follow(scene: Scene, objects: readonly PromptedObject[], along: "z" | "t", span: Span, { segmenter, signal }: Looking): Promise<Mask[]> {
  if (scene.source.shape[along] === 1) {
    const answers = objects.map(async ({ objectId, prompts }) => segmenter.segmentPlane(scene, { objectId, ...prompts[0]!, multimask: false }, { signal }));
    return (await Promise.all(answers)).map(({ mask }) => mask);
  }
  const frames = promptedFrames(objects, along);
  const range = { start: Math.min(span.start, ...frames), end: Math.max(span.end, ...frames.map((frame) => frame + 1)) };
  const masks: Mask[] = [];
  await segmenter.propagate(scene, { objects, along, range, direction: "both" }, { signal, onMask: (mask) => void masks.push(mask), onEnd: () => undefined });
  return masks;
}

function cutOf(frame: number, along: "z" | "t"): Cut {
  return along === "z" ? { axis: "z", index: frame, t: 0, c: 0 } : { axis: "z", index: 0, t: frame, c: 0 };
}

function promptedFrames(objects: readonly PromptedObject[], along: "z" | "t"): number[] {
  return objects.flatMap(({ prompts }) => prompts.map(({ cut }) => (along === "z" ? cut.index : (cut.t ?? 0))));
}

/** Of a volume that is one plane along the other of z and t. */
function frameOf({ index, t }: Mask): number {
  return index + t;
}
