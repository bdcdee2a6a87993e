// POST /sam/: one object on one picture.
import { packMask } from "#protocol/mask.ts";
import type { MaskBits } from "#protocol/types.ts";
import type { Picture } from "./decode-picture.ts";
import { pictureFeatures } from "./features.ts";
import { fromBase64, modelFor, sceneOf } from "./looking.ts";
import type { Looking } from "./looking.ts";
import { pictureVolume } from "./picture-volume.ts";
import { promptParts } from "./prompt-parts.ts";
import { invalid } from "./refusal.ts";
import type { PromptRequest } from "./requests.ts";

/** @returns features, the best first: three with `multimask`, else one; none where nothing was found. @throws Refusal, and what decoding and the model throw */
export async function segmentPicture(request: PromptRequest, looking: Looking): Promise<object[]> {
  const model = await modelFor(request.type, request.weights, looking);
  const picture = await looking.decoder.decode(fromBase64(request.image));
  const given = request.mask === undefined ? undefined : maskPrompt(await looking.decoder.decode(fromBase64(request.mask)), picture);
  const pointed = promptParts(request, picture);
  if (pointed === undefined && given === undefined) throw invalid(["body"], "no bbox and no foreground point lies in the image", "value_error");
  const source = pictureVolume(picture);
  // The whole view, as samapi looks at it: so all objects of a view share one encoding. Who wants to see more zooms in.
  const scene = looking.shareViews(picture.key, await sceneOf(source, model, "plane", looking));
  const parts = { ...pointed, ...(given === undefined ? {} : { mask: given }) };
  const asked = { objectId: 1, cut: { axis: "z" as const, index: 0 }, parts, multimask: request.multimask, alternativesOnly: true };
  const { mask, candidates } = await looking.segmenter.segmentPlane(scene, asked, { signal: looking.signal });
  const found = pictureFeatures(request.multimask ? candidates : [mask], model.id);
  looking.say(`${found.length} masks on ${picture.width} x ${picture.height} with ${model.id}`);
  return found;
}

/** The brighter half of a picture of any size laid over the other one, the nearest pixel each; undefined where it is all dark. */
function maskPrompt({ width, height, planes }: Picture, { width: columns, height: rows }: Picture): MaskBits | undefined {
  const plane = planes[0]!;
  let brightest = 0;
  for (const value of plane) brightest = Math.max(brightest, value);
  const data = new Uint8Array(columns * rows);
  for (let y = 0, at = 0; y < rows; y++) {
    const row = Math.floor(((y + 0.5) * height) / rows) * width;
    for (let x = 0; x < columns; x++, at++) data[at] = plane[row + Math.floor(((x + 0.5) * width) / columns)]! > brightest / 2 ? 1 : 0;
  }
  const { box, bits, area } = packMask({ box: [0, 0, columns, rows], data });
  return area === 0 ? undefined : { box, bits };
}
