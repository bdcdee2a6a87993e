// The Fiji client in a real ImageJ. Everything is in one test file because the jar is built once, by Maven, before it.
// MASKLET_TEST_SERVER chooses the server: `fake` (default), `real`, or an address.
import { before, describe } from "node:test";
import { faultTests } from "./fault-tests.ts";
import { jarTests } from "./jar-tests.ts";
import { buildClient, requireTools } from "./java-tools.ts";
import { macroTests } from "./macro-tests.ts";
import { windowTests } from "./window-tests.ts";

describe("Fiji client", () => {
  before(async () => {
    await requireTools();
    await buildClient();
  });
  describe("jar", jarTests);
  describe("macros", macroTests);
  describe("faults", faultTests);
  describe("windows", windowTests);
});
