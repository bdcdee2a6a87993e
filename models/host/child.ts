// Entry of the model host's process; only ever forked.
import { createInProcessModels } from "./in-process.ts";
import { serveModels } from "./serve.ts";

serveModels((settings, onLog) => createInProcessModels({ ...settings, onLog }));
