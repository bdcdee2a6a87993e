import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { createModelHost } from "#models/host/host.ts";
import { createInProcessModels } from "#models/host/in-process.ts";
import { weightsHome, weightsModel } from "../weights.ts";
import { thresholdTrackers } from "./threshold-tracker.ts";
import { trackerContract } from "./tracker.ts";

trackerContract("threshold", 0.9, async () => ({ source: thresholdTrackers(), model: "threshold", close: async () => {} }));

trackerContract("threshold, through the host", 0.9, async () => {
  const host = createModelHost({ home: "unused", entry: new URL("./threshold-child.ts", import.meta.url) });
  return { source: host, model: "threshold", close: () => host.close() };
});

// The installed weights, and embeddings of nobody else; the second suite finds those of the first on disk.
const home = await mkdtemp(join(tmpdir(), "masklet-tracker-"));
await symlink(join(weightsHome(), "models"), join(home, "models"));
after(() => rm(home, { recursive: true, force: true }));

trackerContract("mobile-sam, in process", 0.8, async () => {
  const models = createInProcessModels({ home });
  return { source: models, model: weightsModel, close: () => models.close() };
});

trackerContract("mobile-sam, through the host", 0.8, async () => {
  const host = createModelHost({ home });
  return { source: host, model: weightsModel, close: () => host.close() };
});
