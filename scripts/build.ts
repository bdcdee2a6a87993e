// Compiles the published package into dist/, with a package.json of its own that maps #protocol/x.ts to ./protocol/x.js.
import { cpSync, existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
rmSync("dist", { recursive: true, force: true });
/** "will not be rewritten during emit because it is not a relative path": so it shall be for #protocol/x.ts, which dist/package.json maps. */
const keptOnPurpose = 2877;
const { config } = ts.readConfigFile("tsconfig.build.json", ts.sys.readFile);
const { options, fileNames, errors } = ts.parseJsonConfigFileContent(config, ts.sys, process.cwd(), undefined, "tsconfig.build.json");
const program = ts.createProgram(fileNames, options);
const found = [...errors, ...ts.getPreEmitDiagnostics(program)].filter(({ code }) => code !== keptOnPurpose);
const { diagnostics } = program.emit();
// Types are published of the client alone, and of what it is made of.
const client = ts.createProgram(["client-typescript/client.ts"], { ...options, declaration: true, emitDeclarationOnly: true });
const faults = [...found, ...diagnostics, ...client.emit().diagnostics];
if (faults.length > 0) {
  const host: ts.FormatDiagnosticsHost = { getCurrentDirectory: () => process.cwd(), getCanonicalFileName: (name) => name, getNewLine: () => "\n" };
  process.stderr.write(ts.formatDiagnostics(faults, host));
  process.exit(1);
}
cpSync("protocol/openapi.yaml", "dist/protocol/openapi.yaml");
cpSync("server/classical/kernels/simd/kernels.wasm", "dist/server/classical/kernels/simd/kernels.wasm");
// What trains networks stays Python; its tests stay here.
for (const name of readdirSync("training").filter((one) => /\.(py|txt)$/.test(one))) cpSync(`training/${name}`, `dist/training/${name}`);
// The weights in the box, with their scores and their card.
if (existsSync("models/embedded")) cpSync("models/embedded", "dist/models/embedded", { recursive: true });
const imports = Object.fromEntries(["protocol", "models", "training", "server"].map((part) => [`#${part}/*.ts`, `./${part}/*.js`]));
writeFileSync("dist/package.json", `${JSON.stringify({ type: "module", imports }, null, 2)}\n`);
