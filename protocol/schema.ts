// openapi.yaml at run time: checks values against its schemas, and walks them where a codec needs to know the shape.
import { readFileSync } from "node:fs";
import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import { parse } from "yaml";
import { MaskletError } from "./errors.ts";
import type { Schema, SchemaName } from "./types.ts";

/** The part of JSON Schema that openapi.yaml uses. */
export interface SchemaNode {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly items?: SchemaNode | false;
  readonly prefixItems?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
  readonly anyOf?: readonly SchemaNode[];
}

interface Document {
  readonly info: { readonly version: string };
  readonly components: { readonly schemas: Readonly<Record<string, SchemaNode>> };
}

const documentId = "masklet:openapi";
const loaded = new Map<"document", Document>();
const compiled = new Map<SchemaName, ValidateFunction>();
const compilers = new Map<"ajv", Ajv2020>();

/** openapi.yaml as an object; read at first use. */
export function openapiDocument(): Document {
  const before = loaded.get("document");
  if (before !== undefined) return before;
  const document: Document = parse(readFileSync(new URL("./openapi.yaml", import.meta.url), "utf8"));
  loaded.set("document", document);
  return document;
}

export function schemaNode(name: SchemaName): SchemaNode {
  return resolve({ $ref: `#/components/schemas/${name}` });
}

/** Follows `$ref` to the schema itself. */
export function resolve(node: SchemaNode): SchemaNode {
  if (node.$ref === undefined) return node;
  const found = openapiDocument().components.schemas[node.$ref.slice(node.$ref.lastIndexOf("/") + 1)];
  if (found === undefined) throw MaskletError.of("internal", { why: `openapi.yaml has no ${node.$ref}` });
  return resolve(found);
}

export function isBytes(node: SchemaNode): boolean {
  return node.type === "string" && node.format === "binary";
}

/** Members in the form Ajv can check: `format: binary` means a Uint8Array here, not a string. */
function forAjv(_key: string, value: unknown): unknown {
  return typeof value === "object" && value !== null && "format" in value && value.format === "binary" ? { bytes: true } : value;
}

function compiler(): Ajv2020 {
  const before = compilers.get("ajv");
  if (before !== undefined) return before;
  // NaN and infinity are no numbers here: MessagePack carries them, JSON files would lose them.
  const ajv = new Ajv2020({ strict: false, strictNumbers: true, allErrors: false });
  ajv.addKeyword({ keyword: "bytes", validate: (_schema: unknown, data: unknown) => data instanceof Uint8Array, error: { message: "must be bytes" } });
  const { components } = JSON.parse(JSON.stringify(openapiDocument(), forAjv));
  ajv.addSchema({ $id: documentId, components });
  compilers.set("ajv", ajv);
  return ajv;
}

function validator(name: SchemaName): ValidateFunction {
  const before = compiled.get(name);
  if (before !== undefined) return before;
  const made = compiler().compile({ $ref: `${documentId}#/components/schemas/${name}` });
  compiled.set(name, made);
  return made;
}

function isValid<N extends SchemaName>(_name: N, value: unknown, check: ValidateFunction): value is Schema<N> {
  return check(value) === true;
}

/** @returns the same value, now typed. @throws request_invalid with the place and the reason */
export function validate<N extends SchemaName>(name: N, value: unknown): Schema<N> {
  const check = validator(name);
  if (isValid(name, value, check)) return value;
  const first = check.errors?.[0];
  throw MaskletError.of("request_invalid", { what: name, at: first?.instancePath ?? "", why: reason(first) });
}

function reason(error: ErrorObject | undefined): string {
  if (error === undefined) return "it does not match";
  if (error.keyword === "additionalProperties") return `it has an unknown member "${error.params["additionalProperty"]}"`;
  if (error.keyword === "enum") return `it must be one of ${error.params["allowedValues"].join(", ")}`;
  return error.message ?? error.keyword;
}
