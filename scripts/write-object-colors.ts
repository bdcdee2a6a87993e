// Writes fixtures/protocol/object-colors.json: the table of server/exports/object-colors.ts for clients in other languages.
import { writeFileSync } from "node:fs";
import { objectColorTable } from "#server/exports/object-colors.ts";

const rows = objectColorTable.map((color) => `  [${color.join(", ")}]`);
writeFileSync(new URL("../fixtures/protocol/object-colors.json", import.meta.url), `[\n${rows.join(",\n")}\n]\n`);
