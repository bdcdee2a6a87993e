// What the command line shows and how it ends: results to stdout, everything else to stderr.
import { asMaskletError, type MaskletError } from "#protocol/errors.ts";
import { bytesToJson } from "#protocol/message.ts";
import type { Progress } from "#protocol/types.ts";

export interface Terminal {
  /** A line for the person; to stderr. */
  say(text: string): void;
  /** The command's result: `text` for people, `value` with --json. */
  result(text: string, value: unknown): void;
  /** A bar that redraws itself on a terminal, a line every tenth elsewhere. */
  progress(what: string): (progress: Pace) => void;
  /** @returns the exit code */
  fail(thrown: unknown): number;
}

/** Where something is, and how fast it goes, in its unit. */
export type Pace = Progress & { readonly perSecond?: number };

/** The streams a terminal writes to; `isTTY` says whether a line can be redrawn. */
export interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export function openTerminal(json: boolean, out: Output, err: Output): Terminal {
  const bar = { unfinished: false };
  const say = (text: string): void => {
    err.write(`${bar.unfinished ? "\n" : ""}${text}\n`);
    bar.unfinished = false;
  };
  const draw = (text: string, finished: boolean): void => {
    err.write(`\r${text}\x1b[K${finished ? "\n" : ""}`);
    bar.unfinished = !finished;
  };
  return {
    say,
    result: (text, value) => void out.write(json ? `${JSON.stringify(value, bytesToJson)}\n` : `${text}\n`),
    progress: (what) => (err.isTTY ? redrawn(draw, what) : tenths(say, what)),
    fail: (thrown) => {
      const error = asMaskletError(thrown);
      if (json) out.write(`${JSON.stringify({ error: error.toFault() }, bytesToJson)}\n`);
      else say(faultText(error));
      return error.exitCode;
    },
  };
}

function faultText(error: MaskletError): string {
  const trail = error.code === "internal" && error.cause instanceof Error && process.env["MASKLET_DEBUG"] ? `\n${error.cause.stack}` : "";
  return `masklet: ${error.message} ${error.hint}${trail}`;
}

function redrawn(draw: (text: string, finished: boolean) => void, what: string): (progress: Pace) => void {
  const width = 30;
  return ({ done, total, unit, perSecond }) => {
    // Nothing is known yet of a job that waits.
    if (total === 0) return;
    const part = Math.min(1, done / total);
    const full = Math.round(part * width);
    draw(`${what} [${"#".repeat(full)}${".".repeat(width - full)}] ${amounts({ done, total, unit })}${speed(perSecond)}`, part === 1);
  };
}

function tenths(say: (text: string) => void, what: string): (progress: Pace) => void {
  const shown = { tenth: -1 };
  return ({ done, total, unit, perSecond }) => {
    if (total === 0) return;
    const tenth = Math.floor((10 * done) / total);
    if (tenth <= shown.tenth) return;
    shown.tenth = tenth;
    say(`${what}: ${tenth * 10} % of ${unit === "voxels" ? megavoxels(total) : `${total} ${unit}`}${speed(perSecond)}`);
  };
}

function amounts({ done, total, unit }: Progress): string {
  if (unit === "bytes") return `${(done / 2 ** 20).toFixed(1)} of ${(total / 2 ** 20).toFixed(1)} MiB`;
  return unit === "voxels" ? `${Math.floor((100 * done) / total)} % of ${megavoxels(total)}` : `${done} of ${total} ${unit}`;
}

function megavoxels(voxels: number): string {
  return `${(voxels / 1e6).toFixed(voxels < 1e7 ? 1 : 0)} MVx`;
}

/** Only voxels go so fast that it is of use. */
function speed(voxelsPerSecond: number | undefined): string {
  return voxelsPerSecond === undefined ? "" : `, ${megavoxels(voxelsPerSecond)}/s`;
}
