// masklet serve: listens until Ctrl-C.
import { defaultPort } from "../config.ts";
import { serve } from "../serve.ts";
import type { CommandContext } from "./command.ts";
import type { Options } from "./options.ts";

export const serveOptions = { host: "text", port: "text", root: "texts" } as const;

export async function runServe(options: Options, context: CommandContext): Promise<void> {
  const { terminal, home, token, signal } = context;
  const config = {
    home, token, host: options.text("host"), port: options.whole("port", 0, 65_535) ?? defaultPort, roots: options.texts("root"), onLog: terminal.say,
  };
  await serve(config, signal, (urls) => terminal.result(`Masklet listens on ${urls.join(" and ")} (stop it with Ctrl-C)`, { urls }));
}
