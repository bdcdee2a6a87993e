// The suite of samapi's routes over this server with real weights, or over the server that MASKLET_SAMAPI_URL names (it ends in /sam/).
import { after, before } from "node:test";
import { createApp } from "#server/app.ts";
import type { App } from "#server/app.ts";
import { weightsHome } from "../weights.ts";
import { departures, samapiContract } from "./samapi.ts";

const elsewhere = process.env["MASKLET_SAMAPI_URL"];
/** Another Masklet, say the packed one, is held to all of it. */
const isOurs = elsewhere === undefined || (await fetch(new URL("/v1/health", elsewhere))).ok;
const own: { app: App | undefined; base: string } = { app: undefined, base: elsewhere ?? "" };

before(async () => {
  if (elsewhere !== undefined) return;
  own.app = createApp({ home: weightsHome(), port: 0, roots: [], host: "127.0.0.1", onLog: () => undefined });
  own.base = `${(await own.app.listen()).urls[0]!}/sam/`;
});

after(async () => {
  await own.app?.close();
});

samapiContract({ departs: (what) => (isOurs ? false : departures[what]) }, () => own.base);
