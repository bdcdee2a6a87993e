// Every npm script starts here, with whatever Node is there and nothing installed: it installs the dependencies into the
// checkout when they are missing or old, then runs the script named on the Node that came with them.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const [script, ...rest] = process.argv.slice(2);
const stamp = `${root}node_modules/.installed-lock`;
const lock = createHash("sha256").update(readFileSync(`${root}package-lock.json`)).digest("hex");

/** Ends when the command has ended; a signal is passed on, so that ending this process leaves none behind. */
function run(command, args, options = {}) {
  return new Promise((ended) => {
    const child = spawn(command, args, { cwd: root, stdio: "inherit", ...options });
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
    child.on("error", (error) => {
      console.error(`${command} could not be started: ${error.message}`);
      ended(1);
    });
    child.on("exit", (code, signal) => ended(signal ? 130 : (code ?? 1)));
  });
}

if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== lock) {
  console.error("Installing dependencies into node_modules (once; about 600 MB, most of it the model runtime) ...");
  const status = await run("npm", ["ci", "--no-audit", "--no-fund"], { shell: process.platform === "win32" });
  if (status !== 0) process.exit(status);
  writeFileSync(stamp, lock);
}
const node = `${root}node_modules/node/bin/node${process.platform === "win32" ? ".exe" : ""}`;
// Paths a person types are relative to where they are, so the script runs there.
process.exit(await run(node, [`${root}${script}`, ...rest], { cwd: process.env.INIT_CWD ?? process.cwd() }));
