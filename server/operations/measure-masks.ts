// Morphology of objects that are kept as masks, and so may share voxels.
import type { LabelMeasures, Mask, ObjectMeasures, Overlap, Volume, Watch } from "#protocol/types.ts";
import { masksAsZPlanes } from "#protocol/z-planes.ts";
import { Clusters } from "#server/measure/clusters.ts";
import { layersOf, sharing, touching } from "#server/measure/mask-contacts.ts";
import type { Neighbours } from "#server/measure/mask-contacts.ts";
import { measureLabels } from "#server/measure/measure-labels.ts";
import { meanConfidence } from "#server/measure/object-clusters.ts";
import { populationOf } from "#server/measure/population.ts";
import { maskLabels } from "#server/segmentation/mask-labels.ts";
import type { ImageReader } from "#server/volumes/image-reader.ts";
import type { LabelReader, Triple } from "#server/volumes/label-reader.ts";

export interface MaskScene {
  readonly name: string;
  readonly volume: Pick<Volume, "shape" | "spacing">;
  readonly masks: readonly Mask[];
  /** The label image that this rule makes is measured; undefined: each object on all its voxels. */
  readonly overlap?: Overlap | undefined;
  /** Micrometres, in place of the volume's. */
  readonly spacing?: Triple | undefined;
  /** One or more. */
  readonly frames: readonly number[];
  imageOf?(frame: number): ImageReader | undefined;
}

/**
 * What each number means is said in the schema `LabelMeasures`; confidence is the mean score of an object's masks in the frame, weighted by
 * their pixels. Where objects share voxels the volume is read once for each layer of objects that do not, and once for the clusters.
 * @throws as measureFrames
 */
export async function measureMasks(scene: MaskScene, watch: Watch = {}): Promise<LabelMeasures> {
  // Where nothing is, nothing is measured.
  const drawn = scene.frames.filter((t) => scene.masks.some((mask) => mask.t === t && mask.area > 0));
  const frames = drawn.length > 0 ? drawn : scene.frames.slice(0, 1);
  const measured: LabelMeasures[] = [];
  for (const [nth, t] of frames.entries()) measured.push(await measureFrame(scene, t, partOf(watch, nth, frames.length)));
  const [first] = measured;
  if (first === undefined || scene.frames.length === 1) return first!;
  const all = (which: "objects" | "clusters"): ObjectMeasures[] => measured.map((one) => one[which]).flat().sort((a, b) => a.objectId - b.objectId || a.t - b.t);
  return summedUp({ ...first, frames: scene.frames.length, objects: all("objects"), clusters: all("clusters") });
}

function measureFrame(scene: MaskScene, t: number, watch: Watch): Promise<LabelMeasures> {
  const masks = scene.masks.filter((mask) => mask.t === t && mask.area > 0);
  const measure: Layer = (labels, progress) => measureLabels({ labels: scene.spacing === undefined ? labels : { ...labels, spacing: scene.spacing }, image: scene.imageOf?.(t), t, spacing: scene.spacing, confidence: scoresOf(masks) }, progress);
  const shared = scene.overlap === undefined ? sharing(masks) : new Map<number, ReadonlySet<number>>();
  if (shared.size === 0) return measure(maskLabels(masks, aboutOf(scene), scene.overlap ?? "first"), watch);
  return measureLayers(scene, masks, shared, measure, watch);
}

type Layer = (labels: LabelReader, watch: Watch) => Promise<LabelMeasures>;

/** Each layer lies whole above what is beneath it, so that its objects are seen as they are and meet every other there is. */
async function measureLayers(scene: MaskScene, masks: readonly Mask[], shared: Neighbours, measure: Layer, watch: Watch): Promise<LabelMeasures> {
  const layers = layersOf(shared);
  const count = Math.max(...layers.values()) + 1;
  const about = aboutOf(scene);
  const objects: ObjectMeasures[] = [];
  for (let layer = 0; layer < count; layer++) {
    const isOn = (objectId: number): boolean => (layers.get(objectId) ?? 0) === layer;
    const measures = await measure(maskLabels(masks, about, isOn), partOf(watch, layer, count + 1));
    for (const object of measures.objects) if (isOn(object.objectId)) objects.push(object);
  }
  objects.sort((a, b) => a.objectId - b.objectId);
  const contacts = touching(masks);
  const hanging = new Clusters();
  for (const [one, others] of contacts) for (const other of others) hanging.join(0, one, other);
  const settled = objects.map((object): ObjectMeasures => ({ ...object, clusterId: hanging.smallest(0, object.objectId), contacts: [...contacts.get(object.objectId) ?? []].sort((a, b) => a - b) }));

  const members = new Map<number, ObjectMeasures[]>();
  for (const object of settled) members.set(object.clusterId, [...members.get(object.clusterId) ?? [], object]);
  const whole = masks.map((mask) => ({ ...mask, objectId: hanging.smallest(0, mask.objectId) }));
  const measures = await measure(maskLabels(whole, about, "first"), partOf(watch, count, count + 1));
  const clusters = measures.objects.flatMap((cluster): ObjectMeasures[] => {
    const own = members.get(cluster.objectId) ?? [];
    return own.length < 2 ? [] : [{ ...cluster, objects: own.length, confidence: meanConfidence(own) }];
  });
  return summedUp({ ...measures, objects: settled, clusters });
}

function summedUp(measures: LabelMeasures): LabelMeasures {
  const { frames, size, spacing, objects, clusters } = measures;
  const voxelVolume = spacing[0]! * spacing[1]! * spacing[2]!;
  return { ...measures, population: populationOf(objects, clusters, { voxels: frames * size[0]! * size[1]! * size[2]!, voxelVolume }) };
}

function aboutOf({ name, volume }: MaskScene): { name: string; shape: Volume["shape"]; spacing: Volume["spacing"] } {
  return { name, shape: volume.shape, spacing: volume.spacing };
}

function scoresOf(masks: readonly Mask[]): Map<number, number> {
  const sums = new Map<number, { weight: number; weighted: number }>();
  for (const { objectId, area, score } of masksAsZPlanes(masks)) {
    const { weight, weighted } = sums.get(objectId) ?? { weight: 0, weighted: 0 };
    sums.set(objectId, { weight: weight + area, weighted: weighted + area * score });
  }
  return new Map([...sums].map(([objectId, { weight, weighted }]) => [objectId, weighted / weight]));
}

/** Progress of one of several equal parts, so that it never goes back. */
function partOf({ signal, onProgress }: Watch, part: number, parts: number): Watch {
  return { signal, onProgress: ({ done, total, unit }) => onProgress?.({ done: part * total + done, total: parts * total, unit }) };
}
