// The images and masks that `masklet dataset make` is given.
import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { basename, join, parse, resolve } from "node:path";
import { MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import { maskLabels, type OutlinedObjects } from "#server/datasets/outlined-objects.ts";
import { readGeojson } from "#server/datasets/read-geojson.ts";
import { readRois } from "#server/datasets/read-rois.ts";
import type { MarkedVolume } from "#server/datasets/source.ts";
import { createSessionStore } from "#server/sessions/session-store.ts";
import { masksOf } from "#server/sessions/session.ts";
import { labelReader } from "#server/volumes/label-reader.ts";
import { openVolume } from "#server/volumes/open-volume.ts";
import type { VolumeSource } from "#server/volumes/source.ts";
import { createVolumeStore } from "#server/volumes/volume-store.ts";
import type { CommandContext } from "./command.ts";
import type { Options } from "./options.ts";

export const datasetSourceOptions = { image: "texts", labels: "texts", rois: "texts", geojson: "texts", session: "texts", frame: "text", channel: "text" } as const;

export interface OpenSources {
  readonly sources: readonly MarkedVolume[];
  close(): Promise<void>;
}

type Kind = "labels" | "rois" | "geojson";

/** Images go with the label images first, then the ROIs, then the GeoJSON files; a session brings its own. @throws usage, plane_off_volume, and what opening throws */
export async function openDatasetSources(options: Options, context: CommandContext): Promise<OpenSources> {
  const images = options.texts("image");
  const sessions = options.texts("session");
  const marks = (["labels", "rois", "geojson"] as const).flatMap((kind) => options.texts(kind).map((path) => ({ kind, path })));
  if (images.length + sessions.length === 0) throw MaskletError.of("usage", { why: "--image with --labels, --rois or --geojson is missing, or --session." });
  if (images.length !== marks.length) throw MaskletError.of("usage", { why: `Each --image goes with one --labels, --rois or --geojson: there are ${images.length} images and ${marks.length} of these.` });
  const frame = options.whole("frame", 0, limits.maxPlanes) ?? 0;
  const channel = options.whole("channel", 0, limits.maxPlanes);
  const closing: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => { for (const one of closing.reverse()) await one(); };
  try {
    const sources: MarkedVolume[] = [];
    for (const [nth, path] of images.entries()) {
      const volume = await openVolume(path, { signal: context.signal });
      closing.push(() => volume.close());
      const chosen = checkPlane(volume, path, frame, channel);
      const file = (await stat(path)).isFile() ? path : undefined;
      sources.push({ ...chosen, file, ...(await openMarks(marks[nth]!, volume, frame, context, closing)) });
    }
    for (const session of sessions) sources.push(await openSessionSource(session, frame, channel, context, closing));
    return { sources, close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

function checkPlane(volume: VolumeSource, name: string, frame: number, channel: number | undefined): Pick<MarkedVolume, "volume" | "frame" | "channel"> {
  if (volume.rgb && channel === undefined) throw MaskletError.of("usage", { why: `${name} is a colour image: choose its red, green or blue with --channel 0, 1 or 2.` });
  for (const [axis, index] of [["t", frame], ["c", channel ?? 0]] as const) {
    if (index >= volume.shape[axis]) throw MaskletError.of("plane_off_volume", { axis, index, size: volume.shape[axis] });
  }
  return { volume, frame, channel: channel ?? 0 };
}

async function openMarks({ kind, path }: { readonly kind: Kind; readonly path: string }, volume: VolumeSource, frame: number, { terminal, signal }: CommandContext, closing: (() => Promise<void>)[]): Promise<Pick<MarkedVolume, "labels" | "marks">> {
  const name = basename(path);
  if (kind === "labels") {
    const labels = await openVolume(path, { signal });
    closing.push(() => labels.close());
    // Labels of one frame alone belong to whichever frame was chosen.
    return { labels: labelReader(labels, { frame: labels.shape.t === 1 ? 0 : frame }), marks: { name, kind } };
  }
  const bytes = await readBounded(path, kind === "rois" ? limits.maxRoisBytes : limits.maxDatasetJsonBytes);
  const outlined: OutlinedObjects = kind === "rois" ? readRois(bytes, name, volume.shape, signal) : readGeojson(new TextDecoder().decode(bytes), name, volume.shape, signal);
  for (const note of outlined.notes) terminal.say(`${name}: ${note}`);
  return { labels: maskLabels(outlined.masks, { name, shape: volume.shape, spacing: volume.spacing }, frame, "first"), marks: { name, kind, sha256: createHash("sha256").update(bytes).digest("hex") } };
}

async function readBounded(path: string, limit: number): Promise<Uint8Array> {
  const about = await stat(path).catch((cause: unknown) => { throw MaskletError.of("file_missing", { file: path }, cause); });
  if (!about.isFile()) throw MaskletError.of("file_unreadable", { file: path, why: "it is no file" });
  if (about.size > limit) throw MaskletError.of("too_large", { what: `file ${path}`, size: about.size, limit, limitName: limit === limits.maxRoisBytes ? "maxRoisBytes" : "maxDatasetJsonBytes" });
  return new Uint8Array(await readFile(path));
}

/** A session's masks, and the volume it looks at. What it was opened from may lie anywhere this person reads. */
async function openSessionSource(sessionId: string, frame: number, channel: number | undefined, { home }: CommandContext, closing: (() => Promise<void>)[]): Promise<MarkedVolume> {
  const store = createSessionStore({ folder: join(home, "sessions") });
  closing.push(() => store.close());
  const session = await store.open(sessionId);
  const masks = masksOf(session.state());
  // Only what is needed of the session is kept, so that a server may be started meanwhile.
  await store.close();
  closing.pop();
  if (masks.length === 0) throw MaskletError.of("export_empty", {});
  const volumes = createVolumeStore({ home, roots: [parse(resolve(home)).root] });
  closing.push(() => volumes.close());
  const volume = await volumes.get(session.description.volumeId);
  const labels = maskLabels(masks, { name: sessionId, shape: volume.shape, spacing: volume.spacing }, frame, "highest-score");
  return { ...checkPlane(volume, volume.name, frame, channel), labels, file: undefined, marks: { name: sessionId, kind: "session" } };
}
