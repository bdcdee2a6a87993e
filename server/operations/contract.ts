// What the operations are given to work with, and what they are told with each call.
import type { TrackerSource, Window } from "#models/tracker.ts";
import type { Cut, Declaration, End, Health, Mask, Model, Overlap, Plane, PromptParts, Schema, Shape, ViewSettings, Volume, Watch } from "#protocol/types.ts";
import type { Recipe, RunRecipe, StepValue } from "#server/classical/contract.ts";
import type { AutomaskRequest, PlaneMask } from "#server/segmentation/automask.ts";
import type { FrozenView, PlaneAnswer, PropagateEvents, PropagateRequest, Scene, WalkedSpan } from "#server/segmentation/contract.ts";
import type { Author } from "#server/sessions/record.ts";
import type { SessionStore } from "#server/sessions/session-store.ts";
import type { VolumeSource } from "#server/volumes/source.ts";

/** Who asks, how to stop, and where what is found goes. */
export interface OperationContext extends Watch {
  readonly author: Author;
  /** Awaited, so that a slow reader slows the work and fills no memory. */
  readonly onMask?: ((mask: Mask) => void | Promise<void>) | undefined;
  /** A folder that stays for as long as the run is remembered; without it, files are handed over with the answer. */
  readonly keepFolder?: (() => Promise<string>) | undefined;
}

/** Asked when a volume's pixels are needed that only a client has; the answer comes through `plane.put`. */
export type Supplier = (planes: readonly Plane[]) => void;

export interface Volumes {
  declare(declaration: Declaration): Promise<Volume>;
  /** @throws path_forbidden, file_missing, tiff_invalid, ... */
  openPath(path: string, watch?: Watch): Promise<Volume>;
  upload(name: string, body: AsyncIterable<Uint8Array>, watch?: Watch): Promise<Volume>;
  /** @throws not_found */
  describe(volumeId: string): Promise<Volume>;
  /** @throws not_found */
  get(volumeId: string): Promise<VolumeSource>;
  /** @param asked true when the plane answers `need`: then it must have been needed. @throws pixels_unexpected, pixels_size, volume_changed */
  putPlane(volumeId: string, plane: Plane, data: Uint8Array, asked: boolean): Promise<void>;
  /** The one asked for pixels from now on; undefined when nobody is there. Volumes that need none take no notice. */
  setSupplier(volumeId: string, supplier: Supplier | undefined): Promise<void>;
  close(): Promise<void>;
}

export interface Segmenter {
  /** Everything that can be said against a run before it starts. @returns what it answers for. @throws axis_unsupported, range_invalid, plane_off_volume, ... */
  checkRun(shape: Shape, request: PropagateRequest): readonly WalkedSpan[];
  /** @throws plane_off_volume, prompt_off_image, prompt_empty, axis_unsupported */
  checkPrompt(shape: Shape, cut: Cut, parts: PromptParts): void;
  freezeView(source: VolumeSource, settings: ViewSettings | undefined, signal?: AbortSignal): Promise<FrozenView>;
  segmentPlane(scene: Scene, request: { objectId: number; cut: Cut; parts: PromptParts; multimask: boolean; alternativesOnly?: boolean }, watch: Watch): Promise<PlaneAnswer>;
  /** Encodes the neighbours of a plane through the same window; see encode-ahead.ts. @throws cancelled, and what reading and the model throw */
  encodeAhead(scene: Scene, cut: Cut, window: Window, watch: Watch): Promise<void>;
  /** Objects that nobody pointed at, best first; see automask.ts. */
  automask(scene: Scene, request: AutomaskRequest, watch: Watch): Promise<readonly PlaneMask[]>;
  propagate(scene: Scene, request: PropagateRequest, events: PropagateEvents): Promise<{ readonly planes: number; readonly ends: readonly End[] }>;
}

export interface Models {
  /** The model a wish means; `auto` is the best one installed. @throws model_unknown, model_not_installed */
  resolve(wish: string): Promise<string>;
  list(): Promise<Model[]>;
  state(): Health["model"];
  readonly trackers: TrackerSource;
}

export interface Classical {
  readonly run: RunRecipe;
  /** A recipe with every value it leaves open settled. @throws recipe_invalid */
  complete(nameOrRecipe: string | Recipe, set: Readonly<Record<string, StepValue>>): Promise<Recipe>;
  /** Those that come with the product. */
  list(): Promise<Schema<"RecipeInfo">[]>;
}

/** What a file of results is made from. */
export interface ExportScene {
  /** Tells features of different sessions apart; a label image has none. */
  readonly sessionId?: string | undefined;
  readonly volume: Pick<Volume, "shape" | "spacing">;
  /** Objects in the order a person began them. */
  readonly masks: readonly Mask[];
  readonly overlap: Overlap;
}

/** A table made from masks alone: without grey values, each object on all its voxels. */
export type MeasuredScene = Omit<ExportScene, "overlap">;

export interface Exporter {
  /** Writes the label image as a TIFF. @throws labels_too_many, disk_full, file_not_written, cancelled */
  labels(path: string, scene: ExportScene, watch: Watch): Promise<void>;
  /** @throws export_empty */
  rois(scene: ExportScene): Uint8Array;
  geojson(scene: ExportScene): string;
  /** In pieces. @throws cancelled */
  measurements(scene: MeasuredScene, watch: Watch): Promise<Iterable<string>>;
  /** One mask as `.roi` bytes or a GeoJSON Feature; undefined for a mask without a pixel. @throws axis_unsupported */
  roi(mask: Mask, shape: Shape): Uint8Array | undefined;
  feature(mask: Mask, sessionId: string): string | undefined;
}

export interface Domains {
  readonly sessions: SessionStore;
  readonly volumes: Volumes;
  readonly segmenter: Segmenter;
  readonly models: Models;
  readonly exporter: Exporter;
  readonly classical: Classical;
  readonly version: string;
  /** For files that are made to be sent and then removed. */
  readonly scratch: string;
}
