// A program run to its end, and what it said.
import { spawn } from "node:child_process";
import { MaskletError } from "#protocol/errors.ts";

export interface Ran {
  /** undefined when it could not be started, or was killed. */
  readonly code: number | undefined;
  readonly out: string;
  /** The end of stderr, or why it could not be started. */
  readonly err: string;
}

const keptChars = 4000;

/** @param env added to this process's own. @throws cancelled, once the program has ended */
export async function runProgram(command: string, args: readonly string[], { signal, env = {} }: { readonly signal?: AbortSignal | undefined; readonly env?: Readonly<Record<string, string>> } = {}): Promise<Ran> {
  if (signal?.aborted) throw MaskletError.of("cancelled", {});
  const ran = await new Promise<Ran>((resolve) => {
    const child = spawn(command, [...args], { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
    const text = { out: "", err: "" };
    const stop = (): void => void child.kill("SIGTERM");
    signal?.addEventListener("abort", stop, { once: true });
    child.stdout.on("data", (chunk) => (text.out = (text.out + chunk).slice(-keptChars)));
    child.stderr.on("data", (chunk) => (text.err = (text.err + chunk).slice(-keptChars)));
    const end = (code: number | undefined, err: string): void => {
      signal?.removeEventListener("abort", stop);
      resolve({ code, out: text.out, err });
    };
    child.on("error", (error) => end(undefined, error.message));
    child.on("close", (code) => end(code ?? undefined, text.err));
  });
  if (signal?.aborted) throw MaskletError.of("cancelled", {});
  return ran;
}

/** The last line that says something. */
export function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.trim().slice(0, 300) || "it said nothing";
}
