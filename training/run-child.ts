// The training in a process of its own: its events come out one by one, and it ends with a result, an error, or because it was asked to.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { MaskletError } from "#protocol/errors.ts";
import { parseEvent } from "./child-event.ts";
import type { ChildEvent } from "./child-event.ts";
import { lastLine } from "./run-program.ts";

export type TrainingEnd = Extract<ChildEvent, { event: "done" }> | { readonly event: "stopped"; readonly step: number | undefined; readonly run: string | undefined };

export interface ChildOptions {
  readonly python: string;
  /** After the script's name. */
  readonly args: readonly string[];
  /** Asks it to save a checkpoint and to stop. */
  readonly signal?: AbortSignal | undefined;
  readonly onEvent: (event: ChildEvent) => void;
  /** What Python says on stderr, for whoever wants all of it. */
  readonly onError?: ((text: string) => void) | undefined;
}

const script = fileURLToPath(new URL("finetune.py", import.meta.url));
const keptChars = 8000;
/** How long the step that runs may take to end, and its checkpoint to be written, after that it is killed. */
const patienceMs = 120_000;

/** @throws what the child says, finetune_failed when it ends without a word */
export async function runTraining({ python, args, signal, onEvent, onError }: ChildOptions): Promise<TrainingEnd> {
  const child = spawn(python, ["-u", script, ...args], { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1", TQDM_DISABLE: "1" } });
  const heard: { end?: TrainingEnd; fault?: MaskletError; stderr: string; noise: string; run?: string } = { stderr: "", noise: "" };
  let late: NodeJS.Timeout | undefined;
  const stop = (): void => {
    child.kill("SIGINT");
    late = setTimeout(() => child.kill("SIGKILL"), patienceMs);
  };
  if (signal?.aborted) stop();
  signal?.addEventListener("abort", stop, { once: true });
  child.stderr.on("data", (chunk) => {
    heard.stderr = (heard.stderr + chunk).slice(-keptChars);
    onError?.(String(chunk));
  });
  createInterface({ input: child.stdout }).on("line", (line) => {
    const event = parseEvent(line);
    if (event === undefined) heard.noise = line;
    else {
      if (event.event === "started") heard.run = event.run;
      if (event.event === "done" || event.event === "stopped") heard.end = event;
      if (event.event === "error") heard.fault = event.fault;
      onEvent(event);
    }
  });
  const ended = await new Promise<string | undefined>((resolve) => {
    child.on("error", (error) => resolve(`Python could not be started (${error.message})`));
    child.on("close", (code, by) => resolve(by !== null ? killed(by) : code === 0 ? undefined : `Python ended with code ${code} (${lastLine(heard.stderr)})`));
  });
  clearTimeout(late);
  signal?.removeEventListener("abort", stop);
  if (heard.fault !== undefined) throw heard.fault;
  if (heard.end !== undefined) return heard.end;
  // Stopped before there was anything to save.
  if (signal?.aborted) return { event: "stopped", step: undefined, run: heard.run };
  throw MaskletError.of("finetune_failed", { why: ended ?? `Python ended without a result${heard.noise === "" ? "" : ` (its last words: ${heard.noise.slice(0, 200)})`}` });
}

function killed(by: string): string {
  return by === "SIGKILL" ? "it was killed (SIGKILL), as systems do when memory runs out; try a smaller --batch or --clip" : `it was ended by ${by}`;
}
