// A server built from its config: the operations, and the sockets that offer them.
import type { MaskletError } from "#protocol/errors.ts";
import type { Config } from "./config.ts";
import { openDomains } from "./domains.ts";
import type { OpenDomains } from "./domains.ts";
import { createJobQueue } from "./jobs/queue.ts";
import { listenAll } from "./listen.ts";
import { createOperations } from "./operations.ts";
import { createScratch } from "./operations/scratch.ts";
import type { Operations } from "./operations.ts";
import { createSamapi } from "./samapi/samapi.ts";

export interface App {
  readonly operations: Operations;
  /** @throws port_in_use, token_required */
  listen(): Promise<{ readonly urls: readonly string[] }>;
  /** Cancels what runs, keeps what arrived, lets go of the home. */
  close(): Promise<void>;
}

/** Nothing happens before `listen` or the first operation. @param domains tests bring their own */
export function createApp(config: Config, domains: OpenDomains = openDomains(config)): App {
  const operations = createOperations(domains);
  // A person reads this: a sentence and what to do. Where our own code failed, its trail is there for who asks for it.
  const trailOf = (error: MaskletError): string => config.debug === true && error.code === "internal" && error.cause instanceof Error ? `\n${error.cause.stack}` : "";
  const onFault = (error: MaskletError): void => config.onLog(`${error.code}: ${error.message} ${error.hint}${trailOf(error)}`);
  const jobs = createJobQueue({ openFolder: createScratch(domains.scratch, "job-").keep, onFailed: (job, error) => { if (error.status >= 500) onFault(error); else config.onLog(`job ${job.id} failed: ${error.message}`); } });
  const samapi = createSamapi({ operations, models: domains.models, addModel: domains.addModel, scratch: domains.scratch, roots: config.roots, onLog: config.onLog, onFault, ...config.samapi });
  const listening: { close: () => Promise<void> } = { close: async () => undefined };
  return {
    operations,
    listen: async () => {
      const listener = await listenAll(config, { operations, jobs, samapi, onFault, server: `masklet ${domains.version}` });
      listening.close = listener.close;
      return { urls: listener.urls };
    },
    close: async () => {
      await listening.close();
      await jobs.close();
      await samapi.close();
      await domains.close();
    },
  };
}
