// The fake server's sessions: every edit is a whole state, so that undo is a step back.
import { MaskletError } from "#protocol/errors.ts";
import type { Cut, Declaration, Mask, Model, PromptParts, Volume } from "#protocol/types.ts";
import type { FakePlane } from "./fake-segmentation.ts";

export interface Prompted { readonly cut: Cut; readonly parts: PromptParts }
export interface State { readonly prompts: Map<string, Prompted & { objectId: number }>; readonly masks: Map<string, Mask>; readonly kind: string }
export interface Session { readonly id: string; readonly volume: FakeVolume; readonly states: State[]; at: number; seq: number }
export interface FakeVolume { readonly id: string; readonly declared: Declaration; readonly planes: Map<string, FakePlane>; readonly waiting: Map<string, () => void> }

export const models: Model[] = [
  { id: "fake-tiny", family: "sam2", licence: "none", installed: true, sizeBytes: 0, integrity: "verified" },
  { id: "fake-absent", family: "sam2", licence: "none", installed: false, sizeBytes: 0, integrity: "missing" },
];

/** @throws model_unknown */
export function modelOf(asked: string | undefined): string {
  if (asked === undefined || asked === "auto") return "fake";
  if (!models.some((model) => model.id === asked)) throw MaskletError.of("model_unknown", { model: asked, known: models.map((model) => model.id).join(", ") });
  return asked;
}

export function now(session: Session): State {
  return session.states[session.at]!;
}

/** A new state to be filled in, as one edit. */
export function next(session: Session, kind: string): State {
  const state = { prompts: new Map(now(session).prompts), masks: new Map(now(session).masks), kind };
  session.states.splice(++session.at, Infinity, state);
  session.seq++;
  return state;
}

/** What is told of a volume over HTTP; undefined while its declaration is not whole. */
export function describeVolume(volume: FakeVolume | undefined): Volume | undefined {
  const { name, shape, dtype, spacing } = volume?.declared ?? {};
  return volume === undefined || name === undefined || shape === undefined || dtype === undefined ? undefined : { volumeId: volume.id, name, shape, dtype, ...(spacing === undefined ? {} : { spacing }) };
}

export function describe(session: Session): { sessionId: string; volumeId: string; seq: number; objects: { objectId: number; seq: number; prompts: Cut[]; masks: number }[] } {
  const { prompts, masks } = now(session);
  const ids = [...new Set([...prompts.values()].map((prompt) => prompt.objectId))];
  const objects = ids.map((objectId) => ({
    objectId, seq: session.seq,
    prompts: [...prompts.values()].filter((prompt) => prompt.objectId === objectId).map((prompt) => prompt.cut),
    masks: [...masks.values()].filter((mask) => mask.objectId === objectId).length,
  }));
  return { sessionId: session.id, volumeId: session.volume.id, seq: session.seq, objects };
}

export function promptsOf(session: Session): unknown {
  const objects = [...now(session).prompts.values()].map(({ objectId, cut, parts }) => ({
    id: objectId, axis: cut.axis, t: cut.t ?? 0, c: cut.c ?? 0, prompts: [{ z: cut.index, box: parts.box, points: parts.points, polygon: parts.polygon }],
  }));
  return { objects };
}

export function threshold(session: Session): number {
  const [low, high] = session.volume.declared.displayRange ?? [0, 255];
  return (low + high) / 2;
}
