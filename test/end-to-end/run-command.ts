// The real command in a process of its own, as a person starts it.
import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { AssertionError } from "node:assert/strict";

export const commandFile = fileURLToPath(new URL("../../bin/masklet.js", import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Started {
  readonly child: ChildProcess;
  /** Resolves when stdout and stderr are closed, so that nothing of its group holds them any more. */
  readonly ended: Promise<Ended>;
  /** Resolves at the first line (of either stream) that fits. */
  line(pattern: RegExp): Promise<RegExpExecArray>;
  /** As a terminal does it: the whole group is told. */
  interrupt(): void;
}

export interface CommandOptions {
  readonly home: string;
  readonly token?: string;
  readonly cwd?: string;
  /** Another program's arguments, bin/masklet.js left out. */
  readonly command?: readonly [string, ...string[]];
}

export function startCommand(args: readonly string[], { home, token = "", cwd, command = [process.execPath, commandFile] }: CommandOptions): Started {
  const [program, ...before] = command;
  const env = { ...process.env, MASKLET_HOME: home, MASKLET_TOKEN: token };
  const child = spawn(program, [...before, ...args], { env, cwd, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const text = { out: "", err: "" };
  const listeners = new Set<() => void>();
  const heard = (): void => { for (const listener of [...listeners]) listener(); };
  child.stdout.on("data", (chunk) => { text.out += chunk; heard(); });
  child.stderr.on("data", (chunk) => { text.err += chunk; heard(); });
  // A test that fails half way leaves nothing behind.
  const stop = (): void => { if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) process.kill(-child.pid, "SIGKILL"); };
  process.on("exit", stop);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      process.off("exit", stop);
      resolve({ code, ...text });
    });
  });
  return {
    child, ended,
    line: (pattern) => new Promise((resolve, reject) => {
      const look = (): boolean => {
        const found = pattern.exec(text.out) ?? pattern.exec(text.err);
        if (found === null) return false;
        listeners.delete(look);
        resolve(found);
        return true;
      };
      listeners.add(look);
      if (!look()) void ended.then(({ code }) => reject(new AssertionError({ message: `ended with ${code} and without ${pattern}: ${text.out}${text.err}` })));
    }),
    interrupt: () => void process.kill(-child.pid!, "SIGINT"),
  };
}

/** Runs to the end. */
export function runCommand(args: readonly string[], options: CommandOptions): Promise<Ended> {
  return startCommand(args, options).ended;
}

/** Starts a server, hands over its address, and stops it whatever happened. */
export async function withCommandServer(options: CommandOptions, work: (url: string, server: Started) => Promise<void>, args: readonly string[] = []): Promise<void> {
  const server = startCommand(["serve", "--port", "0", "--host", "127.0.0.1", ...args], options);
  try {
    const [url] = await server.line(/http:\/\/127\.0\.0\.1:\d+/);
    await work(url, server);
  } finally {
    server.child.kill("SIGTERM");
    await server.ended;
  }
}
