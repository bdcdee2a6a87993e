// The server as a program: node server/main.ts --port 8000 --root FOLDER ...
import { homedir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { asMaskletError, MaskletError } from "#protocol/errors.ts";
import { defaultPort } from "./config.ts";
import type { Config } from "./config.ts";
import { serve } from "./serve.ts";

function readConfig(args: readonly string[], env: NodeJS.ProcessEnv): Config {
  const options = { host: { type: "string" }, port: { type: "string" }, root: { type: "string", multiple: true } } as const;
  try {
    const { values } = parseArgs({ args: [...args], options, strict: true, allowPositionals: false });
    const port = values.port === undefined ? defaultPort : Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) throw MaskletError.of("usage", { why: `--port ${values.port} is not a port` });
    return {
      home: env["MASKLET_HOME"] || join(homedir(), ".masklet"), host: values.host, port, token: env["MASKLET_TOKEN"] || undefined, roots: values.root ?? [],
      onLog: (line) => void process.stderr.write(`${line}\n`),
    };
  } catch (error) {
    throw error instanceof MaskletError ? error : MaskletError.of("usage", { why: error instanceof Error ? error.message : String(error) }, error);
  }
}

const stop = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort());
try {
  await serve(readConfig(process.argv.slice(2), process.env), stop.signal, (urls) => void process.stdout.write(`masklet listens on ${urls.join(" and ")}\n`));
} catch (thrown) {
  const error = asMaskletError(thrown);
  process.stderr.write(`${error.code}: ${error.message}\n${error.hint}\n`);
  process.exitCode = error.exitCode;
}
