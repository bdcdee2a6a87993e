// masklet serve: listens until Ctrl-C.
import { createApp } from "../app.ts";
import { defaultPort } from "../config.ts";
import type { CommandContext } from "./command.ts";
import type { Options } from "./options.ts";

export const serveOptions = { host: "text", port: "text", root: "texts" } as const;

/** Listens, says where, and resolves when the signal has fired and everything is closed. @throws usage, port_in_use, token_required */
export async function runServe(options: Options, context: CommandContext): Promise<void> {
  const { terminal, home, token, signal } = context;
  const app = createApp({
    home, token, host: options.text("host"), port: options.whole("port", 0, 65_535) ?? defaultPort, roots: options.texts("root"), onLog: terminal.say,
    debug: Boolean(process.env["MASKLET_DEBUG"]),
  });
  try {
    const { urls } = await app.listen();
    terminal.result(`Masklet listens on ${urls.join(" and ")} (stop it with Ctrl-C)`, { urls });
    await new Promise<void>((stopped) => {
      if (signal.aborted) stopped();
      signal.addEventListener("abort", () => stopped(), { once: true });
    });
  } finally {
    await app.close();
  }
}
