// /v1/health, /v1/models, /v1/recipes, /v1/volumes and the planes put into them.
import { Router } from "express";
import { MaskletError } from "#protocol/errors.ts";
import { limits } from "#protocol/limits.ts";
import type { Volume } from "#protocol/types.ts";
import type { Operations } from "#server/operations.ts";
import { bodyAs, jsonBody, pathId, pathIndex, pieces } from "./body.ts";
import { callerOf } from "./caller.ts";

export function volumeRoutes(operations: Operations): Router {
  const router = Router();
  router.get("/v1/health", (_request, response) => void response.json(operations.health()));
  router.get("/v1/models", async (_request, response) => void response.json(await operations["models.list"]()));
  router.get("/v1/recipes", async (_request, response) => void response.json(await operations["recipes.list"]()));
  router.post("/v1/volumes", jsonBody(), async (request, response) => {
    const caller = callerOf(response);
    if (request.is("image/tiff") === false) {
      response.status(201).json(await operations["volume.create"](bodyAs("VolumeRequest", request), caller));
      return;
    }
    const { name } = request.query;
    if (name !== undefined && (typeof name !== "string" || name.length > 255)) {
      throw MaskletError.of("request_invalid", { what: "query", at: "/name", why: "it must be one text of at most 255 characters" });
    }
    const body = pieces(request, "TIFF", limits.maxUploadBytes, "maxUploadBytes");
    response.status(201).json(await operations["volume.upload"](name ?? "upload.tif", body, caller));
  });
  router.get("/v1/volumes/:id", async (request, response) => void response.json(await operations["volume.get"](pathId(request, "volume"))));
  router.put("/v1/volumes/:id/planes/:t/:c/:z", async (request, response) => {
    const volume = await operations["volume.get"](pathId(request, "volume"));
    const plane = { t: pathIndex(request, "t"), c: pathIndex(request, "c"), z: pathIndex(request, "z") };
    const name = `t=${plane.t} c=${plane.c} z=${plane.z}`;
    const needBytes = planeBytes(volume);
    const haveBytes = Number(request.headers["content-length"] ?? needBytes);
    if (haveBytes !== needBytes) throw MaskletError.of("pixels_size", { plane: name, needBytes, haveBytes });
    const data = new Uint8Array(needBytes);
    let filled = 0;
    for await (const piece of pieces(request, "plane", needBytes, "maxPlaneBytes")) {
      data.set(piece, filled);
      filled += piece.length;
    }
    if (filled !== needBytes) throw MaskletError.of("pixels_size", { plane: name, needBytes, haveBytes: filled });
    await operations["plane.put"](volume.volumeId, plane, data, false);
    response.status(204).end();
  });
  return router;
}

function planeBytes({ shape, dtype }: Volume): number {
  return shape.y * shape.x * (dtype === "uint8" ? 1 : dtype === "uint16" ? 2 : 4);
}
