// What the command line shows and how it ends: results to stdout, everything else to stderr.
import { asMaskletError, type MaskletError } from "#protocol/errors.ts";
import { bytesToJson } from "#protocol/message.ts";

/** How far something is; `unit` is a word in the plural. */
export interface Amount {
  readonly done: number;
  readonly total: number;
  readonly unit: string;
}

export interface Terminal {
  /** A line for the person; to stderr. */
  say(text: string): void;
  /** The command's result: `text` for people, `value` with --json. */
  result(text: string, value: unknown): void;
  /** As `result`, with the JSON piece by piece: one text cannot hold that of a million objects. */
  resultInPieces(text: string, json: Iterable<string>): void;
  /** A bar that redraws itself on a terminal, a line every tenth elsewhere. @param what what is being done, or what says it anew each time */
  progress(what: string | (() => string)): (progress: Amount) => void;
  /** @returns the exit code */
  fail(thrown: unknown): number;
}

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
    resultInPieces: (text, pieces) => {
      for (const piece of json ? pieces : [text]) out.write(piece);
      out.write("\n");
    },
    progress: (what) => {
      const name = typeof what === "string" ? () => what : what;
      return err.isTTY ? redrawn(draw, name) : tenths(say, name);
    },
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

function redrawn(draw: (text: string, finished: boolean) => void, what: () => string): (progress: Amount) => void {
  const width = 30;
  return ({ done, total, unit }) => {
    // Nothing is known yet of a job that waits.
    if (total === 0) return;
    const part = Math.min(1, done / total);
    const full = Math.round(part * width);
    draw(`${what()} [${"#".repeat(full)}${".".repeat(width - full)}] ${amounts({ done, total, unit })}`, part === 1);
  };
}

function tenths(say: (text: string) => void, what: () => string): (progress: Amount) => void {
  const shown = { tenth: -1 };
  return ({ done, total, unit }) => {
    if (total === 0) return;
    const tenth = Math.floor((10 * done) / total);
    if (tenth <= shown.tenth) return;
    shown.tenth = tenth;
    say(`${what()}: ${tenth * 10} %${unit === "voxels" ? "" : ` of ${total} ${unit}`}`);
  };
}

function amounts({ done, total, unit }: Amount): string {
  if (unit === "bytes") return `${(done / 2 ** 20).toFixed(1)} of ${(total / 2 ** 20).toFixed(1)} MiB`;
  // A recipe goes over every voxel several times: how many times is of no use to a person.
  return unit === "voxels" ? `${Math.floor((100 * done) / total)} %` : `${done} of ${total} ${unit}`;
}
