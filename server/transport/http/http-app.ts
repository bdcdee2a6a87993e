// The HTTP side as one request listener: who may ask, the routes, and every failure as a problem.
import type { IncomingMessage, ServerResponse } from "node:http";
import express from "express";
import type { ErrorRequestHandler, Express } from "express";
import { asMaskletError, MaskletError } from "#protocol/errors.ts";
import { bytesToJson } from "#protocol/message.ts";
import type { JobQueue } from "#server/jobs/queue.ts";
import type { Operations } from "#server/operations.ts";
import type { Gate } from "../gate.ts";
import { documentRoutes } from "./document-routes.ts";
import { jobRoutes } from "./job-routes.ts";
import { sendProblem } from "./problem.ts";
import { sessionRoutes } from "./session-routes.ts";
import { volumeRoutes } from "./volume-routes.ts";

export interface HttpParts {
  readonly operations: Operations;
  readonly jobs: JobQueue;
  readonly gate: Gate;
  /** Answers what is under /sam in its own way, and passes on the rest. */
  readonly samapi: { handle(request: IncomingMessage, response: ServerResponse, next: () => void): void };
  /** Faults of ours, for the log; what a caller did wrong is only told to the caller. */
  readonly onFault: (error: MaskletError) => void;
}

export function createHttpApp({ operations, jobs, samapi, gate, onFault }: HttpParts): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.set("json replacer", bytesToJson);
  app.set("query parser", "simple");
  app.use((request, response, next) => {
    gate.checkPlace(request.headers);
    response.setHeader("X-Content-Type-Options", "nosniff");
    next();
  });
  // The contract holds nothing of anybody's work, and a browser cannot send a token to read it.
  app.use(documentRoutes());
  app.use((request, _response, next) => {
    gate.checkToken(request.headers);
    next();
  });
  app.use((request, response, next) => samapi.handle(request, response, next));
  app.use(volumeRoutes(operations), sessionRoutes(operations), jobRoutes(operations, jobs));
  app.use((request) => {
    throw MaskletError.of("route_unknown", { method: request.method, path: request.path });
  });
  // Express knows an error handler by its four parameters.
  const onError: ErrorRequestHandler = (thrown: unknown, _request, response, _next) => {
    const error = asMaskletError(thrown);
    if (error.status >= 500 && !(thrown instanceof Error && "status" in thrown && !(thrown instanceof MaskletError))) onFault(error);
    sendProblem(response, thrown);
  };
  app.use(onError);
  return app;
}
