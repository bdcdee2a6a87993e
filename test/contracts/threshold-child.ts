// Entry of a model host's process with the threshold tracker in place of a network; only ever forked.
import { setTimeout } from "node:timers/promises";
import { serveModels } from "#models/host/serve.ts";
import { createThresholdTracker, thresholdTrackers } from "./threshold-tracker.ts";

// An encode takes a while, so that calls sent after it have arrived when it ends.
const encodeMs = 50;

serveModels(() => ({ ...thresholdTrackers(), openTracker: async () => createThresholdTracker(), encodeAhead: async () => { await setTimeout(encodeMs); } }));
