// The same propagation, done by a running server: upload, session, prompts, job, files.
import { openAsBlob } from "node:fs";
import { basename } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { asMaskletError, MaskletError } from "#protocol/errors.ts";
import type { Job, Overlap } from "#protocol/types.ts";
import type { CommandContext } from "./command.ts";
import { alongOf } from "./propagate-order.ts";
import type { PropagateOrder } from "./propagate-order.ts";
import { readPromptsFile } from "./read-prompts.ts";
import { serverClient } from "./server-client.ts";
import type { ServerClient } from "./server-client.ts";
import { writeResult } from "./write-results.ts";
import type { ResultPaths } from "./write-results.ts";

const pollMs = 250;

/** @throws server_unreachable, cancelled, and what the server answers; what arrived before is fetched and written */
export async function propagateOnServer(url: string, order: PropagateOrder, paths: ResultPaths, overlap: Overlap, context: CommandContext): Promise<void> {
  const { terminal } = context;
  const client = serverClient(url, context);
  const prompts = readPromptsFile(order.promptsPath);
  const along = alongOf(order, prompts);
  const volume = await client.upload("Volume", `/v1/volumes?name=${encodeURIComponent(basename(order.input))}`, "image/tiff", await blobOf(order.input));
  const session = await client.ask("Session", "POST", "/v1/sessions", { volumeId: volume.volumeId, view: order.view });
  const home = `/v1/sessions/${session.sessionId}`;
  await client.ask("Session", "PUT", `${home}/prompts`, prompts);
  const { direction, range } = order.request;
  const params = { along, direction, window: order.window, model: order.model, ...(range === undefined ? {} : { range }) };
  const job = await client.ask("Job", "POST", "/v1/jobs", { operation: "propagate", sessionId: session.sessionId, params });
  // Its own client, because the first one's signal has fired when what arrived before Ctrl-C is fetched.
  const calm = serverClient(url, { token: context.token, signal: new AbortController().signal });
  const ended = await follow(calm, job, context);
  const fault = ended.state === "cancelled" ? MaskletError.of("cancelled", {}) : ended.error && MaskletError.fromFault(ended.error);
  const files = await download(calm, home, paths, overlap).catch((thrown: unknown) => {
    // A run that stopped before its first mask leaves nothing to fetch; the fault to tell is why it stopped.
    if (fault !== undefined && asMaskletError(thrown).code === "export_empty") return [];
    throw thrown;
  });
  if (fault === undefined) return terminal.result(`Session ${session.sessionId}: ${files.join(", ")}`, { ...ended.result, sessionId: session.sessionId, files });
  if (files.length > 0) terminal.say(`Stopped early (${fault.code}); what was found is in ${files.join(", ")}`);
  throw fault;
}

async function download(client: ServerClient, home: string, paths: ResultPaths, overlap: Overlap): Promise<string[]> {
  const routes = [[paths.labels, `labels.tif?overlap=${overlap}`], [paths.rois, "rois.zip"], [paths.geojson, "objects.geojson"], [paths.csv, "measurements.csv"]] as const;
  const files: string[] = [];
  for (const [path, route] of routes) {
    if (path === undefined) continue;
    await writeResult(path, await client.fetchBytes(`${home}/${route}`));
    files.push(path);
  }
  return files;
}

/** Waits for the job's end; Ctrl-C cancels it on the server, which keeps what arrived. */
async function follow(client: ServerClient, job: Job, context: CommandContext): Promise<Job> {
  const show = context.terminal.progress("propagating");
  const cancel = () => void client.ask("Job", "DELETE", `/v1/jobs/${job.id}`).catch((thrown: unknown) => context.terminal.say(asMaskletError(thrown).message));
  context.signal.addEventListener("abort", cancel);
  if (context.signal.aborted) cancel();
  try {
    for (;;) {
      const now = await client.ask("Job", "GET", `/v1/jobs/${job.id}`);
      show(now.progress);
      if (now.state === "done" || now.state === "failed" || now.state === "cancelled") return now;
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
