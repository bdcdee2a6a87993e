// /v1/jobs: operations as jobs, and their events as they happen.
import { pipeline } from "node:stream/promises";
import { Router } from "express";
import type { Request, Response } from "express";
import { MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import { bytesFromJson, bytesToJson } from "#protocol/message.ts";
import { validate } from "#protocol/schema.ts";
import type { JobRequest, SchemaName } from "#protocol/types.ts";
import type { JobEvent, JobQueue } from "#server/jobs/queue.ts";
import { keptFile } from "#server/operations.ts";
import type { OperationContext, Operations } from "#server/operations.ts";
import { paramsOf } from "../params-of.ts";
import { bodyAs, jsonBody, pathId } from "./body.ts";
import { httpAuthor } from "./caller.ts";

/** A silent stream is cut by proxies; a comment now and then is not an event. */
const heartbeatMs = 15_000;

export function jobRoutes(operations: Operations, jobs: JobQueue): Router {
  const router = Router();
  router.post("/v1/jobs", jsonBody(), async (request, response) => {
    const asked = bodyAs("JobRequest", request);
    const work = workOf(operations, asked);
    const volumes = await volumesOf(operations, asked);
    response.status(202).json(jobs.submit(asked.operation, async (context) => {
      // Whoever holds the pixels reads `planesNeeded` of the volume, so there is nobody to tell.
      const leaving: (() => Promise<void>)[] = [];
      try {
        if (asked.supply === true) for (const volumeId of volumes) leaving.push(await operations.supply(volumeId, () => undefined));
        return await work({ ...context, author: httpAuthor });
      } finally {
        for (const leave of leaving) await leave();
      }
    }, asked.sessionId));
  });
  router.get("/v1/jobs/:id", (request, response) => void response.json(jobs.get(pathId(request, "job"))));
  router.delete("/v1/jobs/:id", (request, response) => void response.status(202).json(jobs.cancel(pathId(request, "job"))));
  router.get("/v1/jobs/:id/files/:name", (request, response) => sendFile(jobs, request, response));
  router.get("/v1/jobs/:id/events", (request, response) => sendEvents(jobs, pathId(request, "job"), response));
  return router;
}

/** @throws request_invalid */
function workOf(operations: Operations, { operation, sessionId, params = {} }: JobRequest): (context: OperationContext) => Promise<object> {
  for (const name of ["t", "id", "sessionId"]) {
    if (Object.hasOwn(params, name)) throw MaskletError.of("request_invalid", { what: "JobRequest", at: `/params/${name}`, why: "it belongs to live messages only" });
  }
  const checked = <N extends SchemaName>(name: N) => validate(name, bytesFromJson(name, { ...params, t: operation, id: 1, ...(sessionId === undefined ? {} : { sessionId }) }));
  if (sessionId === undefined && !needsNoSession(operation)) throw MaskletError.of("request_invalid", { what: "JobRequest", at: "/sessionId", why: `${operation} needs one` });
  switch (operation) {
    case "prompt.set": { const given = paramsOf(checked("PromptSet")); return (context) => operations["prompt.set"](given, context); }
    case "prompt.remove": { const given = paramsOf(checked("PromptRemove")); return (context) => operations["prompt.remove"](given, context); }
    case "object.remove": { const given = paramsOf(checked("ObjectRemove")); return (context) => operations["object.remove"](given, context); }
    case "undo": { const given = paramsOf(checked("Undo")); return (context) => operations.undo(given, context); }
    case "redo": { const given = paramsOf(checked("Redo")); return (context) => operations.redo(given, context); }
    case "propagate": { const given = paramsOf(checked("Propagate")); return (context) => operations.propagate(given, context); }
    case "automask": { const given = paramsOf(checked("Automask")); return (context) => operations.automask(given, context); }
    case "automask.stack": { const given = paramsOf(checked("AutomaskStack")); return (context) => operations["automask.stack"](given, context); }
    case "combine": { const given = paramsOf(checked("Combine")); return (context) => operations.combine(given, context); }
    case "split": { const given = paramsOf(checked("Split")); return (context) => operations.split(given, context); }
    case "classical.run": {
      const given = paramsOf(checked("ClassicalRun"));
      if (given.preview !== undefined) throw MaskletError.of("request_invalid", { what: "JobRequest", at: "/params/preview", why: "a preview belongs to live messages only" });
      return (context) => operations["classical.run"](given, context);
    }
    case "measure": { const given = paramsOf(checked("Measure")); return (context) => operations.measure(given, context); }
    case "evaluate": { const given = paramsOf(checked("Evaluate")); return (context) => operations.evaluate(given, context); }
  }
}

/** What a job will read. @throws not_found */
async function volumesOf(operations: Operations, { operation, sessionId, params = {} }: JobRequest): Promise<string[]> {
  const named = needsNoSession(operation) ? ["labels", "image", "truth", "prediction"].map((name) => params[name]).filter((volumeId) => typeof volumeId === "string") : [];
  for (const volumeId of named) await operations["volume.get"](volumeId);
  return sessionId === undefined ? named : [(await operations["session.get"](sessionId)).volumeId, ...named];
}

function needsNoSession(operation: JobRequest["operation"]): boolean {
  return operation === "measure" || operation === "evaluate";
}

async function sendFile(jobs: JobQueue, request: Request, response: Response): Promise<void> {
  const name = String(request.params["name"]);
  const file = await keptFile(jobs.folderOf(pathId(request, "job")), name);
  response.setHeader("Content-Type", file.mediaType);
  response.setHeader("Content-Length", file.sizeBytes);
  response.setHeader("Content-Disposition", `${name.endsWith(".html") ? "inline" : "attachment"}; filename="${name}"`);
  await pipeline(file.stream(), response);
}

/** The progress of this moment first, then what happens, last the end. */
function sendEvents(jobs: JobQueue, id: string, response: Response): void {
  jobs.get(id);
  response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
  const beat = setInterval(() => response.write(":\n\n"), heartbeatMs).unref();
  const heard: { stop: () => void } = { stop: () => undefined };
  response.once("close", () => {
    clearInterval(beat);
    heard.stop();
  });
  heard.stop = jobs.subscribe(id, (event: JobEvent) => {
    response.write(`event: ${event.event}\ndata: ${JSON.stringify(event.data, bytesToJson)}\n\n`);
    if (event.event === "end") response.end();
    // A reader that stands still must not fill the memory, nor stop the job for the others. What it missed is in the session.
    else if (response.writableLength > limits.maxUnsentBytes) response.destroy();
  });
}
