// /openapi.json and /docs: the contract, for programs and for people. Nothing is loaded from elsewhere.
import { createRequire } from "node:module";
import { Router } from "express";
import { MaskletError } from "#protocol/errors.ts";
import { openapiDocument } from "#protocol/schema.ts";

const page = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Masklet: HTTP routes and live messages</title><script type="module" src="/docs/rapidoc-min.js"></script></head>
<body><rapi-doc spec-url="/openapi.json" render-style="read" schema-style="table" show-header="false" load-fonts="false" allow-authentication="true" allow-server-selection="false"></rapi-doc></body>
</html>
`;
const onlyOwn = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

export function documentRoutes(): Router {
  const router = Router();
  router.get("/openapi.json", (_request, response) => void response.json(openapiDocument()));
  router.get("/docs", (_request, response) => {
    response.setHeader("Content-Security-Policy", onlyOwn);
    response.type("html").send(page);
  });
  router.get("/docs/rapidoc-min.js", (_request, response, next) => {
    response.sendFile(rapidocFile(), { dotfiles: "allow" }, (error) => { if (error) next(error); });
  });
  return router;
}

/** @throws tool_missing */
function rapidocFile(): string {
  try {
    return createRequire(import.meta.url).resolve("rapidoc/dist/rapidoc-min.js");
  } catch (error) {
    throw MaskletError.of("tool_missing", { tool: "rapidoc", install: "npm install" }, error);
  }
}
