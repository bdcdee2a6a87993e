// One ONNX graph while it is built. Names are given automatically; weights may be promised and are read only when the graph
// is written, so that a network of any size passes through memory one tensor at a time.
import { MaskletError } from "#protocol/errors.ts";

/** What flows along one edge of a graph. */
export interface Value {
  readonly name: string;
}

/** A number is fixed, a name is free and equal wherever it stands again. */
export type Dims = readonly (number | string)[];

/** i integer, f float, s text, is and fs lists; ONNX wants the type to be said. */
export type Attribute = { readonly i: number } | { readonly f: number } | { readonly s: string } | { readonly is: readonly number[] } | { readonly fs: readonly number[] };
export type Attributes = Readonly<Record<string, Attribute>>;

export type ConstantData = Float32Array | BigInt64Array | Int8Array | Uint8Array;
export type ElementType = "float32" | "int64" | "int8" | "uint8";

export interface Constant {
  readonly name: string;
  readonly dims: readonly number[];
  readonly type: ElementType;
  /** Row-major over `dims`. */
  readonly read: () => ConstantData | Promise<ConstantData>;
}

export interface Port {
  readonly name: string;
  readonly dims: Dims;
}

export interface Node {
  readonly type: string;
  readonly domain: string;
  /** An empty name leaves an optional input out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Attributes;
}

/** The contributed operators of onnxruntime. */
export const CONTRIB = "com.microsoft";

export class GraphBuilder {
  readonly name: string;
  readonly inputs: Port[] = [];
  readonly outputs: Port[] = [];
  readonly nodes: Node[] = [];
  readonly constants: Constant[] = [];
  /** Values that became outputs, by the names they had. */
  readonly #renamed = new Map<string, string>();
  readonly #small = new Map<string, Value>();
  readonly #produced = new Set<string>();

  constructor(name: string) {
    this.name = name;
  }

  /** float32, like all inputs and outputs. */
  input(name: string, dims: Dims): Value {
    this.inputs.push({ name, dims });
    return { name };
  }

  /** @param data row-major over `dims`; a function is called when the graph is written */
  constant(data: Float32Array | (() => Float32Array | Promise<Float32Array>), dims: readonly number[]): Value {
    return this.#constant("float32", dims, typeof data === "function" ? data : () => data);
  }

  /** Eight-bit weights of quantised operators. */
  int8(data: () => Int8Array | Promise<Int8Array>, dims: readonly number[]): Value {
    return this.#constant("int8", dims, data);
  }

  /** A float32 of rank 0; equal ones are one. */
  scalar(value: number): Value {
    return this.#once(`scalar ${value}`, () => this.constant(Float32Array.of(value), []));
  }

  /** An int64 list, as shapes and axes are; equal ones are one. */
  ints(values: readonly number[]): Value {
    return this.#once(`ints ${values.join()}`, () => this.#constant("int64", [values.length], () => BigInt64Array.from(values, BigInt)));
  }

  /** An int64 of rank 0, as the indices of Gather are when they take an axis away. */
  int(value: number): Value {
    return this.#once(`int ${value}`, () => this.#constant("int64", [], () => BigInt64Array.of(BigInt(value))));
  }

  /** @param inputs `undefined` leaves an optional one out */
  op(type: string, inputs: readonly (Value | undefined)[], attributes?: Attributes, options?: { readonly domain?: string }): Value;
  op(type: string, inputs: readonly (Value | undefined)[], attributes: Attributes, options: { readonly domain?: string; readonly outputs: number }): Value[];
  op(type: string, inputs: readonly (Value | undefined)[], attributes: Attributes = {}, options: { readonly domain?: string; readonly outputs?: number } = {}): Value | Value[] {
    const outputs = Array.from({ length: options.outputs ?? 1 }, (_, index) => `${type}_${this.nodes.length}${index === 0 ? "" : `_${index}`}`);
    this.nodes.push({ type, domain: options.domain ?? "", inputs: inputs.map((value) => value?.name ?? ""), outputs, attributes });
    for (const name of outputs) this.#produced.add(name);
    return options.outputs === undefined ? { name: outputs[0]! } : outputs.map((name) => ({ name }));
  }

  output(name: string, value: Value, dims: Dims): void {
    // A value can bear one output's name; inputs, constants and second outputs need a node between.
    const inner = this.#produced.has(value.name) && !this.#renamed.has(value.name) ? value : this.op("Identity", [value]);
    this.#renamed.set(inner.name, name);
    this.outputs.push({ name, dims });
  }

  /** The name under which a value stands in the file. */
  nameOf(name: string): string {
    return this.#renamed.get(name) ?? name;
  }

  #once(key: string, make: () => Value): Value {
    const known = this.#small.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.#small.set(key, made);
    return made;
  }

  #constant(type: ElementType, dims: readonly number[], read: () => ConstantData | Promise<ConstantData>): Value {
    const name = `c${this.constants.length}`;
    this.constants.push({ name, dims, type, read });
    return { name };
  }
}

export function createGraph(name: string): GraphBuilder {
  return new GraphBuilder(name);
}

/** @throws internal when the data are not what was announced */
export async function readConstant(constant: Constant): Promise<ConstantData> {
  const data = await constant.read();
  const size = constant.dims.reduce((product, dim) => product * dim, 1);
  if (data.length !== size) throw MaskletError.of("internal", { why: `a constant of ${constant.dims.join(" x ")} was given ${data.length} values` });
  return data;
}
