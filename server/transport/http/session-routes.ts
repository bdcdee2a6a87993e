// /v1/sessions: making and listing them, their prompts, and the files of their results.
import { pipeline } from "node:stream/promises";
import { Router } from "express";
import type { Request, Response } from "express";
import { MaskletError } from "#protocol/errors.ts";
import { validate } from "#protocol/schema.ts";
import { promptsFromFile } from "#server/operations.ts";
import type { FileKind, Operations } from "#server/operations.ts";
import { bodyAs, jsonBody, pathId } from "./body.ts";
import { callerOf } from "./caller.ts";

export function sessionRoutes(operations: Operations): Router {
  const router = Router();
  router.get("/v1/sessions", async (_request, response) => void response.json(await operations["session.list"]()));
  router.post("/v1/sessions", jsonBody(), async (request, response) => {
    const { volumeId, view } = bodyAs("SessionRequest", request);
    response.status(201).json(await operations["session.create"](volumeId, view));
  });
  router.get("/v1/sessions/:id", async (request, response) => void response.json(await operations["session.get"](pathId(request, "session"))));
  router.get("/v1/sessions/:id/prompts", async (request, response) => void response.json(await operations["prompts.get"](pathId(request, "session"))));
  router.put("/v1/sessions/:id/prompts", jsonBody(), async (request, response) => {
    const sessionId = pathId(request, "session");
    const objects = promptsFromFile(bodyAs("PromptsFile", request));
    await operations["prompts.put"]({ sessionId, objects }, callerOf(response));
    response.json(await operations["session.get"](sessionId));
  });
  const files: readonly (readonly [string, FileKind])[] = [["labels.tif", "labels"], ["rois.zip", "rois"], ["objects.geojson", "geojson"], ["measurements.csv", "measurements"], ["report.html", "report"]];
  for (const [name, as] of files) {
    router.get(`/v1/sessions/:id/${name}`, (request, response) => sendFile(operations, request, response, name, as));
  }
  return router;
}

/** @throws request_invalid */
function flagOf(text: unknown, name: string): boolean | undefined {
  if (text === undefined || text === "true" || text === "false") return text === undefined ? undefined : text === "true";
  throw MaskletError.of("request_invalid", { what: "query", at: `/${name}`, why: "it must be true or false" });
}

async function sendFile(operations: Operations, request: Request, response: Response, name: string, as: FileKind): Promise<void> {
  const { overlap, intensity } = request.query;
  const settled = overlap === undefined ? undefined : validate("Overlap", overlap);
  const sessionId = pathId(request, "session");
  const file = await operations["result.file"]({ sessionId, as, overlap: settled, intensity: flagOf(intensity, "intensity") }, callerOf(response));
  try {
    response.setHeader("Content-Type", file.mediaType);
    response.setHeader("Content-Length", file.sizeBytes);
    // A page is for looking at.
    response.setHeader("Content-Disposition", `${as === "report" ? "inline" : "attachment"}; filename="${name}"`);
    const stream = file.stream();
    if (stream === undefined) response.end(await file.read());
    else await pipeline(stream, response);
  } finally {
    await file.done();
  }
}
