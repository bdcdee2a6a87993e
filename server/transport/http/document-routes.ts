// /openapi.json and /docs: the contract, for programs and for people.
import { Router } from "express";
import { openapiDocument } from "#protocol/schema.ts";
import { docsPage } from "./docs-page.ts";

const nothingElse = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

export function documentRoutes(): Router {
  const router = Router();
  router.get("/openapi.json", (_request, response) => void response.json(openapiDocument()));
  router.get("/docs", (_request, response) => {
    response.setHeader("Content-Security-Policy", nothingElse);
    response.type("html").send(docsPage(openapiDocument()));
  });
  return router;
}
