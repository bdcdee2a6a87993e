// A session made ready for a model: its pixels, its frozen view, the model that will look.
import type { ViewSettings } from "#protocol/types.ts";
import type { FrozenView, Scene } from "#server/segmentation/contract.ts";
import type { SessionView } from "#server/sessions/record.ts";
import type { OpenSession } from "#server/sessions/session.ts";
import type { Domains } from "./contract.ts";

/** @throws model_unknown, model_not_installed, not_found, pixels_missing, pixels_not_finite, cancelled */
export async function sceneOf(domains: Domains, session: OpenSession, wish: { model?: string | undefined; window?: "object" | "plane" | undefined }, signal: AbortSignal | undefined): Promise<Scene> {
  const { segmenter, models, volumes } = domains;
  // First the cheap question: without a model nobody should have to send pixels.
  const model = await models.resolve(wish.model ?? "auto");
  const source = await volumes.get(session.description.volumeId);
  const settings: ViewSettings = session.description.settings;
  const view = session.state().view ?? (await session.freeze(sessionView(await segmenter.freezeView(source, settings, signal))));
  return { source, view, trackers: models.trackers, model, window: wish.window ?? "object" };
}

function sessionView({ range, invert, sigma }: FrozenView): SessionView {
  return { range: [range[0], range[1]], invert, sigma };
}
