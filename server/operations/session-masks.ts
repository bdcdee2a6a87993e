// What a session's result is made of: its masks, and its volume with the pixels that are here.
import { MaskletError } from "#protocol/errors.ts";
import type { Mask, Volume } from "#protocol/types.ts";
import type { SessionState } from "#server/sessions/fold.ts";
import type { VolumeSource } from "#server/volumes/source.ts";
import type { Domains } from "./contract.ts";

export interface SessionMasks {
  readonly sessionId: string;
  readonly state: SessionState;
  readonly volume: Volume;
  readonly source: VolumeSource;
  /** Objects in the order of their first edits, which is what the overlap rules `first` and `last` mean. */
  readonly masks: readonly Mask[];
}

/** @throws not_found, object_unknown, export_empty when there is no mask */
export async function sessionMasks(domains: Domains, sessionId: string, objects?: readonly number[]): Promise<SessionMasks> {
  const session = await domains.sessions.open(sessionId);
  const state = session.state();
  for (const objectId of objects ?? []) if (!state.objects.has(objectId)) throw MaskletError.of("object_unknown", { objectId });
  const masks = [...state.objects].filter(([objectId]) => objects?.includes(objectId) ?? true).flatMap(([, object]) => [...object.masks.values()].map((held) => held.mask));
  if (!masks.some(({ area }) => area > 0)) throw MaskletError.of("export_empty", {});
  const { volumeId } = session.description;
  return { sessionId, state, volume: await domains.volumes.describe(volumeId), source: await domains.volumes.get(volumeId), masks };
}

/**
 * Whether grey values of the frames are wanted and to be had.
 * @param wanted undefined: where all planes are here, so that nobody is asked for any
 * @throws plane_off_volume when there is no such channel
 */
export function sessionImage({ source }: SessionMasks, wanted: boolean | undefined, frames: readonly number[], channel = 0): boolean {
  if (channel >= source.shape.c) throw MaskletError.of("plane_off_volume", { axis: "c", index: channel, size: source.shape.c });
  return wanted ?? holdsAll(source, frames, channel);
}

function holdsAll(source: VolumeSource, frames: readonly number[], c: number): boolean {
  if (source.holds === undefined) return true;
  for (const t of frames) for (let z = 0; z < source.shape.z; z++) if (!source.holds({ t, c, z })) return false;
  return true;
}

/** Every frame, or the one that is asked for. @throws plane_off_volume */
export function framesOf({ shape }: Pick<Volume, "shape">, frame: number | undefined): number[] {
  if (frame === undefined) return Array.from({ length: shape.t }, (_, t) => t);
  if (frame >= shape.t) throw MaskletError.of("plane_off_volume", { axis: "t", index: frame, size: shape.t });
  return [frame];
}
