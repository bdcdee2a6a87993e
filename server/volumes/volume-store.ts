// All volumes of a server: declared by clients, opened from allowed folders, or uploaded; found again after a restart.
import { randomUUID } from "node:crypto";
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { isSystemError, MaskletError, reasonOf } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Declaration, Volume, Watch } from "#protocol/types.ts";
import { resolveAllowed } from "./allowed-path.ts";
import { cachedVolume, createPlaneCache } from "./cached-volume.ts";
import { checkShape } from "./check-shape.ts";
import { openVolume, volumeState } from "./open-volume.ts";
import { createPlaneStore } from "./plane-store.ts";
import type { PixelSupplier } from "./plane-waits.ts";
import { openPushedVolume, type PushedVolume } from "./pushed-volume.ts";
import { receiveUpload } from "./receive-upload.ts";
import type { VolumeSource } from "./source.ts";
import { describeSource, readRecord, volumeIdOf, writeRecord, type VolumeRecord } from "./volume-record.ts";

export interface OpenedVolume<S extends VolumeSource = VolumeSource> {
  readonly volumeId: string;
  readonly source: S;
  /** The server knew this volume before. */
  readonly resumed: boolean;
}

export interface VolumeStore {
  /** The same identity, shape and dtype is the same volume. Without an identity it is a new one.
   * @throws shape_invalid, volume_changed for a known identity with another shape or dtype */
  declare(declaration: Declaration): Promise<OpenedVolume<PushedVolume>>;
  /** A file or Zarr folder under a root; one that changed since is another volume. @throws path_forbidden, file_missing, and as openVolume */
  openPath(path: string, watch?: Watch): Promise<OpenedVolume>;
  /** @param name the sender's file name, for people @throws too_large, disk_full, and as openVolume */
  upload(stream: AsyncIterable<Uint8Array>, name: string, watch?: Watch): Promise<OpenedVolume>;
  /** Opens it again after a restart. @throws not_found, volume_changed and file_missing for a file that is not as it was */
  get(volumeId: string): Promise<VolumeSource>;
  /** The volume when a client holds its pixels. @throws not_found, also for a volume in a file */
  getPushed(volumeId: string): Promise<PushedVolume>;
  /** Whoever can get pixels now; a volume that needs none takes no notice. @throws as get */
  setSupplier(volumeId: string, supplier: PixelSupplier | undefined): Promise<void>;
  /** @throws as get */
  describe(volumeId: string): Promise<Volume>;
  /** All volumes known, open or not. */
  list(): Promise<Volume[]>;
  close(): Promise<void>;
}

export interface VolumeStoreOptions {
  /** Folders `volumes`, `planes` and `uploads` are made here. */
  readonly home: string;
  /** Folders whose files may be opened. */
  readonly roots: readonly string[];
  readonly pixelTimeoutMs?: number | undefined;
}

type Held = { readonly pushed: PushedVolume } | { readonly pushed: undefined; readonly file: VolumeSource };

/** Nothing is read or made before the first call. */
export function createVolumeStore(options: VolumeStoreOptions): VolumeStore {
  const folder = join(options.home, "volumes");
  const uploads = join(options.home, "uploads");
  const planes = createPlaneStore(join(options.home, "planes"));
  const cache = createPlaneCache(limits.volumeCacheBytes);
  // Promises, so that two callers who come at once share one volume.
  const open = new Map<string, Promise<Held>>();
  const recordFile = (volumeId: string): string => join(folder, `${volumeId}.json`);

  const hold = (volumeId: string, make: () => Promise<Held>): Promise<Held> => {
    const there = open.get(volumeId);
    if (there !== undefined) return there;
    const opening = make();
    open.set(volumeId, opening);
    opening.catch(() => open.delete(volumeId));
    return opening;
  };

  const openFile = async (path: string, name: string, watch?: Watch): Promise<VolumeSource> => {
    const source = { ...await openVolume(path, watch, cache), name };
    // A Zarr volume keeps its chunks in the cache itself: whole planes through them would decode each many times.
    return source.chunk === undefined ? cachedVolume(source, cache) : source;
  };

  const openPushed = (volumeId: string, declaration: Declaration): Promise<PushedVolume> =>
    openPushedVolume({ declaration, planes, indexFile: join(folder, `${volumeId}.planes`), timeoutMs: options.pixelTimeoutMs });

  /** Opens what a record describes. */
  const revive = async (volumeId: string): Promise<Held> => {
    const record = /^vol-[A-Za-z0-9]{6,40}$/.test(volumeId) ? await readRecord(recordFile(volumeId)) : undefined;
    if (record === undefined) throw MaskletError.of("not_found", { what: "volume", id: volumeId });
    if (record.kind === "pushed") return { pushed: await openPushed(volumeId, record.declaration) };
    if (record.kind === "path") await resolveAllowed(record.path, options.roots);
    const now = await volumeState(record.path);
    if (now.sizeBytes !== record.sizeBytes || now.mtimeMs !== record.mtimeMs) throw MaskletError.of("volume_changed", { plane: "all" });
    return { pushed: undefined, file: await openFile(record.path, record.volume.name) };
  };

  const keepFile = async (kind: "path" | "upload", path: string, name: string, identity: string, watch?: Watch): Promise<OpenedVolume> => {
    const volumeId = volumeIdOf(kind, identity);
    const resumed = open.has(volumeId) || await readRecord(recordFile(volumeId)) !== undefined;
    const held = await hold(volumeId, async () => {
      const source = await openFile(path, name, watch);
      await writeRecord(recordFile(volumeId), { kind, volume: describeSource(volumeId, source), path, ...await volumeState(path) });
      return { pushed: undefined, file: source };
    });
    return { volumeId, source: sourceOf(held), resumed };
  };

  return {
    async declare(declaration) {
      checkShape(declaration.shape, declaration.dtype);
      const volumeId = volumeIdOf("pushed", declaration.identity ?? randomUUID());
      const record = await readRecord(recordFile(volumeId));
      const resumed = open.has(volumeId) || record !== undefined;
      const held = await hold(volumeId, async () => {
        const pushed = await openPushed(volumeId, record?.kind === "pushed" ? { ...declaration, shape: record.declaration.shape, dtype: record.declaration.dtype } : declaration);
        if (record === undefined) await writeRecord(recordFile(volumeId), { kind: "pushed", volume: describeSource(volumeId, pushed), declaration });
        return { pushed };
      });
      if (held.pushed === undefined) throw MaskletError.of("not_found", { what: "declared volume", id: volumeId });
      const source = held.pushed;
      const same = source.dtype === declaration.dtype && (["t", "c", "z", "y", "x"] as const).every((axis) => source.shape[axis] === declaration.shape[axis]);
      if (!same) throw MaskletError.of("volume_changed", { plane: "all" });
      return { volumeId, source, resumed };
    },
    async openPath(path, watch) {
      const real = await resolveAllowed(path, options.roots);
      const { sizeBytes, mtimeMs } = await volumeState(real);
      return keepFile("path", real, basename(real), `${real}\n${sizeBytes}\n${mtimeMs}`, watch);
    },
    async upload(stream, name, watch) {
      const { path, hash } = await receiveUpload(uploads, stream, name, watch);
      return keepFile("upload", path, basename(name.replaceAll("\\", "/")) || "upload.tif", hash, watch);
    },
    async get(volumeId) {
      return sourceOf(await hold(volumeId, () => revive(volumeId)));
    },
    async getPushed(volumeId) {
      const { pushed } = await hold(volumeId, () => revive(volumeId));
      if (pushed === undefined) throw MaskletError.of("not_found", { what: "volume with pixels from a client", id: volumeId });
      return pushed;
    },
    async setSupplier(volumeId, supplier) {
      (await hold(volumeId, () => revive(volumeId))).pushed?.setSupplier(supplier);
    },
    async describe(volumeId) {
      const held = await hold(volumeId, () => revive(volumeId));
      const volume = describeSource(volumeId, sourceOf(held));
      if (held.pushed === undefined) return volume;
      const planesNeeded = held.pushed.needed();
      return { ...volume, planesHeld: held.pushed.held(), ...(planesNeeded.length === 0 ? {} : { planesNeeded }) };
    },
    async list() {
      const names = await readdir(folder).catch((cause: unknown) => {
        if (isSystemError(cause, "ENOENT")) return [];
        throw MaskletError.of("file_unreadable", { file: folder, why: reasonOf(cause) }, cause);
      });
      const volumes: Volume[] = [];
      for (const name of names.filter((entry) => entry.endsWith(".json")).sort()) {
        const record: VolumeRecord | undefined = await readRecord(join(folder, name));
        if (record !== undefined) volumes.push(record.volume);
      }
      return volumes;
    },
    async close() {
      const volumes = await Promise.allSettled(open.values());
      open.clear();
      for (const volume of volumes) if (volume.status === "fulfilled") await sourceOf(volume.value).close();
    },
  };
}

function sourceOf(held: Held): VolumeSource {
  return held.pushed ?? held.file;
}
