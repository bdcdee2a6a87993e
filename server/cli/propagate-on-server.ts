// The same propagation, done by a running server: upload, session, prompts, job, files.
import { openAsBlob } from "node:fs";
import { writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { asMaskletError, MaskletError } from "#protocol/errors.ts";
import type { Job, Overlap } from "#protocol/types.ts";
import type { CommandContext } from "./command.ts";
import type { PropagateOrder } from "./propagate-order.ts";
import { readPromptsFile } from "./read-prompts.ts";
import { serverClient } from "./server-client.ts";
import type { ResultPaths } from "./write-results.ts";

const pollMs = 250;

export async function propagateOnServer(url: string, order: PropagateOrder, paths: ResultPaths, overlap: Overlap, context: CommandContext): Promise<void> {
  const { terminal } = context;
  const client = serverClient(url, context);
  const prompts = readPromptsFile(order.promptsPath);
  const volume = await client.upload("Volume", `/v1/volumes?name=${encodeURIComponent(basename(order.input))}`, "image/tiff", await blobOf(order.input));
  const session = await client.ask("Session", "POST", "/v1/sessions", { volumeId: volume.volumeId, view: order.view });
  const home = `/v1/sessions/${session.sessionId}`;
  await client.ask("Session", "PUT", `${home}/prompts`, prompts);
  const { along, direction, range } = order.request;
  const params = { along, direction, window: order.window, model: order.model, ...(range === undefined ? {} : { range }) };
  const job = await client.ask("Job", "POST", "/v1/jobs", { operation: "propagate", sessionId: session.sessionId, params });
  const ended = await follow(url, job, context);
  const downloads = [[paths.labels, `labels.tif?overlap=${overlap}`], [paths.rois, "rois.zip"], [paths.geojson, "objects.geojson"], [paths.csv, "measurements.csv"]] as const;
  const files: string[] = [];
  for (const [path, route] of downloads) {
    if (path === undefined) continue;
    await writeFile(path, await client.fetchBytes(`${home}/${route}`));
    files.push(path);
  }
  if (ended.error !== undefined) throw MaskletError.fromFault(ended.error);
  terminal.result(`Session ${session.sessionId}: ${files.join(", ")}`, { ...ended.result, sessionId: session.sessionId, files });
}

/** Waits for the job; Ctrl-C cancels it on the server and comes back with what arrived. */
async function follow(url: string, job: Job, context: CommandContext): Promise<Job> {
  const show = context.terminal.progress("propagating");
  // Its own client, because the first one's signal has fired when the job is to be cancelled.
  const calm = serverClient(url, { token: context.token, signal: new AbortController().signal });
  const cancel = () => void calm.ask("Job", "DELETE", `/v1/jobs/${job.id}`).catch((thrown: unknown) => context.terminal.say(asMaskletError(thrown).message));
  context.signal.addEventListener("abort", cancel);
  try {
    for (;;) {
      const now = await calm.ask("Job", "GET", `/v1/jobs/${job.id}`);
      show(now.progress);
      if (now.state === "done" || now.state === "failed" || now.state === "cancelled") {
        if (now.state === "cancelled") throw MaskletError.of("cancelled", {});
        return now;
      }
      await wait(pollMs);
    }
  } finally {
    context.signal.removeEventListener("abort", cancel);
  }
}

async function blobOf(path: string): Promise<Blob> {
  try {
    return await openAsBlob(path, { type: "image/tiff" });
  } catch (cause) {
    throw MaskletError.of("file_missing", { file: path }, cause);
  }
}
