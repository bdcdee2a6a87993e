// A program that answers as a Python would that trains: what it says is decided by FAKE_PYTHON, so that the command is tested without torch.
import { chmodSync, writeFileSync } from "node:fs";

const source = `
const [flag, ...rest] = process.argv.slice(2);
const how = process.env.FAKE_PYTHON ?? "";
const say = (event, more = {}) => process.stdout.write(JSON.stringify({ event, ...more }) + "\\n");
const { appendFileSync, mkdirSync, writeFileSync, copyFileSync } = require("node:fs");
if (process.env.FAKE_LOG) appendFileSync(process.env.FAKE_LOG, JSON.stringify(process.argv.slice(2)) + "\\n");
if (flag === "-c" && rest[0].includes("find_spec")) {
  console.log("masklet", 3, how === "old" ? 8 : 12, ...(how === "no-torch" || how.startsWith("install") ? ["torch", "sam2"] : []));
} else if (flag === "-m" && rest[0] === "venv") {
  mkdirSync(rest[1] + "/bin", { recursive: true });
  copyFileSync(__filename, rest[1] + "/bin/python");
  require("node:fs").chmodSync(rest[1] + "/bin/python", 0o755);
} else if (flag === "-m" && rest[0] === "pip") {
  if (how === "install-fails") { console.error("noise\\nERROR: No matching distribution found for torch==2.6.0"); process.exit(1); }
  if (how === "install-slow") setInterval(() => {}, 1000);
} else if (flag === "-u") {
  const at = rest.indexOf("--output");
  const output = at < 0 ? "/where/it/began.safetensors" : rest[at + 1];
  say("started", { steps: 4, device: "cpu", objects: 3, heldOut: 2, clip: 1, run: "/run/of/it", parameters: 1e6 });
  if (how === "dies") { console.error("Traceback (most recent call last):\\n  File x\\nRuntimeError: the sky fell"); process.exit(1); }
  if (how === "killed") process.kill(process.pid, "SIGKILL");
  if (how === "silent") process.exit(0);
  if (how === "fault") { say("error", { code: "finetune_diverged", details: { step: 3, why: "the loss is not a number", kept: "/run/of/it/step-2.pt" } }); process.exit(3); }
  if (how === "unknown-fault") { say("error", { code: "what_is_this", details: {} }); process.exit(3); }
  say("step", { step: 1, steps: 4, loss: 0.5, dice: 0.6, secondsLeft: 600 });
  if (how === "endless") {
    process.on("SIGINT", () => { say("saved", { step: 2 }); say("stopped", { step: 2, run: "/run/of/it" }); process.exit(0); });
    setInterval(() => {}, 1000);
  } else {
    if (how === "nonsense") process.stdout.write("UserWarning: hello\\n{\\"event\\": 7}\\n[1]\\n{\\"event\\": \\"dance\\"}\\n\\u0000{broken\\n");
    say("checked", { step: 4, dice: 0.7, kinds: { box: 0.7 } });
    if (process.env.FAKE_WEIGHTS && at >= 0) copyFileSync(process.env.FAKE_WEIGHTS, output);
    say("done", { output: output, step: 4, bestStep: 4, ended: "steps", split: "test", objects: 2, before: { box: 0.6 }, after: { box: 0.7 } });
  }
}
`;

export function writeFakePython(path: string): string {
  writeFileSync(path, `#!${process.execPath}\n${source}`);
  chmodSync(path, 0o755);
  return path;
}
