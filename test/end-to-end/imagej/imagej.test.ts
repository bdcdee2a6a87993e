// The Fiji client in a real ImageJ. Everything is in one test file because the jar is built once, by Maven, before it.
import { before, describe } from "node:test";
import { skipWithout } from "../../tools.ts";
import { classicalOnRealServer, classicalTests } from "./classical-tests.ts";
import { classicalPictureOnRealServer, classicalWindowTests } from "./classical-window-tests.ts";
import { commandMacroTests } from "./command-macro-tests.ts";
import { commandsOnRealServer } from "./command-real-tests.ts";
import { commandWindowTests, livePreviewOnRealServer } from "./command-window-tests.ts";
import { faultTests } from "./fault-tests.ts";
import { guidePictures } from "./guide-window-tests.ts";
import { jarTests } from "./jar-tests.ts";
import { buildClient, requireTools } from "./java-tools.ts";
import { localTests, macroTests } from "./macro-tests.ts";
import { objectMacroTests, objectsOnRealServer } from "./object-macro-tests.ts";
import { recipeTests } from "./recipe-tests.ts";
import { windowTests } from "./window-tests.ts";

describe("Fiji client", { skip: skipWithout("java", "javac", "mvn", "Xvfb", "xvfb-run", "xauth") }, () => {
  before(async () => {
    await requireTools();
    await buildClient();
  });
  describe("jar", jarTests);
  describe("macros without a network", localTests);
  describe("faults", faultTests);
  describe("macros, fake server", () => macroTests("fake"));
  describe("objects, fake server", objectMacroTests);
  describe("commands, fake server", commandMacroTests);
  describe("classical, fake server", classicalTests);
  describe("classical windows, fake server", classicalWindowTests);
  describe("command windows, fake server", commandWindowTests);
  describe("windows, fake server", () => windowTests("fake"));
  describe("macros, real server and weights", () => macroTests("real"));
  describe("objects, real server and weights", objectsOnRealServer);
  describe("commands, real server and weights", commandsOnRealServer);
  describe("classical, real server", classicalOnRealServer);
  describe("recipes, real server and weights", recipeTests);
  describe("classical windows, real server", classicalPictureOnRealServer);
  describe("command windows, real server and weights", livePreviewOnRealServer);
  describe("windows, real server and weights", () => windowTests("real"));
  describe("windows of the guide, real server and weights", guidePictures);
});
