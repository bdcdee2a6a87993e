// The suite of samapi's routes over this server with real weights, or over the server that MASKLET_SAMAPI_URL names (it ends in /sam/).
import { after, before } from "node:test";
import { createApp } from "#server/app.ts";
import type { App } from "#server/app.ts";
import { weightsHome } from "../weights.ts";
import { departures, samapiContract } from "./samapi.ts";

const elsewhere = process.env["MASKLET_SAMAPI_URL"];
const own: { app: App | undefined; base: string } = { app: undefined, base: elsewhere ?? "" };
const log: string[] = [];

before(async () => {
  if (elsewhere !== undefined) return;
  own.app = createApp({ home: weightsHome(), port: 0, roots: [], host: "127.0.0.1", onLog: (line) => log.push(line) });
  const { urls } = await own.app.listen();
  own.base = `${urls[0]!}/sam/`;
});

after(async () => {
  await own.app?.close();
});

samapiContract({ departs: (what) => (elsewhere === undefined ? false : departures[what]) }, () => own.base);
