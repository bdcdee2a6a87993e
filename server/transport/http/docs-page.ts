// openapi.yaml as one page a person can read, made here: no script, nothing loaded from elsewhere.

interface Node {
  readonly [member: string]: unknown;
}

const style = `body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}
code{font:13px/1.4 ui-monospace,monospace}h2{margin-top:2.5rem;border-bottom:1px solid #ccc}h3{margin:1.5rem 0 .2rem}
.get,.post,.put,.delete{color:#fff;padding:.1rem .4rem;border-radius:3px;background:#2b6}.post{background:#26b}.put{background:#a60}.delete{background:#b33}
table{border-collapse:collapse;width:100%}td{border-top:1px solid #ddd;padding:.2rem .6rem .2rem 0;vertical-align:top}p{margin:.2rem 0}`;

/** @param document openapi.yaml, parsed */
export function docsPage(document: unknown): string {
  const root = node(document);
  const info = node(root["info"]);
  const schemas = entries(node(root["components"])["schemas"]);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Masklet: routes and messages</title><style>${style}</style></head><body>
<h1>Masklet</h1><p>${text(info["description"])}</p><p>The same as a document for programs: <a href="/openapi.json">/openapi.json</a></p>
<h2>Routes</h2>${entries(root["paths"]).map(([path, item]) => routeText(path, node(item))).join("")}
<h2>Values and messages</h2>${schemas.map(([name, schema]) => schemaText(name, node(schema))).join("")}
</body></html>`;
}

function routeText(path: string, item: Node): string {
  return ["get", "post", "put", "delete"].filter((method) => item[method] !== undefined).map((method) => {
    const operation = node(item[method]);
    const parameters = [...list(item["parameters"]), ...list(operation["parameters"])].map((parameter) => typeText(node(parameter)));
    const body = contentText(operation["requestBody"]);
    const answers = entries(operation["responses"]).map(([status, response]) => `<tr><td>${text(status)}</td><td>${text(node(response)["description"])} ${contentText(response)}${refText(node(response))}</td></tr>`);
    return `<h3 id="${text(operation["operationId"])}"><span class="${method}">${method.toUpperCase()}</span> <code>${text(path)}</code></h3><p>${text(operation["summary"])}</p>
${parameters.length > 0 ? `<p>Parameters: ${parameters.join(", ")}</p>` : ""}${body ? `<p>Body: ${body}</p>` : ""}<table>${answers.join("")}</table>`;
  }).join("");
}

function contentText(holder: unknown): string {
  return entries(node(holder)["content"]).map(([type, media]) => `<code>${text(type)}</code> ${typeText(node(node(media)["schema"]))}`).join(", ");
}

function schemaText(name: string, schema: Node): string {
  const required = list(schema["required"]);
  const rows = entries(schema["properties"]).map(([member, value]) =>
    `<tr><td><code>${text(member)}</code>${required.includes(member) ? "" : "?"}</td><td>${typeText(node(value))}</td><td>${text(node(value)["description"])}</td></tr>`);
  return `<h3 id="${text(name)}">${text(name)}</h3><p>${text(schema["description"])}</p>${rows.length > 0 ? `<table>${rows.join("")}</table>` : `<p>${typeText(schema)}</p>`}`;
}

function typeText(schema: Node): string {
  if (schema["$ref"] !== undefined) return refText(schema);
  if (schema["in"] !== undefined) return `<code>${text(schema["name"])}</code>`;
  if (schema["const"] !== undefined) return `<code>${text(JSON.stringify(schema["const"]))}</code>`;
  if (schema["enum"] !== undefined) return list(schema["enum"]).map((value) => `<code>${text(value)}</code>`).join(" | ");
  const branches = [...list(schema["oneOf"]), ...list(schema["anyOf"])];
  if (branches.length > 0) return branches.map((branch) => typeText(node(branch))).join(" | ");
  if (schema["prefixItems"] !== undefined) return `[${list(schema["prefixItems"]).map((item) => typeText(node(item))).join(", ")}]`;
  if (schema["type"] === "array") return `list of ${typeText(node(schema["items"]))}`;
  const bounds = [["≥", schema["minimum"]], [">", schema["exclusiveMinimum"]], ["≤", schema["maximum"]]].filter(([, bound]) => bound !== undefined).map((parts) => parts.join(" "));
  return text([schema["format"] === "binary" ? "bytes" : schema["type"] ?? "", ...bounds].join(" "));
}

function refText(schema: Node): string {
  const name = String(schema["$ref"] ?? "").split("/").at(-1)!;
  return name === "" ? "" : `<a href="#${text(name)}">${text(name)}</a>`;
}

function node(value: unknown): Node {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function entries(value: unknown): [string, unknown][] {
  return Object.entries(node(value));
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
  return String(value ?? "").replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]!);
}
