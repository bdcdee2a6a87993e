// Every operation, named once. The command line calls them in its own process, the transports on behalf of clients.
import { MaskletError } from "#protocol/errors.ts";
import { protocolVersion } from "#protocol/message.ts";
import type { Health, Mask, Model, Plane, PromptsFile, Schema, Session, Shape, ViewSettings, Volume } from "#protocol/types.ts";
import { createTurns } from "./jobs/turns.ts";
import { createAhead } from "./operations/ahead.ts";
import { automask } from "./operations/automask.ts";
import { automaskStack } from "./operations/automask-stack.ts";
import { runClassical } from "./operations/classical.ts";
import { combine } from "./operations/combine.ts";
import type { Domains, OperationContext, Supplier } from "./operations/contract.ts";
import { evaluate } from "./operations/evaluate.ts";
import { measure } from "./operations/measure.ts";
import { moveOver, removeObject, removePrompt, setPrompt } from "./operations/prompt-edits.ts";
import type { EditResult, Params } from "./operations/prompt-edits.ts";
import { propagate } from "./operations/propagate.ts";
import { promptsFromMessage, putPrompts } from "./operations/prompts-put.ts";
import type { PutParams } from "./operations/prompts-put.ts";
import { keptFile } from "./operations/result-files.ts";
import { getLabels, resultFile } from "./operations/results.ts";
import type { FileKind, FileParams, ResultFile } from "./operations/results.ts";
import { createScratch } from "./operations/scratch.ts";
import { split } from "./operations/split.ts";
import { createSuppliers } from "./operations/suppliers.ts";
import { promptsFromFile, promptsToFile } from "./sessions/prompts-file.ts";
import type { Author, PromptedObject } from "./sessions/record.ts";
import type { SessionEvent } from "./sessions/session.ts";

export type { Author, Domains, EditResult, FileKind, FileParams, OperationContext, Params, PromptedObject, ResultFile, SessionEvent, Supplier };
export { keptFile, promptsFromFile, promptsFromMessage };

/** Names and parameters are those of the live messages and of the HTTP routes. */
export interface Operations {
  health(): Health;
  "models.list"(): Promise<Model[]>;
  /** Work on pixels that no session keeps: it is given what looks at them, and encoding ahead gives way to it. */
  unkept<T>(work: (tools: Pick<Domains, "segmenter" | "models">) => Promise<T>): Promise<T>;
  "volume.create"(request: Schema<"VolumeRequest">, context: OperationContext): Promise<Volume>;
  "volume.upload"(name: string, body: AsyncIterable<Uint8Array>, context: OperationContext): Promise<Volume>;
  "volume.get"(volumeId: string): Promise<Volume>;
  /** Opens or resumes a session: of an existing one, of a file, or of a declared volume (the newest one of equal identity). */
  "volume.open"(params: Params<"VolumeOpen">, context: OperationContext): Promise<Schema<"VolumeOpenResult">>;
  /** @param asked true for answers to `need`, which must have been needed */
  "plane.put"(volumeId: string, plane: Plane, data: Uint8Array, asked: boolean): Promise<void>;
  "session.create"(volumeId: string, settings: ViewSettings | undefined): Promise<Session>;
  "session.list"(): Promise<readonly Session[]>;
  "session.get"(sessionId: string): Promise<Session>;
  "prompts.get"(sessionId: string): Promise<PromptsFile>;
  "prompts.put"(params: PutParams, context: OperationContext): Promise<EditResult>;
  "prompt.set"(params: Params<"PromptSet">, context: OperationContext): Promise<EditResult>;
  "prompt.remove"(params: Params<"PromptRemove">, context: OperationContext): Promise<EditResult>;
  "object.remove"(params: Params<"ObjectRemove">, context: OperationContext): Promise<EditResult>;
  undo(params: Params<"Undo">, context: OperationContext): Promise<EditResult>;
  redo(params: Params<"Redo">, context: OperationContext): Promise<EditResult>;
  propagate(params: Params<"Propagate">, context: OperationContext): Promise<Schema<"PropagateResult">>;
  automask(params: Params<"Automask">, context: OperationContext): Promise<Schema<"ObjectsResult">>;
  "automask.stack"(params: Params<"AutomaskStack">, context: OperationContext): Promise<Schema<"ObjectsResult">>;
  combine(params: Params<"Combine">, context: OperationContext): Promise<Schema<"ObjectsResult">>;
  split(params: Params<"Split">, context: OperationContext): Promise<Schema<"ObjectsResult">>;
  "classical.run"(params: Params<"ClassicalRun">, context: OperationContext): Promise<Schema<"ClassicalResult">>;
  "recipes.list"(): Promise<Schema<"RecipeList">>;
  measure(params: Params<"Measure">, context: OperationContext): Promise<Schema<"MeasureResult">>;
  evaluate(params: Params<"Evaluate">, context: OperationContext): Promise<Schema<"EvaluateResult">>;
  "labels.get"(params: Params<"LabelsGet">, context: OperationContext): Promise<Schema<"LabelsResult">>;
  /** One file of results, read or streamed; the caller says when it is `done` with it. */
  "result.file"(params: FileParams, context: OperationContext): Promise<ResultFile>;
  /** The mask with the member a client asked for in `hello`; empty masks stay as they are. */
  "mask.as"(mask: Mask, form: "roi" | "geojson", of: { readonly sessionId: string; readonly shape: Shape }): Mask;
  /** Hears of every edit of the session from now on. @returns a function that stops listening */
  watchSession(sessionId: string, listener: (event: SessionEvent) => void): Promise<() => void>;
  /** Offers the pixels of a volume; the last to offer is asked. @returns a function that takes the offer back */
  supply(volumeId: string, supplier: Supplier): Promise<() => Promise<void>>;
}

export function createOperations(domains: Domains): Operations {
  const { sessions, volumes, models } = domains;
  const turns = createTurns();
  const ahead = createAhead();
  const suppliers = createSuppliers(volumes);
  const scratch = createScratch(domains.scratch, "classical-");
  const results = createScratch(domains.scratch, "result-");
  return {
    health: () => ({ name: "masklet", version: domains.version, protocol: protocolVersion, model: models.state() }),
    "models.list": () => models.list(),
    unkept: (work) => ahead.giveWay(() => work(domains)),
    "volume.create": (request, context) => "path" in request ? volumes.openPath(request.path, context) : volumes.declare(request),
    "volume.upload": (name, body, context) => volumes.upload(name, body, context),
    "volume.get": (volumeId) => volumes.describe(volumeId),
    "volume.open": (params, context) => openVolume(domains, params, context),
    "plane.put": (volumeId, plane, data, asked) => volumes.putPlane(volumeId, plane, data, asked),
    "session.create": async (volumeId, settings) => {
      checkView(settings);
      await volumes.describe(volumeId);
      return (await sessions.create(volumeId, settings)).summary();
    },
    "session.list": () => sessions.list(),
    "session.get": async (sessionId) => (await sessions.open(sessionId)).summary(),
    "prompts.get": async (sessionId) => promptsToFile((await sessions.open(sessionId)).state()),
    "prompts.put": (params, context) => params.segment === true ? ahead.giveWay(() => putPrompts(domains, turns, params, context)) : putPrompts(domains, turns, params, context),
    "prompt.set": (params, context) => ahead.giveWay(() => setPrompt(domains, turns, ahead, params, context)),
    "prompt.remove": (params, context) => removePrompt(domains, turns, params, context),
    "object.remove": (params, context) => removeObject(domains, turns, params, context),
    undo: (params, context) => moveOver(domains, turns, "undo", params, context),
    redo: (params, context) => moveOver(domains, turns, "redo", params, context),
    propagate: (params, context) => ahead.giveWay(() => propagate(domains, turns, params, context)),
    automask: (params, context) => ahead.giveWay(() => automask(domains, turns, params, context)),
    "automask.stack": (params, context) => ahead.giveWay(() => automaskStack(domains, turns, params, context)),
    combine: (params, context) => combine(domains, turns, params, context),
    split: (params, context) => split(domains, turns, params, context),
    "classical.run": (params, context) => runClassical(domains, turns, scratch, params, context),
    "recipes.list": async () => ({ recipes: await domains.classical.list() }),
    measure: (params, context) => measure(domains, results, params, context),
    evaluate: (params, context) => evaluate(domains, results, params, context),
    "labels.get": (params, context) => getLabels(domains, results, params, context),
    "result.file": (params, context) => resultFile(domains, results, params, context),
    "mask.as": (mask, form, { sessionId, shape }) => {
      if (form === "geojson") {
        const geojson = domains.exporter.feature(mask, sessionId);
        return geojson === undefined ? mask : { ...mask, geojson };
      }
      const roi = domains.exporter.roi(mask, shape);
      return roi === undefined ? mask : { ...mask, roi };
    },
    watchSession: async (sessionId, listener) => (await sessions.open(sessionId)).subscribe(listener),
    supply: (volumeId, supplier) => suppliers.add(volumeId, supplier),
  };
}

async function openVolume({ sessions, volumes }: Domains, params: Params<"VolumeOpen">, context: OperationContext): Promise<Schema<"VolumeOpenResult">> {
  const invalid = (why: string): MaskletError => MaskletError.of("request_invalid", { what: "VolumeOpen", at: "", why });
  checkView(params.view);
  if (params.volume !== undefined && params.path !== undefined) throw invalid("give a declaration or a path, not both");
  const asked = params.volume !== undefined ? await volumes.declare(params.volume) : params.path !== undefined ? await volumes.openPath(params.path, context) : undefined;
  if (params.sessionId !== undefined) {
    const session = await sessions.open(params.sessionId);
    const { volumeId } = session.description;
    if (asked !== undefined && asked.volumeId !== volumeId) throw invalid(`session ${params.sessionId} is of another volume`);
    return { volume: asked ?? (await volumes.describe(volumeId)), session: session.summary(), resumed: true };
  }
  if (asked === undefined) throw invalid("it names no volume, path or session");
  const newest = await sessions.newestOf(asked.volumeId);
  const session = newest ?? (await sessions.create(asked.volumeId, params.view));
  return { volume: asked, session: session.summary(), resumed: newest !== undefined };
}

/** A range that is asked for is kept for good, so an empty one is refused; one an image merely happens to have is passed over later. */
function checkView(view: ViewSettings | undefined): void {
  const range = view?.range;
  if (range !== undefined && !(range[0] < range[1])) throw MaskletError.of("request_invalid", { what: "ViewSettings", at: "/range", why: "its first number must be less than its second" });
}
