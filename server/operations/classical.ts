// classical.run: what a recipe finds in a volume, as objects. One edit, made when all of it is found; a preview is none.
import { MaskletError, throwIfCancelled } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Mask, Schema } from "#protocol/types.ts";
import type { Turns } from "#server/jobs/turns.ts";
import type { Box3, ClassicalRequest, ClassicalRun, Recipe } from "#server/classical/contract.ts";
import { drawnObjects } from "#server/segmentation/drawn-objects.ts";
import { regionOf, regionReader } from "#server/segmentation/region-reader.ts";
import type { SessionState } from "#server/sessions/fold.ts";
import type { OpenSession } from "#server/sessions/session.ts";
import { checkUntouched } from "./check-untouched.ts";
import { classicalChange, masksIn } from "./classical-change.ts";
import type { ChangeOrder, FoundObject } from "./classical-change.ts";
import { previewRecipe } from "./classical-preview.ts";
import type { Domains, OperationContext } from "./contract.ts";
import { foundMasks, nothingFound } from "./found-objects.ts";
import { editsOf } from "./prompt-edits.ts";
import type { Params } from "./prompt-edits.ts";
import type { Scratch } from "./scratch.ts";

type Result = Schema<"ClassicalResult">;

/**
 * @throws recipe_invalid, range_invalid, plane_off_volume, object_unknown, request_invalid, conflict, labels_too_many, too_large, disk_full,
 * cancelled (then nothing is changed), and what reading throws
 */
export async function runClassical(domains: Domains, turns: Turns, scratch: Scratch, params: Params<"ClassicalRun">, context: OperationContext): Promise<Result> {
  const session = await domains.sessions.open(params.sessionId);
  const recipe = await domains.classical.complete(params.recipe ?? "fds", params.set ?? {});
  // A preview edits nothing, so it waits for nobody.
  if (params.preview !== undefined) return preview(domains, scratch, session, recipe, params, context);
  // Runs of a session follow each other; this one makes its edit, and holds others up, only at its end.
  return turns.run(`run ${params.sessionId}`, context.signal, () => segment(domains, turns, scratch, session, recipe, params, context));
}

async function segment(domains: Domains, turns: Turns, scratch: Scratch, session: OpenSession, recipe: Recipe, params: Params<"ClassicalRun">, context: OperationContext): Promise<Result> {
  const edits = editsOf(params.sessionId);
  const { request, order, baseSeq } = await turns.run(edits, context.signal, () => prepare(domains, session, recipe, params));
  return scratch.use(async (folder) => {
    const run = await domains.classical.run({ ...request, scratch: folder }, context);
    try {
      const found = await foundObjects(run, order, context.signal);
      const { made, told } = await turns.run(edits, context.signal, async () => {
        throwIfCancelled(context.signal);
        const state = session.state();
        checkUntouched(state, [...order.within, ...order.seeds], baseSeq);
        const { change, objects, warnings } = classicalChange(state, found, order);
        const seq = change === undefined ? state.seq : await session.edit(change, context.author);
        return { made: change?.masks ?? [], told: { seq, objects: [...objects], warnings } };
      });
      for (const mask of made) await context.onMask?.(mask);
      return resultOf(run, recipe, told.seq, told.objects, [...(found.length === 0 ? [nothingFound(run.steps)] : []), ...told.warnings]);
    } finally {
      await run.close();
    }
  });
}

async function preview(domains: Domains, scratch: Scratch, session: OpenSession, recipe: Recipe, params: Params<"ClassicalRun">, context: OperationContext): Promise<Result> {
  const asked = params.preview!;
  const { request, order } = await prepare(domains, session, recipe, params, asked.index);
  return scratch.use(async (folder) => {
    const run = await domains.classical.run({ ...request, until: asked.step, scratch: folder }, context);
    try {
      const { masks, plane } = await previewRecipe(run, { region: order.region, t: order.frame, c: order.c }, asked);
      throwIfCancelled(context.signal);
      for (const mask of masks) await context.onMask?.(mask);
      const warnings = run.kind === "labels" && run.objects.length === 0 ? [nothingFound(run.steps)] : [];
      return { ...resultOf(run, recipe, session.state().seq, masks.map((mask) => mask.objectId), warnings), ...(plane === undefined ? {} : { plane }) };
    } finally {
      await run.close();
    }
  });
}

function resultOf(run: ClassicalRun, { name }: Recipe, seq: number, objects: number[], warnings: readonly string[]): Result {
  const steps = run.steps.map(({ id, step, parameters, found }) => ({ id, step, parameters: { ...parameters }, found: { ...found } }));
  return { seq, objects, recipe: { name, steps }, warnings: [...new Set([...run.warnings, ...warnings])] };
}

interface Prepared {
  readonly request: Omit<ClassicalRequest, "scratch">;
  readonly order: ChangeOrder;
  /** The last edit that the objects named are from. */
  readonly baseSeq: number;
}

/** @param index a preview's slice: the region is then the slab around it */
async function prepare(domains: Domains, session: OpenSession, recipe: Recipe, params: Params<"ClassicalRun">, index?: number): Promise<Prepared> {
  const { volumeId } = session.description;
  const { shape } = await domains.volumes.describe(volumeId);
  const { frame = 0, c = 0, prompts = "box" } = params;
  const within = [...new Set(params.within)];
  const seeds = [...new Set(params.seeds)];
  const whole = regionOf(shape, params);
  const region = index === undefined ? whole : slabOf(whole, index, limits.previewSlices);
  const state = session.state();
  const both = seeds.find((id) => within.includes(id));
  if (both !== undefined) throw MaskletError.of("request_invalid", { what: "ClassicalRun", at: "/seeds", why: `object ${both} is named in /within too` });
  const drawn = (ids: readonly number[], at: string) => drawnObjects(ids.map((id) => masksNamed(state, id, frame, at)), region.start);
  const [allowed, grown] = [drawn(within, "/within"), drawn(seeds, "/seeds")];
  const source = await domains.volumes.get(volumeId);
  return {
    request: {
      reader: regionReader(source, params, region), recipe,
      limits: within.length === 0 ? undefined : allowed.mask,
      seeds: seeds.length === 0 ? undefined : grown.numbers,
    },
    order: { frame, c, region, width: shape.x, height: shape.y, within, seeds, prompts },
    baseSeq: state.seq,
  };
}

/** @throws object_unknown, request_invalid where the object has no mask in the frame */
function masksNamed(state: SessionState, objectId: number, frame: number, at: string): readonly Mask[] {
  if (!state.objects.has(objectId)) throw MaskletError.of("object_unknown", { objectId });
  const masks = masksIn(state, objectId, frame);
  if (!masks.some((mask) => mask.area > 0)) throw MaskletError.of("request_invalid", { what: "ClassicalRun", at, why: `object ${objectId} has no mask in frame ${frame}` });
  return masks;
}

/** At most so many slices around one, moved where the region ends. @throws plane_off_volume */
function slabOf({ start, end }: Box3, index: number, slices: number): Box3 {
  if (index < start[0] || index >= end[0]) throw MaskletError.of("plane_off_volume", { axis: "z", index, size: end[0] });
  const low = Math.max(start[0], Math.min(index - Math.floor(slices / 2), end[0] - slices));
  return { start: [low, start[1], start[2]], end: [Math.min(end[0], low + slices), end[1], end[2]] };
}

async function foundObjects(run: ClassicalRun, { region, frame, c, seeds }: ChangeOrder, signal: AbortSignal | undefined): Promise<FoundObject[]> {
  const masks = await foundMasks(run, { region, t: frame, c }, signal);
  const found = run.objects.map(({ id, seed }): FoundObject => ({ seed: seed === 0 ? undefined : seeds[seed - 1], masks: masks.get(id) ?? [] }));
  return found.filter((object) => object.masks.length > 0);
}
