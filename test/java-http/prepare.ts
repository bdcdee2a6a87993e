// Apache's HTTP client driven by lines of text; SamClient.java says which. Not waited for on this thread: the server may be on it.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { prepareJava } from "../oracles/prepare.ts";

export interface JavaReply {
  /** 0 when the client gave up; `text` then says why. */
  readonly status: number;
  readonly type: string;
  readonly ms: number;
  readonly text: string;
}

/** @param timeoutMs of the socket; 0 for the library's own. @throws tool_missing, internal when it cannot be built */
export async function askFromJava(lines: readonly (readonly string[])[], timeoutMs = 0): Promise<JavaReply[]> {
  const { folder, classPath } = prepareJava(new URL(".", import.meta.url), "java-http");
  const running = promisify(execFile)("java", ["-Djava.awt.headless=true", "-Dfile.encoding=UTF-8", `-Duser.home=${folder}`, "-Xmx512m", "-cp", classPath, "SamClient", String(timeoutMs)], { maxBuffer: 256 * 1024 * 1024 });
  running.child.stdin?.end(lines.map((words) => `${words.join("\t")}\n`).join(""));
  const { stdout } = await running;
  return stdout.trim().split("\n").map((line) => {
    const [status = "", type = "", ms = "", body = ""] = line.split("\t");
    return status === "failed" ? { status: 0, type: "", ms: 0, text: type } : { status: Number(status), type, ms: Number(ms), text: Buffer.from(body, "base64").toString() };
  });
}
