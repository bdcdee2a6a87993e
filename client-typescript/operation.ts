// What each operation takes and gives, put together from the live messages: over HTTP they are jobs with the same members.
import type { ClientMessage, Job, JobRequest, Mask, Progress, Schema } from "#protocol/types.ts";

export type Operation = JobRequest["operation"];

type OfTheSocket<O extends Operation> = "t" | "id" | "sessionId" | (O extends "classical.run" ? "preview" : never);
export type Params<O extends Operation> = Omit<Extract<ClientMessage, { t: O }>, OfTheSocket<O>>;

interface Results {
  "prompt.set": Schema<"EditResult">;
  "prompt.remove": Schema<"EditResult">;
  "object.remove": Schema<"EditResult">;
  undo: Schema<"EditResult">;
  redo: Schema<"EditResult">;
  propagate: Schema<"PropagateResult">;
  automask: Schema<"ObjectsResult">;
  "automask.stack": Schema<"ObjectsResult">;
  combine: Schema<"ObjectsResult">;
  split: Schema<"ObjectsResult">;
  "classical.run": Schema<"ClassicalResult">;
  measure: Schema<"MeasureResult">;
  evaluate: Schema<"EvaluateResult">;
}
export type Result<O extends Operation> = Results[O];

/** Operations that can be given volumes in place of a session. */
type WithoutSession = "measure" | "evaluate";

/** A job to be started. `params` may be left out where every one has a default. */
export type JobOrder<O extends Operation> = Omit<JobRequest, "operation" | "params" | "sessionId"> & { readonly operation: O } & (O extends WithoutSession ? { readonly sessionId?: string } : { readonly sessionId: string }) & (object extends Params<O> ? { readonly params?: Params<O> } : { readonly params: Params<O> });

/** A job, and what it gives when it is done. */
export type JobOf<O extends Operation> = Omit<Job, "operation" | "result"> & { operation: O; result?: Result<O> };

export type JobEvent<O extends Operation> =
  | { readonly event: "progress"; readonly data: Progress }
  | { readonly event: "mask"; readonly data: Mask }
  | { readonly event: "end"; readonly data: JobOf<O> };
