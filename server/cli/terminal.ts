// What the command line shows and how it ends: results to stdout, everything else to stderr.
import { asMaskletError, type MaskletError } from "#protocol/errors.ts";
import { bytesToJson } from "#protocol/message.ts";
import type { Progress } from "#protocol/types.ts";

export interface Terminal {
  readonly json: boolean;
  /** A line for the person; to stderr. */
  say(text: string): void;
  /** The command's result: `text` for people, `value` with --json. */
  result(text: string, value: unknown): void;
  /** A bar that redraws itself on a terminal, a line every tenth elsewhere. */
  progress(what: string): (progress: Progress) => void;
  /** @returns the exit code */
  fail(thrown: unknown): number;
}

export function openTerminal(json: boolean, out: NodeJS.WriteStream, err: NodeJS.WriteStream): Terminal {
  return {
    json,
    say: (text) => void err.write(`${text}\n`),
    result: (text, value) => void out.write(json ? `${JSON.stringify(value, bytesToJson)}\n` : `${text}\n`),
    progress: (what) => (err.isTTY ? bar(err, what) : tenths(err, what)),
    fail: (thrown) => {
      const error = asMaskletError(thrown);
      if (json) out.write(`${JSON.stringify({ error: error.toFault() })}\n`);
      else err.write(`${faultText(error)}\n`);
      return error.exitCode;
    },
  };
}

function faultText(error: MaskletError): string {
  const trail = error.code === "internal" && error.cause instanceof Error && process.env["MASKLET_DEBUG"] ? `\n${error.cause.stack}` : "";
  return `masklet: ${error.message} ${error.hint}${trail}`;
}

function bar(err: NodeJS.WriteStream, what: string): (progress: Progress) => void {
  const width = 30;
  return ({ done, total, unit }) => {
    const part = total === 0 ? 1 : Math.min(1, done / total);
    const full = Math.round(part * width);
    const amounts = unit === "bytes" ? `${(done / 2 ** 20).toFixed(1)} of ${(total / 2 ** 20).toFixed(1)} MiB` : `${done} of ${total} ${unit}`;
    err.write(`\r${what} [${"#".repeat(full)}${".".repeat(width - full)}] ${amounts}\x1b[K${part === 1 ? "\n" : ""}`);
  };
}

function tenths(err: NodeJS.WriteStream, what: string): (progress: Progress) => void {
  const shown = { tenth: -1 };
  return ({ done, total, unit }) => {
    const tenth = total === 0 ? 10 : Math.floor((10 * done) / total);
    if (tenth <= shown.tenth) return;
    shown.tenth = tenth;
    err.write(`${what}: ${tenth * 10} % of ${total} ${unit}\n`);
  };
}
