import assert from "node:assert/strict";
import test from "node:test";
import { MaskletError } from "#protocol/errors.ts";
import { openTerminal, type Output } from "./terminal.ts";

function stream(isTTY = false): Output & { text: () => string } {
  const written: string[] = [];
  return { isTTY, write: (text) => written.push(text), text: () => written.join("") };
}

const planes = (done: number, total: number) => ({ done, total, unit: "planes" as const });

test("a result is its text for people, and its value with --json, on stdout alone", () => {
  for (const [json, expected] of [[false, "three found\n"], [true, '{"found":3,"bits":"gAE="}\n']] as const) {
    const [out, err] = [stream(), stream()];
    openTerminal(json, out, err).result("three found", { found: 3, bits: Uint8Array.of(0x80, 1) });
    assert.deepEqual([out.text(), err.text()], [expected, ""]);
  }
});

test("a failure is a sentence and a hint on stderr, or an error as JSON on stdout, and gives the exit code", () => {
  const fault = MaskletError.of("model_not_installed", { model: "tiny" });
  const [out, err] = [stream(), stream()];
  assert.equal(openTerminal(false, out, err).fail(fault), 4);
  assert.deepEqual([out.text(), err.text()], ["", "masklet: The model tiny is not installed. Run `masklet models pull tiny`.\n"]);
  const [jsonOut, jsonErr] = [stream(), stream()];
  assert.equal(openTerminal(true, jsonOut, jsonErr).fail(fault), 4);
  assert.deepEqual([JSON.parse(jsonOut.text()), jsonErr.text()], [{ error: fault.toFault() }, ""]);
});

test("anything else thrown is internal, without its stack; an abort is cancelled", () => {
  const err = stream();
  const terminal = openTerminal(false, stream(), err);
  assert.equal(terminal.fail(new TypeError("x is not a function")), 1);
  assert.match(err.text(), /^masklet: Something went wrong inside Masklet: x is not a function\. [^\n]+\n$/);
  assert.equal(terminal.fail(new DOMException("This operation was aborted", "AbortError")), 130);
});

test("where lines cannot be redrawn, a line is written for each tenth, once", () => {
  const err = stream();
  const show = openTerminal(false, stream(), err).progress("propagating");
  for (const done of [0, 1, 2, 3, 3, 29, 30]) show(planes(done, 30));
  assert.equal(err.text(), [0, 10, 90, 100].map((part) => `propagating: ${part} % of 30 planes\n`).join(""));
});

test("on a terminal a bar is redrawn, and its line ends when all is done", () => {
  const err = stream(true);
  const show = openTerminal(false, stream(), err).progress("pulling");
  show({ done: 2 ** 20, total: 4 * 2 ** 20, unit: "bytes" });
  show({ done: 4 * 2 ** 20, total: 4 * 2 ** 20, unit: "bytes" });
  assert.equal(err.text(), `\rpulling [${"#".repeat(8)}${".".repeat(22)}] 1.0 of 4.0 MiB\x1b[K\rpulling [${"#".repeat(30)}] 4.0 of 4.0 MiB\x1b[K\n`);
});

test("how far a recipe is, is told in percent", () => {
  const [line, bar] = [stream(), stream(true)];
  openTerminal(false, stream(), line).progress("median")({ done: 6_250_000, total: 12_500_000, unit: "voxels" });
  openTerminal(false, stream(), bar).progress("split")({ done: 1_000_000, total: 4_000_000, unit: "voxels" });
  assert.equal(line.text(), "median: 50 %\n");
  assert.match(bar.text(), /split \[#{8}\.{22}\] 25 %\x1b/);
});

test("what is said in the middle of a bar begins on its own line", () => {
  const err = stream(true);
  const terminal = openTerminal(false, stream(), err);
  terminal.progress("propagating")(planes(1, 2));
  terminal.say("one");
  terminal.say("two");
  assert.ok(err.text().endsWith("1 of 2 planes\x1b[K\none\ntwo\n"));
});

test("a job that waits, with nothing known of its size, shows nothing yet", () => {
  for (const isTTY of [false, true]) {
    const err = stream(isTTY);
    const show = openTerminal(false, stream(), err).progress("propagating");
    show(planes(0, 0));
    assert.equal(err.text(), "");
    show(planes(1, 2));
    assert.match(err.text(), /propagating/);
  }
});
