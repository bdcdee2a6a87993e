// The folder that is published as an update site, read back by Java's own parsers and, where MASKLET_UPDATER_JARS names the
// jars of a Fiji (its jars folder), installed and updated by the real ImageJ Updater.
import assert from "node:assert/strict";
import { createReadStream } from "node:fs";
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { strToU8, unzipSync, zipSync } from "fflate";
import { checksum } from "../../../client-fiji/update-site/checksum.ts";
import { readDatabase, writeDatabase } from "../../../client-fiji/update-site/database.ts";
import { nextList, updateSite } from "../../../client-fiji/update-site/site.ts";
import { exists, jar, repository, runProgram } from "./java-tools.ts";

const JAR = "plugins/Masklet_Client-0.1.0.jar";
const jars = process.env["MASKLET_UPDATER_JARS"];

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "masklet-site-"));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function build(folder: string): Promise<string> {
  const ran = await runProgram(process.execPath, [join(repository, "client-fiji", "update-site", "build-site.ts"), folder], { timeoutMs: 60_000 });
  assert.equal(ran.code, 0, ran.output);
  return ran.output;
}

async function readByJava(folder: string): Promise<string[][]> {
  const ran = await runProgram("java", [join(repository, "test", "end-to-end", "imagej", "UpdateSite.java"), folder], { timeoutMs: 60_000 });
  assert.equal(ran.code, 0, ran.output);
  return ran.output.trim().split("\n").map((line) => line.split("\t"));
}

export function updateSiteTests(): void {
  test("the folder holds jar and examples, each with the checksum and size that its list names", () => inFolder(async (folder) => {
    await build(folder);
    const examples = (await readdir(join(repository, "client-fiji", "examples"))).filter((name) => !name.endsWith(".md")).sort();
    const read = await readByJava(folder);
    assert.deepEqual(read.map(([name]) => name), [JAR, ...examples.map((name) => `scripts/Plugins/Masklet/Examples/${name}`)]);
    for (const [name, listed, computed, listedBytes, bytes] of read) {
      assert.match(listed!, /^[0-9a-f]{40}$/);
      assert.deepEqual([listed, listedBytes], [computed, bytes], name);
    }
  }));

  test("built again nothing changes; a new version keeps the old one in its history; what is gone is marked", () => inFolder(async (folder) => {
    await build(folder);
    const before = await readFile(join(folder, "db.xml.gz"));
    assert.match(await build(folder), /^unchanged plugins\/Masklet_Client-0\.1\.0\.jar\n(unchanged .*\n)+/);
    const same = readDatabase("db.xml.gz", await readFile(join(folder, "db.xml.gz")));
    assert.deepEqual(same, readDatabase("db.xml.gz", before));

    const [old] = same;
    const newer = zipSync({ ...unzipSync(new Uint8Array(await readFile(jar))), "plugins.config": strToU8("# another") });
    await updateSite(folder, [{ path: "plugins/Masklet_Client-0.2.0.jar", content: newer, description: 'a < b & "c"' }], "29990101000000");
    const [next, ...gone] = readDatabase("db.xml.gz", await readFile(join(folder, "db.xml.gz")));
    assert.equal(next!.filename, "plugins/Masklet_Client-0.2.0.jar");
    assert.deepEqual(next!.previous, [{ filename: JAR, checksum: old!.current!.checksum, timestamp: old!.current!.timestamp }]);
    assert.deepEqual(next!.current, { checksum: checksum("any.jar", newer), timestamp: "29990101000000", sizeBytes: newer.length });
    assert.ok(gone.length > 0 && gone.every(({ current, previous }) => current === undefined && previous.length === 1));
    assert.deepEqual((await readByJava(folder)).map(([, found]) => found === "removed"), [false, ...gone.map(() => true)]);
  }));

  test("a jar built again from the same sources is the same; a changed file, a list that is none and a comment's rule are told", async () => {
    const entries = unzipSync(new Uint8Array(await readFile(jar)));
    const again = zipSync({ ...entries, "META-INF/MANIFEST.MF": strToU8("Built-By: somebody\n") }, { mtime: "2001-01-01" });
    assert.equal(checksum(JAR, again), checksum(JAR, new Uint8Array(await readFile(jar))));
    assert.notEqual(checksum("a.txt", strToU8("1")), checksum("b.txt", strToU8("1")));
    assert.throws(() => checksum(JAR, zipSync({ "pom.properties": strToU8("#now") })), /pom\.properties, which the Updater checks by a rule/);
    assert.throws(() => readDatabase("x", strToU8("no gzip")), /x could not be read: it is not packed by gzip/);
    assert.throws(() => readDatabase("x", gzipSync("<html/>")), /it is no list of the ImageJ Updater/);
    assert.throws(() => readDatabase("x", gzipSync('<pluginRecords><plugin name="a"/></pluginRecords>')), /a plugin without its filename/);
    assert.deepEqual(readDatabase("x", writeDatabase([{ filename: "a'&amp;.txt", previous: [] }])), [{ filename: "a'&amp;.txt", previous: [] }]);
    const first = nextList([], [{ path: "scripts/A_B.ijm", content: strToU8("1"), description: "" }], "20260101000000");
    const removed = nextList(first, [], "20260102000000");
    const back = nextList(removed, [{ path: "scripts/A_B.ijm", content: strToU8("2"), description: "" }], "20260103000000");
    assert.deepEqual(back[0]!.previous.map(({ timestamp }) => timestamp), ["20260101000000"]);
  });

  test("the real Updater installs it, updates it, and leaves alone what a person changed", { skip: jars === undefined ? "MASKLET_UPDATER_JARS names no folder" : false }, () => inFolder(async (folder) => {
    const [site, fiji] = [join(folder, "site"), join(folder, "Fiji")];
    await mkdir(join(fiji, "plugins"), { recursive: true });
    await build(site);
    const server = createServer((request, response) => {
      const file = join(site, decodeURI(request.url ?? ""));
      stat(file).then(({ mtime, size }) => {
        response.writeHead(200, { "last-modified": mtime.toUTCString(), "content-length": size });
        createReadStream(file).pipe(response);
      }, () => response.writeHead(404).end());
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const address = server.address();
    assert.ok(address !== null && typeof address === "object");
    // The site that every Fiji follows is switched off: nothing here speaks to the internet. (Without any site the Updater fails.)
    const sites = `<disabled-update-site name="ImageJ" url="https://update.imagej.net/" timestamp="0"/><update-site name="Masklet" url="http://127.0.0.1:${address.port}/" timestamp="0"/>`;
    await writeFile(join(fiji, "db.xml.gz"), gzipSync(`<pluginRecords>${sites}</pluginRecords>`));
    const updater = async (...command: string[]): Promise<string> => {
      const ran = await runProgram("java", [`-Dimagej.dir=${fiji}`, `-Duser.home=${folder}`, "-cp", [join(jars!, "*")].join(delimiter), "net.imagej.updater.CommandLine", ...command], { timeoutMs: 120_000 });
      assert.equal(ran.code, 0, ran.output);
      return ran.output;
    };
    try {
      await updater("update");
      assert.deepEqual(await readFile(join(fiji, JAR)), await readFile(jar));
      const listed = await updater("list-from-site", "Masklet");
      const names = (await readByJava(site)).map(([name]) => name!);
      for (const name of names) assert.match(listed, new RegExp(`${name.replaceAll(".", "\\.")}\\t\\(INSTALLED\\)`));

      // A new jar and a new example come; the example that a person has changed stays.
      const changed = join(fiji, names[1]!);
      await appendFile(changed, "// mine\n");
      const newer = zipSync({ ...unzipSync(new Uint8Array(await readFile(jar))), "plugins.config": strToU8("# another") });
      const files = await Promise.all(names.slice(1).map(async (path) => ({ path, content: Buffer.concat([await readFile(join(site, `${path}-${readDatabase("", await readFile(join(site, "db.xml.gz"))).find(({ filename }) => filename === path)!.current!.timestamp}`)), Buffer.from("// new\n")]), description: "" })));
      await updateSite(site, [{ path: "plugins/Masklet_Client-0.2.0.jar", content: newer, description: "" }, ...files], "29990101000000");
      await updater("update");
      assert.equal(await exists(join(fiji, JAR)), false);
      assert.deepEqual(new Uint8Array(await readFile(join(fiji, "plugins/Masklet_Client-0.2.0.jar"))), newer);
      assert.match(await readFile(changed, "utf8"), /\/\/ mine\n$/);
      assert.match(await readFile(join(fiji, names[2]!), "utf8"), /\/\/ new\n$/);
    } finally {
      server.close();
    }
  }));
}
