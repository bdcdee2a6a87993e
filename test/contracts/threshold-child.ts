// Entry of a model host's process with the threshold tracker in place of a network; only ever forked.
import { serveModels } from "#models/host/serve.ts";
import { createThresholdTracker } from "./threshold-tracker.ts";

serveModels(() => ({ openTracker: async () => createThresholdTracker(), encodeAhead: async () => {} }));
