// npm run fixtures: makes again everything generated that is committed, from its sources.
import { fileURLToPath } from "node:url";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
await import("./generate-types.ts");
await import("./build-simd.ts");
await import("../fixtures/make/make-frames.ts");
await import("../fixtures/make/make-object-colors.ts");
