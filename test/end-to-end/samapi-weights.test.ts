// Weights as the QuPath SAM extension registers them: from an address of this machine, watched, cancelled, asked for twice.
import assert from "node:assert/strict";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { createApp } from "#server/app.ts";
import type { App } from "#server/app.ts";
import { leaveEmbeddedOut } from "../embedded.ts";
import { openFileServer } from "../file-server.ts";
import type { FileServer } from "../file-server.ts";
import { ask, base64, disc, pixelsOf, png } from "../samapi-client.ts";
import type { Json } from "../samapi-client.ts";
import { smallSam2File } from "../small-sam2.ts";

leaveEmbeddedOut();

const own: { folder: string; app: App | undefined; sam: string; files: FileServer | undefined; bytes: Uint8Array } = { folder: "", app: undefined, sam: "", files: undefined, bytes: new Uint8Array(0) };

before(async () => {
  own.folder = await mkdtemp(join(tmpdir(), "masklet-samapi-weights-"));
  own.bytes = await readFile(smallSam2File);
  own.files = await openFileServer(own.bytes, "mine.safetensors");
  own.app = createApp({ home: join(own.folder, "home"), port: 0, roots: [join(own.folder)], host: "127.0.0.1", onLog: () => undefined });
  own.sam = `${(await own.app.listen()).urls[0]!}/sam/`;
});
after(async () => {
  await own.app?.close();
  await own.files?.close();
  await rm(own.folder, { recursive: true, force: true, maxRetries: 5 });
});

const register = async (name: string, url: string, type = "sam2_t"): Promise<string> => {
  const { status, type: media, text } = await ask(own.sam, "POST", "weights/", { type, name, url });
  assert.deepEqual([status, media.split(";")[0]], [200, "text/plain"]);
  return text.trim();
};
const listed = async (type: string): Promise<Json[]> => (await ask(own.sam, "GET", `weights/?type=${type}`)).json;
const progress = async (): Promise<Json> => (await ask(own.sam, "GET", "progress/")).json;

test("with nothing installed the list says what to do, and so does a prompt", async () => {
  assert.deepEqual(await listed("vit_l"), [{ type: "vit_l", name: "No model is installed: run `masklet models pull mobile-sam`", url: "masklet:none" }]);
  const b64img = base64(png(disc(40, 30, { x: 20, y: 15, radius: 6 })));
  for (const more of [{}, { checkpoint_url: "masklet:none" }]) {
    const { status, text } = await ask(own.sam, "POST", "", { type: "vit_l", bbox: [1, 1, 9, 9], b64img, ...more });
    assert.equal(status, 500);
    assert.match(text, /masklet models pull mobile-sam/);
  }
});

test("a download is watched, and cancelled", async () => {
  const { served, address } = own.files!;
  const half = Math.floor(own.bytes.length / 2);
  served.cuts.push(half);
  const registering = register("My Cells!", address);
  for (;;) {
    const { percent, message } = await progress();
    if (percent === Math.floor((100 * half) / own.bytes.length)) {
      assert.match(message, /^downloading My Cells!: \d+\.\d of \d+\.\d MiB$/);
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.equal((await ask(own.sam, "GET", "weights/cancel/")).text, "Cancel signal sent");
  assert.equal(await registering, "Registering My Cells! was cancelled.");
  assert.deepEqual(await progress(), { message: null, percent: -1 });
});

test("then it goes on, is installed, listed, chosen, and not registered twice", async () => {
  const { address, asked } = own.files!;
  assert.equal(await register("My Cells!", address), "My Cells! is registered, as my-cells.");
  assert.match(asked.at(-1)!, /^bytes=\d+-$/);
  assert.deepEqual((await listed("sam2_t")).map(({ url }) => url), ["masklet:my-cells"]);
  assert.equal(await register("My cells", `${address}?again`), "My cells already exists by name.");
  assert.equal(await register("Others", address), `${address} already exists by url, as my-cells.`);
  const picture = disc(64, 64, { x: 30, y: 34, radius: 12 });
  for (const checkpoint_url of ["masklet:my-cells", address]) {
    const [feature] = (await ask(own.sam, "POST", "", { type: "sam2_t", bbox: [18, 22, 42, 46], b64img: base64(png(picture)), checkpoint_url })).json;
    assert.equal(feature.properties.sam_model, "my-cells");
    assert.ok(pixelsOf(feature, 64, 64).includes(1));
  }
});

test("a file under a root will do; other places, other kinds and SAM 3 are refused in words", async () => {
  const file = join(own.folder, "again.safetensors");
  await copyFile(smallSam2File, file);
  assert.equal(await register("from a file", file), "from a file is registered, as from-a-file.");
  assert.equal((await listed("vit_h")).length, 2);
  await writeFile(join(own.folder, "text.pt"), "no weights");
  const cases: readonly (readonly [string, RegExp])[] = [
    ["/etc/passwd", /is not under an allowed folder/],
    [join(own.folder, "..", "x.pt"), /is not under an allowed folder/],
    [join(own.folder, "gone.pt"), /There is no file/],
    ["weights.pt", /neither an address/],
    ["ftp://elsewhere.example/x.pt", /neither an address/],
    ["file://elsewhere.example/x.pt", /names no file|not under/],
    ["http://elsewhere.example/x.pt", /must begin with https/],
    ["https://user:word@elsewhere.example/x.pt", /user name or password/],
    [join(own.folder, "text.pt"), /is not a (sound )?checkpoint/],
  ];
  for (const [url, expected] of cases) {
    const told = await register("other", url);
    assert.match(told, /^other is not registered\. /);
    assert.match(told, expected, url);
  }
  assert.match(await register("three", "https://elsewhere.example/sam3.pt", "sam3"), /SAM 3 is not installed/);
  assert.equal((await listed("sam3"))[0].name, "SAM 3 is not installed");
  assert.equal((await listed("vit_h")).length, 2);
});
