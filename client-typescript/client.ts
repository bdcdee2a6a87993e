// The typed client of the HTTP interface: `import { connect } from "masklet/client"`.
import { MaskletError } from "#protocol/errors.ts";
import type { Declaration, Health, Model, Overlap, Plane, PromptsFile, Schema, Session, ViewSettings, Volume, Watch } from "#protocol/types.ts";
import { textToBytes } from "./bytes.ts";
import { createCall, reach, type Call, type ServerAddress } from "./call.ts";
import { followJob } from "./follow-job.ts";
import type { JobEvent, JobOf, JobOrder, Operation, Result } from "./operation.ts";

export { MaskletError } from "#protocol/errors.ts";
export type { ErrorCode } from "#protocol/errors.ts";
export type * from "#protocol/types.ts";
export type { Call, ServerAddress } from "./call.ts";
export type * from "./operation.ts";

/** The last argument of `run`. */
export interface RunWatch extends Watch {
  readonly onMask?: ((mask: Schema<"Mask">) => void) | undefined;
  /** The job, when it is accepted: by its id the files of its result can be had. */
  readonly onJob?: ((job: { readonly id: string }) => void) | undefined;
}

/** How a session is measured. */
export interface MeasuredHow {
  readonly overlap?: Overlap | undefined;
  /** Whether grey values are measured; default where the server has all of them. */
  readonly intensity?: boolean | undefined;
}

export interface MaskletClient {
  /** Any route of openapi.yaml, typed by it. */
  readonly call: Call;
  health(): Promise<Health>;
  models(): Promise<Model[]>;
  recipes(): Promise<Schema<"RecipeList">>;

  /** @param tiff the file's bytes; a Blob of `fs.openAsBlob` is read while it is sent */
  upload(tiff: Uint8Array<ArrayBuffer> | Blob, name: string): Promise<Volume>;
  /** A TIFF or OME-Zarr under a folder that the server was given as --root. */
  openPath(path: string): Promise<Volume>;
  /** A volume whose planes will be put. */
  declare(volume: Declaration): Promise<Volume>;
  /** Raw little-endian pixels, rows from the top. */
  putPlane(volumeId: string, plane: Plane, pixels: Uint8Array<ArrayBuffer>): Promise<void>;

  openSession(volumeId: string, view?: ViewSettings): Promise<Session>;
  session(sessionId: string): Promise<Session>;
  /** Newest first. */
  sessions(): Promise<Session[]>;
  prompts(sessionId: string): Promise<PromptsFile>;
  /** Replaces the prompts of every object named; no mask is computed yet. */
  setPrompts(sessionId: string, prompts: PromptsFile): Promise<Session>;

  start<O extends Operation>(order: JobOrder<O>): Promise<JobOf<O>>;
  job<O extends Operation>(job: { readonly id: string; readonly operation?: O }): Promise<JobOf<O>>;
  /** What happens from now on, last the end, whatever it is; see `followJob`. */
  events<O extends Operation>(job: { readonly id: string; readonly operation?: O }, signal?: AbortSignal): AsyncGenerator<JobEvent<O>>;
  /** What arrived is kept. */
  cancel(job: { readonly id: string }): Promise<void>;
  /** Starts, follows to the end, and gives the result. The signal cancels the job. @throws what the job failed with, cancelled */
  run<O extends Operation>(order: JobOrder<O>, watch?: RunWatch): Promise<Result<O>>;

  /** ImageJ TIFF; the voxel value is the object's id. */
  labels(sessionId: string, overlap?: Overlap): Promise<Uint8Array<ArrayBuffer>>;
  /** ImageJ's RoiSet.zip. */
  rois(sessionId: string): Promise<Uint8Array<ArrayBuffer>>;
  /** A FeatureCollection as text, as QuPath reads it. */
  geojson(sessionId: string): Promise<string>;
  /** CSV, one row per object and frame. With an overlap rule, of the label image that it makes. */
  measurements(sessionId: string, how?: MeasuredHow): Promise<string>;
  /** What was measured, as one HTML page. */
  report(sessionId: string, how?: MeasuredHow): Promise<string>;
  /** A file that the result of `measure` or `evaluate` names. */
  jobFile(job: { readonly id: string }, name: string): Promise<Uint8Array<ArrayBuffer>>;
}

/**
 * Nothing is sent yet. Every method throws a MaskletError: the server's own, or `server_unreachable`.
 * @throws server_unreachable when the url is no address
 */
export function connect(address: ServerAddress = {}): MaskletClient {
  const call = createCall(address);
  const { json } = call;
  const text = async (response: Response): Promise<string> => reach(response.url, undefined, () => response.text());
  const bytes = async (response: Response): Promise<Uint8Array<ArrayBuffer>> => new Uint8Array(await reach(response.url, undefined, () => response.arrayBuffer()));

  const start = async <O extends Operation>(order: JobOrder<O>): Promise<JobOf<O>> => {
    const { result: _none, ...job } = await json("post", "/v1/jobs", { body: { ...order, params: { ...order.params } } });
    return { ...job, operation: order.operation };
  };
  const cancel = async ({ id }: { readonly id: string }): Promise<void> => {
    await json("delete", "/v1/jobs/{jobId}", { params: { jobId: id } });
  };
  const run = async <O extends Operation>(order: JobOrder<O>, { signal, onProgress, onMask, onJob }: RunWatch = {}): Promise<Result<O>> => {
    if (signal?.aborted) throw MaskletError.of("cancelled", {});
    const job = await start(order);
    onJob?.(job);
    // The events tell of the end, a cancelled one too; a server that cannot be told is one that cannot be heard.
    const stop = (): void => void cancel(job).catch((thrown: unknown) => thrown);
    signal?.addEventListener("abort", stop);
    if (signal?.aborted) stop();
    try {
      for await (const { event, data } of followJob<O>(call, job.id)) {
        if (event === "progress") onProgress?.(data);
        else if (event === "mask") onMask?.(data);
        else if (data.result !== undefined && data.state === "done") return data.result;
        else throw data.error === undefined ? MaskletError.of("internal", { why: `the job ended as ${data.state}` }) : MaskletError.fromFault(data.error);
      }
      throw MaskletError.of("internal", { why: "the events ended without an end" });
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  };

  return {
    call, start, cancel, run,
    health: () => json("get", "/v1/health", {}),
    models: () => json("get", "/v1/models", {}),
    recipes: () => json("get", "/v1/recipes", {}),
    upload: async (tiff, name) => JSON.parse(await text(await call.send("post", "/v1/volumes", { query: { name } }, "image/tiff", tiff))),
    openPath: (path) => json("post", "/v1/volumes", { body: { path } }),
    declare: (volume) => json("post", "/v1/volumes", { body: volume }),
    putPlane: async (volumeId, plane, pixels) => {
      await call.send("put", "/v1/volumes/{volumeId}/planes/{t}/{c}/{z}", { params: { volumeId, ...plane } }, "application/octet-stream", pixels);
    },
    openSession: (volumeId, view) => json("post", "/v1/sessions", { body: { volumeId, ...(view === undefined ? {} : { view }) } }),
    session: (sessionId) => json("get", "/v1/sessions/{sessionId}", { params: { sessionId } }),
    sessions: () => json("get", "/v1/sessions", {}),
    prompts: (sessionId) => json("get", "/v1/sessions/{sessionId}/prompts", { params: { sessionId } }),
    setPrompts: (sessionId, prompts) => json("put", "/v1/sessions/{sessionId}/prompts", { params: { sessionId }, body: prompts }),
    job: async <O extends Operation>({ id }: { readonly id: string; readonly operation?: O }): Promise<JobOf<O>> => JSON.parse(await text(await call.raw("/v1/jobs/{jobId}", { params: { jobId: id } })), textToBytes),
    events: ({ id }, signal) => followJob(call, id, signal),
    labels: async (sessionId, overlap) => bytes(await call.raw("/v1/sessions/{sessionId}/labels.tif", { params: { sessionId }, ...(overlap === undefined ? {} : { query: { overlap } }) })),
    rois: async (sessionId) => bytes(await call.raw("/v1/sessions/{sessionId}/rois.zip", { params: { sessionId } })),
    geojson: async (sessionId) => text(await call.raw("/v1/sessions/{sessionId}/objects.geojson", { params: { sessionId } })),
    measurements: async (sessionId, how) => text(await call.raw("/v1/sessions/{sessionId}/measurements.csv", { params: { sessionId }, query: queryOf(how) })),
    report: async (sessionId, how) => text(await call.raw("/v1/sessions/{sessionId}/report.html", { params: { sessionId }, query: queryOf(how) })),
    jobFile: async ({ id }, name) => bytes(await call.raw("/v1/jobs/{jobId}/files/{name}", { params: { jobId: id, name } })),
  };
}

function queryOf({ overlap, intensity }: MeasuredHow = {}): { overlap?: Overlap; intensity?: "true" | "false" } {
  return { ...(overlap === undefined ? {} : { overlap }), ...(intensity === undefined ? {} : { intensity: intensity ? "true" : "false" }) };
}
