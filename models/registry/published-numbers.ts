// Numbers that others published for the official checkpoints on public pictures: huggingface/transformers,
// tests/models/sam2/test_modeling_sam2.py and the conversion scripts convert_sam2_to_hf.py and convert_edgetam_to_hf.py. They scale the picture with another
// resampling code, so small differences are expected.
import { MaskletError } from "#protocol/errors.ts";
import type { InstalledModel } from "../installed-model.ts";
import type { NetworkOptions } from "../network.ts";
import { frameOf } from "../sam2/frame.ts";
import { openSam2Graphs } from "../sam2/graphs.ts";
import { imageInput } from "../sam2/input.ts";
import { readNetworkDescription } from "../sam2/network-description.ts";
import { modelPoints, paddedPoints } from "../sam2/prompt-tensors.ts";
import { alternatives, chooseAnswer } from "../sam2/sam-heads.ts";
import { withVector } from "../sam2/track-plane.ts";
import type { View } from "../tracker.ts";

export type PictureName = "truck" | "car";

interface Published {
  readonly model: string;
  readonly picture: PictureName;
  /** Estimated overlaps of the three alternatives, in descending order. */
  readonly ious: readonly number[];
  /** Of the best alternative, the first three logits of its first three rows. */
  readonly logits?: readonly number[];
  /** The one mask for unambiguous prompts: its estimate, and its first three logits. */
  readonly single?: { readonly iou: number; readonly logits: readonly number[] };
}

/** Whole pixels, of which the middle is meant. */
const clicked: Readonly<Record<PictureName, readonly [number, number]>> = { truck: [500, 375], car: [1000, 600] };

const car = (model: string, ious: readonly number[]): Published => ({ model, picture: "car", ious: [...ious].sort((a, b) => b - a) });

const published: readonly Published[] = [
  {
    model: "sam2.1-tiny", picture: "truck", ious: [0.9547, 0.4932, 0.0427],
    logits: [-24.9288, -41.7466, -31.0128, -34.5113, -31.1054, -36.5913, -25.2597, -37.5912, -33.403],
    single: { iou: 0.9364, logits: [-7.0462, -13.3857, -9.6419] },
  },
  car("sam2.1-tiny", [0.0316, 0.9647, 0.1029]), car("sam2.1-small", [0.9664, 0.1494, 0.0456]),
  car("sam2.1-base-plus", [0.0361, 0.9775, 0.1307]), car("sam2.1-large", [0.9648, 0.0371, 0.1898]),
  car("edgetam", [0.0356, 0.2141, 0.9707]),
  car("sam2-tiny", [0.0439, 0.9567, 0.1415]), car("sam2-small", [0.9593, 0.1633, 0.0392]),
  car("sam2-base-plus", [0.0423, 0.9815, 0.0897]), car("sam2-large", [0.9514, 0.0535, 0.1787]),
];

export interface Comparison {
  readonly what: string;
  readonly published: readonly number[];
  readonly found: readonly number[];
  readonly greatestDifference: number;
}

/** The picture a file is meant to hold, by its name. @throws usage */
export function pictureNamed(fileName: string): PictureName {
  const name = Object.keys(clicked).find((one) => fileName.toLowerCase().includes(one));
  if (name !== "truck" && name !== "car") throw MaskletError.of("usage", { why: `Numbers are published for the pictures truck and car; name the file after one of them, not "${fileName}".` });
  return name;
}

/**
 * @param view the whole picture, in colour
 * @throws usage where nothing is published for this model and picture, or the click lies off the picture; model_failed
 */
export async function comparePublished(model: InstalledModel, picture: PictureName, view: View, options: NetworkOptions = {}): Promise<Comparison[]> {
  const expected = published.find((one) => one.model === model.id && one.picture === picture);
  if (expected === undefined) {
    const known = published.map((one) => `${one.model} on ${one.picture}`).join(", ");
    throw MaskletError.of("usage", { why: `Nothing is published for ${model.id} on ${picture}; there are numbers for ${known}.` });
  }
  const [x, y] = clicked[picture];
  if (x >= view.box[2] || y >= view.box[3] || view.channels !== 3) throw MaskletError.of("usage", { why: `The ${picture} picture is in colour and larger than ${x} x ${y}; this one is ${view.box[2]} x ${view.box[3]} with ${view.channels} channel${view.channels === 1 ? "" : "s"}.` });
  const description = await readNetworkDescription(model.folder, model.id);
  const { config, constants } = description;
  const graphs = await openSam2Graphs(model, config, options);
  try {
    const features = await graphs.encodeImage(imageInput(view, config.imageSize));
    // Published clicks are scaled as numbers and moved by half a pixel of the network's input, ours by half a pixel of the plane.
    const half = (size: number): number => size / (2 * config.imageSize);
    const click = paddedPoints(modelPoints(undefined, [[x + half(view.box[2]), y + half(view.box[3]), 1]], frameOf(view, config.imageSize)));
    const conditioned = withVector(features.s2, constants.noMemory, (config.imageSize / 16) ** 2);
    const decoded = await graphs.decode({ conditioned, features, points: click.coords, labels: click.labels, batch: 1 });
    const best = alternatives(decoded, config).sort((a, b) => b.iou - a.iou);
    const single = chooseAnswer(decoded, false, config);
    const side = config.imageSize / 4;
    const corner = best[0]!.logits;
    return [
      comparison("overlap estimates of three masks", expected.ious, best.map((one) => one.iou)),
      ...(expected.logits === undefined ? [] : [comparison("first logits of the best mask", expected.logits, [0, 1, 2].flatMap((row) => [...corner.subarray(row * side, row * side + 3)]))]),
      ...(expected.single === undefined ? [] : [
        comparison("overlap estimate of the single mask", [expected.single.iou], [single.iou]),
        comparison("first logits of the single mask", expected.single.logits, [...single.logits.subarray(0, 3)]),
      ]),
    ];
  } finally {
    await graphs.close();
  }
}

function comparison(what: string, expected: readonly number[], found: readonly number[]): Comparison {
  return { what, published: expected, found, greatestDifference: Math.max(...expected.map((value, at) => Math.abs(value - found[at]!))) };
}
