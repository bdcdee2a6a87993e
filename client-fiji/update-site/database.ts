// db.xml.gz, the list by which the ImageJ Updater knows an update site: what is there now, and what was there before.
// Form: imagej/imagej-updater, src/main/java/net/imagej/updater/XMLFileWriter.java.
import { gunzipSync, gzipSync } from "node:zlib";
import { MaskletError } from "#protocol/errors.ts";

export interface Version {
  readonly checksum: string;
  /** YYYYMMDDhhmmss. */
  readonly timestamp: string;
}

export interface Listed {
  /** Inside Fiji's folder, with forward slashes. Of a jar the Updater takes off the version, so that 0.2.0 replaces 0.1.0. */
  readonly filename: string;
  /** Undefined for a file that is no longer offered: the Updater removes it. */
  readonly current?: Version & { readonly sizeBytes: number };
  /** Without them an older file on somebody's disk counts as changed by hand and is left alone. */
  readonly previous: readonly (Version & { readonly filename: string })[];
  readonly description?: string;
}

/** The parts of the Updater's own document type that this list uses. */
const DOCUMENT_TYPE = `<!DOCTYPE pluginRecords [
<!ELEMENT pluginRecords (plugin*)>
<!ELEMENT plugin (version?, previous-version*)>
<!ELEMENT version (description?)>
<!ELEMENT previous-version EMPTY>
<!ELEMENT description (#PCDATA)>
<!ATTLIST plugin filename CDATA #REQUIRED>
<!ATTLIST version timestamp CDATA #REQUIRED checksum CDATA #REQUIRED filesize CDATA #REQUIRED>
<!ATTLIST previous-version filename CDATA #IMPLIED timestamp CDATA #REQUIRED timestamp-obsolete CDATA #IMPLIED checksum CDATA #REQUIRED>
]>`;

export function writeDatabase(files: readonly Listed[]): Uint8Array {
  const plugins = files.map(({ filename, current, previous, description }) => {
    const words = description === undefined ? [] : [`      <description>${escape(description)}</description>`];
    const version = current === undefined ? [] : [
      `    <version checksum="${current.checksum}" timestamp="${current.timestamp}" filesize="${current.sizeBytes}">`,
      ...words,
      "    </version>",
    ];
    const before = previous.map((old) => `    <previous-version timestamp="${old.timestamp}" checksum="${old.checksum}" filename="${escape(old.filename)}"/>`);
    return [`  <plugin filename="${escape(filename)}">`, ...version, ...before, "  </plugin>"].join("\n");
  });
  const text = ['<?xml version="1.0" encoding="UTF-8"?>', DOCUMENT_TYPE, "<pluginRecords>", ...plugins, "</pluginRecords>", ""].join("\n");
  return gzipSync(text);
}

const TAG = /<(\/?)([\w-]+)((?:\s+[\w-]+="[^"]*")*)\s*\/?>/g;
const ATTRIBUTE = /([\w-]+)="([^"]*)"/g;

/**
 * What an earlier run wrote, or the Updater itself: files and their versions. Words are not read, they are written anew.
 *
 * @throws file_unreadable
 */
export function readDatabase(path: string, content: Uint8Array): Listed[] {
  const files: Listed[] = [];
  let open: { filename: string; current?: Listed["current"]; previous: (Version & { filename: string })[] } | undefined;
  for (const [, closing, tag, written = ""] of unzipped(path, content).matchAll(TAG)) {
    const has = new Map(Array.from(written.matchAll(ATTRIBUTE), ([, name, value]) => [name!, unescape(value!)]));
    const attribute = (name: string): string => has.get(name) ?? unreadable(path, `a ${tag} without its ${name}`);
    if (tag === "plugin" && closing === "") open = { filename: attribute("filename"), previous: [] };
    else if (tag === "plugin" && open !== undefined) files.push(open);
    else if (tag === "version" && closing === "" && open !== undefined) open.current = { checksum: attribute("checksum"), timestamp: attribute("timestamp"), sizeBytes: Number(attribute("filesize")) };
    else if (tag === "previous-version" && open !== undefined) open.previous.push({ checksum: attribute("checksum"), timestamp: attribute("timestamp"), filename: has.get("filename") ?? open.filename });
  }
  return files;
}

function unzipped(path: string, content: Uint8Array): string {
  try {
    const text = gunzipSync(content).toString("utf8");
    return text.includes("<pluginRecords") ? text : unreadable(path, "it is no list of the ImageJ Updater");
  } catch (error) {
    if (error instanceof MaskletError) throw error;
    throw MaskletError.of("file_unreadable", { file: path, why: "it is not packed by gzip" }, error);
  }
}

function unreadable(file: string, why: string): never {
  throw MaskletError.of("file_unreadable", { file, why });
}

const ENTITIES: readonly (readonly [string, string])[] = [["&", "&amp;"], ["<", "&lt;"], [">", "&gt;"], ['"', "&quot;"], ["'", "&apos;"]];

function escape(text: string): string {
  return ENTITIES.reduce((done, [plain, entity]) => done.replaceAll(plain, entity), text);
}

/** In the other order, so that what began as `&amp;lt;` ends as `&lt;`. */
function unescape(text: string): string {
  return ENTITIES.toReversed().reduce((done, [plain, entity]) => done.replaceAll(entity, plain), text);
}
