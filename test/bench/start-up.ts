// From starting the process to listening, beside an empty Node and a server that does nothing.
import { fileURLToPath } from "node:url";
import { commandFile, startCommand } from "../end-to-end/run-command.ts";
import { freshHome } from "./bench-server.ts";
import { timed, type Bench, type Row } from "./table.ts";

const rounds = 7;
const root = fileURLToPath(new URL("../..", import.meta.url));
const bareServer = 'import express from "express"; const server = express().listen(0, "127.0.0.1", () => console.log("listens on", server.address().port));';
const serve = ["serve", "--port", "0", "--host", "127.0.0.1"];

export const startUp: Bench = {
  name: "start-up",
  run: async () => {
    const { home, remove } = await freshHome();
    const node = process.execPath;
    const listening = async (command: readonly [string, ...string[]], args: readonly string[]): Promise<number> => {
      const started = startCommand(args, { home, cwd: root, command });
      const { ms } = await timed(() => started.line(/listens on/));
      started.child.kill("SIGTERM");
      await started.ended;
      return ms;
    };
    const ways = {
      server: () => listening([node, `${root}server/cli/main.ts`], serve),
      command: () => listening([node, commandFile], serve),
      express: () => listening([node, "--input-type=module", "-e", bareServer], []),
      node: async () => (await timed(() => startCommand(["-e", "0"], { home, command: [node] }).ended)).ms,
    };
    const values: Record<keyof typeof ways, number[]> = { server: [], command: [], express: [], node: [] };
    try {
      // In turn, so that a busy moment of the machine meets all of them; the first round warms the disk cache and is left out.
      for (let round = 0; round <= rounds; round++) {
        for (const way of ["server", "command", "express", "node"] as const) {
          const ms = await ways[way]();
          if (round > 0) values[way].push(ms);
        }
      }
    } finally {
      remove();
    }
    const row = (what: string, measured: readonly number[], beside: string, reference: readonly number[]): Row =>
      ({ bench: "start-up", unit: "ms", measured: { what, values: measured }, reference: { what: beside, values: reference } });
    return [
      row("server/cli/main.ts serve listens", values.server, "a bare express server", values.express),
      row("bin/masklet.js serve listens", values.command, "node -e 0 ends", values.node),
    ];
  },
};
