// Every failure is one sentence in the log, says what to do, and stops the macro. A broken server must not show a stack trace.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startFakeServer, type FakeOptions, type FakeServer } from "./fake-server.ts";
import { DISKS } from "./macro-tests.ts";
import { runMacro, type MacroOptions, type MacroRun } from "./run-macro.ts";

const connect = (url: string): string => `run("Masklet Connect...", "server=${url} timeout=2");\n`;
const PROMPT = `makeRectangle(17, 14, 21, 21); run("Masklet Add Prompt...", "object=1 polarity=positive kind=auto");\n`;
const PROPAGATE = `run("Masklet Propagate...", "axis=z direction=both first=0 last=0 objects=all output=labels model=auto");\n`;

function assertOneSentence(run: MacroRun, sentence: RegExp): void {
  assert.equal(run.finished, false, "the macro went on");
  const lines = run.output.split("\n").filter((line) => line.startsWith("Masklet:"));
  assert.equal(lines.length, 1, run.output);
  assert.match(lines[0]!, sentence);
  assert.doesNotMatch(run.output, /\tat |Exception/);
}

async function against(options: FakeOptions, macro: (server: FakeServer) => string, how?: MacroOptions): Promise<MacroRun & { seen: readonly string[] }> {
  const server = await startFakeServer(options);
  try {
    return { ...await runMacro(macro(server), how), seen: server.seen };
  } finally {
    await server.stop();
  }
}

export function faultTests(): void {
  test("no server", async () => {
    const server = await startFakeServer();
    await server.stop();
    assertOneSentence(await runMacro(connect(server.url)), /^Masklet: No Masklet server answers at ws:\/\/127\.0\.0\.1:\d+\. Start it with `masklet serve` \(or `npx masklet serve`\)/);
  });

  test("no token, a wrong token, the right token from the home folder", async () => {
    const secret = { token: "right" };
    assertOneSentence(await against(secret, (server) => connect(server.url), { env: { MASKLET_TOKEN: "" } }), /^Masklet: This server wants a token\. /);
    assertOneSentence(await against(secret, (server) => connect(server.url), { env: { MASKLET_TOKEN: "wrong" } }), /^Masklet: The token is wrong\. /);
    const run = await against(secret, (server) => connect(server.url), { env: { MASKLET_TOKEN: "" }, files: { ".masklet/token": "right\n" } });
    assert.ok(run.finished, run.output);
  });

  test("no image, no selection, a line, a negative box, a range that is none", async () => {
    assertOneSentence(await runMacro(PROPAGATE), /^Masklet: No image is open\. /);
    const add = (options: string): string => `run("Masklet Add Prompt...", "object=1 ${options}");`;
    assertOneSentence(await runMacro(`${DISKS}${add("kind=auto")}`), /^Masklet: There is no selection to make a prompt of\. /);
    assertOneSentence(await runMacro(`${DISKS}makeLine(1, 1, 9, 9);${add("kind=auto")}`), /^Masklet: A straight line selection cannot be a prompt\. /);
    assertOneSentence(await runMacro(`${DISKS}makeRectangle(1, 1, 9, 9);${add("polarity=negative")}`), /^Masklet: Only points can be negative\. /);
    assertOneSentence(await runMacro(`${DISKS}${PROPAGATE.replace("first=0 last=0", "first=7 last=3")}`), /^Masklet: first=7 last=3 is no range of the 9 planes along z\. /);
  });

  test("the server's own sentence comes through", async () => {
    assertOneSentence(await against({}, (server) => `${DISKS}${connect(server.url)}${PROPAGATE}`), /^Masklet: No object has a prompt yet\. Draw a box/);
  });

  test("a connection cut in the middle", async () => {
    const cut = await against({ fault: "cut" }, (server) => `${DISKS}${connect(server.url)}${PROMPT}${PROPAGATE}`);
    assertOneSentence(cut, /^Masklet: The connection to ws:\/\/\S+ broke \(.+\)\. /);
  });

  test("bytes that are no message", async () => {
    const run = await against({ fault: "garbage" }, (server) => `${DISKS}${connect(server.url)}${PROMPT}${PROPAGATE}`);
    assertOneSentence(run, /^Masklet: The server sent something that is not a Masklet message: /);
  });

  test("after Disconnect a command connects by itself and resumes the session", async () => {
    const run = await against({}, (server) => `${DISKS}${connect(server.url)}${PROMPT} run("Masklet Disconnect"); ${PROPAGATE} tell("title", getTitle());`);
    assert.ok(run.finished, run.output);
    assert.equal(run.told["title"], "stack-labels");
    assert.equal(run.seen.filter((type) => type === "hello").length, 2);
  });
}
