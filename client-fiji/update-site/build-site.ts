// node scripts/run.js client-fiji/update-site/build-site.ts [FOLDER]: the folder to publish, see README.md.
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { MaskletError, asMaskletError } from "#protocol/errors.ts";
import { updateSite, type SiteFile } from "./site.ts";

const client = fileURLToPath(new URL("..", import.meta.url));

/** The jar that `mvn package` made last, by the version of pom.xml. */
async function jar(): Promise<SiteFile> {
  const version = /<artifactId>Masklet_Client<\/artifactId>\s*<version>([^<]+)</.exec(await readFile(join(client, "pom.xml"), "utf8"))?.[1];
  const name = `Masklet_Client-${version}.jar`;
  const content = await readFile(join(client, "target", name)).catch((error: unknown) => {
    throw MaskletError.of("file_unreadable", { file: join(client, "target", name), why: "it is not built; run `mvn -q package` in client-fiji first" }, error);
  });
  return { path: `plugins/${name}`, content, description: "Segments volumes slice by slice with prompts, by SAM 2 or by classical recipes, through a Masklet server on this machine." };
}

/** Where Fiji's script menu looks: folders are menus, and underscores in the name become spaces. */
async function examples(): Promise<SiteFile[]> {
  const folder = join(client, "examples");
  const names = (await readdir(folder)).filter((name) => /\.(ijm|groovy)$/.test(name)).sort();
  return Promise.all(names.map(async (name): Promise<SiteFile> => {
    const content = await readFile(join(folder, name));
    return { path: `scripts/Plugins/Masklet/Examples/${name}`, content, description: "An example for Masklet, made to be copied and changed." };
  }));
}

const folder = resolve(process.argv[2] ?? join(client, "target", "update-site"));
const timestamp = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
try {
  const { listed, fresh } = await updateSite(folder, [await jar(), ...await examples()], timestamp);
  for (const { filename, current } of listed) console.log(`${current === undefined ? "removed  " : fresh.has(filename) ? "new      " : "unchanged"} ${filename}`);
  console.log(`${folder} is ready to be published.`);
} catch (error) {
  console.error(asMaskletError(error).message);
  process.exitCode = 1;
}
