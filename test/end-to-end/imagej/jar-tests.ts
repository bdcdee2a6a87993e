// What ImageJ and every Java since 8 ask of the jar.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { test } from "node:test";
import { unzipSync } from "fflate";
import { jar } from "./java-tools.ts";

const JAVA_8 = 52;

export function jarTests(): void {
  test("has an underscore in its name, or ImageJ would not look inside", () => {
    assert.match(basename(jar), /_/);
  });

  test("holds Java 8 bytecode alone, and nobody else's classes", async () => {
    const entries = Object.entries(unzipSync(new Uint8Array(await readFile(jar))));
    const classes = entries.filter(([name]) => name.endsWith(".class"));
    assert.ok(classes.length > 20);
    for (const [name, bytes] of classes) {
      assert.match(name, /^org\/masklet\/(wire|fiji)\//);
      assert.equal(new DataView(bytes.buffer, bytes.byteOffset).getUint16(6), JAVA_8, name);
    }
  });

  test("the wire names no ImageJ class", async () => {
    const entries = Object.entries(unzipSync(new Uint8Array(await readFile(jar))));
    for (const [name, bytes] of entries.filter(([name]) => name.startsWith("org/masklet/wire/"))) {
      assert.doesNotMatch(Buffer.from(bytes).toString("latin1"), /\bij\/|org\/masklet\/fiji/, name);
    }
  });

  test("menu labels are unique, start with Masklet, and their classes exist", async () => {
    const files = unzipSync(new Uint8Array(await readFile(jar)));
    const lines = Buffer.from(files["plugins.config"]!).toString().split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    const commands = lines.map((line) => /^Plugins>Masklet, "(.+)"(?:, ([\w.]+).*)?$/.exec(line)!).filter((match) => match[1] !== "-");
    const labels = commands.map((match) => match[1]!);
    assert.equal(new Set(labels).size, labels.length);
    assert.equal(labels.length, 24);
    for (const [, label, className] of commands) {
      assert.ok(label!.startsWith("Masklet "), label);
      assert.ok(`${className!.replaceAll(".", "/")}.class` in files, className);
    }
  });
}
