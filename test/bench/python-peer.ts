// A Python script that works beside us in the same run: one line of JSON asks, one answers.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { classicalPython } from "./classical-python.ts";

export interface PythonPeer<Work, Answer> {
  ask(work: Work): Promise<Answer>;
  close(): void;
}

/** @param script in fixtures/make @returns undefined where there is no Python with the peers */
export function openPythonPeer<Work, Answer>(script: string, ...args: readonly string[]): PythonPeer<Work, Answer> | undefined {
  const python = classicalPython();
  if (python === undefined) return undefined;
  const child = spawn(python, [fileURLToPath(new URL(`../../fixtures/make/${script}`, import.meta.url)), ...args], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    ask: async (work) => {
      child.stdin.write(`${JSON.stringify(work)}\n`);
      const { done, value } = await lines.next();
      if (done) throw new Error(`${python} ended before it answered`);
      return JSON.parse(value);
    },
    close: () => child.stdin.end(),
  };
}
