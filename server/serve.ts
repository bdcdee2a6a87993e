// Runs a server until it is told to stop.
import { createApp } from "./app.ts";
import type { Config } from "./config.ts";

/** Listens, says where, and resolves when the signal has fired and everything is closed. @throws port_in_use, token_required */
export async function serve(config: Config, signal: AbortSignal, onListening: (urls: readonly string[]) => void): Promise<void> {
  const app = createApp(config);
  try {
    const { urls } = await app.listen();
    onListening(urls);
    await new Promise<void>((stopped) => {
      if (signal.aborted) stopped();
      signal.addEventListener("abort", () => stopped(), { once: true });
    });
  } finally {
    await app.close();
  }
}
