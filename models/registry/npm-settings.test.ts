import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { parseNpmrc, readNpmSettings } from "./npm-settings.ts";

describe("npm's settings", async () => {
  const home = await mkdtemp(join(tmpdir(), "masklet-npmrc-"));
  const folder = await mkdtemp(join(tmpdir(), "masklet-npmrc-"));
  after(() => Promise.all([home, folder].map((path) => rm(path, { recursive: true }))));

  it("are npm's ini", () => {
    const text = '; note\n# note\nregistry = "https://a.test/"\r\n//a.test/:_authToken=${TOKEN}\nother=${ABSENT}\nflag\n';
    assert.deepEqual(parseNpmrc(text, { TOKEN: "x1" }), [["registry", "https://a.test/"], ["//a.test/:_authToken", "x1"], ["other", "${ABSENT}"]]);
  });

  it("are none where nothing is set, so that the downloader's own default stands", async () => {
    assert.deepEqual(await readNpmSettings({ env: {}, folder, home }), {});
  });

  it("come from the environment over the project over the user", async () => {
    await writeFile(join(home, ".npmrc"), "registry=https://user.test/\nhttps-proxy=http://proxy.test:3128\n//user.test/:_authToken=t\n");
    assert.deepEqual(await readNpmSettings({ env: {}, folder, home }), { registry: "https://user.test/", httpsProxy: "http://proxy.test:3128", "//user.test/:_authToken": "t" });
    await writeFile(join(folder, ".npmrc"), "registry=https://project.test/\n");
    assert.equal((await readNpmSettings({ env: {}, folder, home }))["registry"], "https://project.test/");
    assert.equal((await readNpmSettings({ env: { npm_config_registry: "https://env.test/" }, folder, home }))["registry"], "https://env.test/");
    assert.equal((await readNpmSettings({ env: { NPM_CONFIG_REGISTRY: "https://env.test/" }, folder, home }))["registry"], "https://env.test/");
    assert.deepEqual(await readNpmSettings({ env: { npm_config_userconfig: join(home, "absent") }, folder: home, home }), await readNpmSettings({ env: {}, folder: home, home }));
  });
});
