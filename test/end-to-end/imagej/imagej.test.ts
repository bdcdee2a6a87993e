// The Fiji client in a real ImageJ. Everything is in one test file because the jar is built once, by Maven, before it.
import { before, describe } from "node:test";
import { skipWithout } from "../../tools.ts";
import { classicalOnRealServer, classicalTests } from "./classical-tests.ts";
import { classicalPictureOnRealServer, classicalWindowTests } from "./classical-window-tests.ts";
import { exampleTests } from "./example-tests.ts";
import { faultTests } from "./fault-tests.ts";
import { imageTroubleOnRealServer, imageTroubleTests } from "./image-trouble-tests.ts";
import { jarTests } from "./jar-tests.ts";
import { buildClient, requireTools } from "./java-tools.ts";
import { localTests, macroTests } from "./macro-tests.ts";
import { objectMacroTests, objectsOnRealServer } from "./object-macro-tests.ts";
import { troubleTests } from "./trouble-tests.ts";
import { updateSiteTests } from "./update-site-tests.ts";
import { windowTests } from "./window-tests.ts";

describe("Fiji client", { skip: skipWithout("java", "javac", "mvn", "Xvfb", "xvfb-run", "xauth") }, () => {
  before(async () => {
    await requireTools();
    await buildClient();
  });
  describe("jar", jarTests);
  describe("update site", updateSiteTests);
  describe("macros without a network", localTests);
  describe("faults", faultTests);
  describe("trouble, fake server", troubleTests);
  describe("trouble with images, fake server", imageTroubleTests);
  describe("macros, fake server", () => macroTests("fake"));
  describe("objects, fake server", objectMacroTests);
  describe("classical, fake server", classicalTests);
  describe("classical windows, fake server", classicalWindowTests);
  describe("windows, fake server", () => windowTests("fake"));
  describe("macros, real server and weights", () => macroTests("real"));
  describe("objects, real server and weights", objectsOnRealServer);
  describe("classical, real server", classicalOnRealServer);
  describe("classical windows, real server", classicalPictureOnRealServer);
  describe("trouble with images, real server and weights", imageTroubleOnRealServer);
  describe("examples, real server and weights", exampleTests);
  describe("windows, real server and weights", () => windowTests("real"));
});
