// The server that the ImageJ tests talk to: a fake one that is quick, exact and can be made to fail, or the real one with real weights.
import { spawn } from "node:child_process";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as later } from "node:timers/promises";
import { MaskletError } from "#protocol/errors.ts";
import { startFakeServer, type FakeOptions } from "./fake-server.ts";
import { leaveEmbeddedOut } from "../../embedded.ts";
import { ensureWeights, weightsHome } from "../../weights.ts";
import { repository } from "./java-tools.ts";

export interface ServerUnderTest {
  readonly url: string;
  /** Message types that came, where the server can tell: only the fake can. */
  readonly seen?: readonly string[];
  stop(): Promise<void>;
}

const START_MS = 60_000;

export type ServerKind = "fake" | "real";

/** @param options what only the fake server heeds, such as its pace */
export async function startServerUnderTest(kind: ServerKind, options: FakeOptions = {}): Promise<ServerUnderTest> {
  return kind === "fake" ? startFakeServer(options) : startRealServer();
}

/** The server of this repository on a free port, with a new MASKLET_HOME that borrows the models the tests have. */
async function startRealServer(): Promise<ServerUnderTest> {
  const port = await freePort();
  const home = await mkdtemp(join(tmpdir(), "masklet-home-"));
  leaveEmbeddedOut();
  await ensureWeights();
  await symlink(join(weightsHome(), "models"), join(home, "models"), "junction");
  const env = { ...process.env, MASKLET_HOME: home };
  const child = spawn(process.execPath, [join(repository, "server", "cli", "main.ts"), "serve", "--port", String(port)], { env, cwd: repository, stdio: ["ignore", "pipe", "pipe"] });
  const said: string[] = [];
  child.stdout.on("data", (text: Buffer) => said.push(text.toString()));
  child.stderr.on("data", (text: Buffer) => said.push(text.toString()));
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((done) => child.once("exit", done));
      child.kill("SIGTERM");
      await ended;
    }
    await rm(home, { recursive: true, force: true });
  };
  const until = performance.now() + START_MS;
  while (performance.now() < until && child.exitCode === null) {
    const healthy = await fetch(`http://127.0.0.1:${port}/v1/health`).then((answer) => answer.ok, () => false);
    if (healthy) return { url: `ws://127.0.0.1:${port}`, stop };
    await later(100);
  }
  await stop();
  throw MaskletError.of("server_unreachable", { url: `ws://127.0.0.1:${port}`, why: `it did not start: ${said.join("").slice(-2000)}` });
}

export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((listening) => probe.listen(0, "127.0.0.1", listening));
  const address = probe.address();
  await new Promise((closed) => probe.close(closed));
  if (address === null || typeof address === "string") throw MaskletError.of("internal", { why: "no free port" });
  return address.port;
}
