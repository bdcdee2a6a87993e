// A graph as the bytes of an ONNX file. Field numbers: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
import type { Attribute, Constant, Dims, ElementType, GraphBuilder, Node, Port } from "./graph.ts";
import { bytesField, floatField, integerField, joined, messageField, textField } from "./protobuf.ts";

/** Where a constant's bytes are: in the graph itself, or in a file beside it. */
export type Placed = { readonly inline: Uint8Array } | { readonly file: string; readonly offset: number; readonly length: number };

/** Opset 17 is the first with LayerNormalization; IR 8 goes with it. */
const OPSET = 17;
const IR_VERSION = 8;
const CONTRIB_VERSION = 1;

/** TensorProto.DataType */
const elementTypes: Record<ElementType, number> = { float32: 1, uint8: 2, int8: 3, int64: 7 };

/** @param place must know every constant of the graph */
export function encodeModel(graph: GraphBuilder, place: (constant: Constant) => Placed): Uint8Array {
  return joined([
    integerField(1, IR_VERSION),
    textField(2, "masklet"),
    messageField(7, [
      ...graph.nodes.map((node) => messageField(1, nodeFields(node, graph))),
      textField(2, graph.name),
      ...graph.constants.map((constant) => messageField(5, tensorFields(constant, place(constant)))),
      ...graph.inputs.map((port) => messageField(11, portFields(port))),
      ...graph.outputs.map((port) => messageField(12, portFields(port))),
    ]),
    messageField(8, [textField(1, ""), integerField(2, OPSET)]),
    messageField(8, [textField(1, "com.microsoft"), integerField(2, CONTRIB_VERSION)]),
  ]);
}

function nodeFields(node: Node, graph: GraphBuilder): Uint8Array[] {
  return [
    ...node.inputs.map((name) => textField(1, graph.nameOf(name))),
    ...node.outputs.map((name) => textField(2, graph.nameOf(name))),
    textField(3, node.outputs[0]!),
    textField(4, node.type),
    ...Object.entries(node.attributes).map(([name, attribute]) => messageField(5, [textField(1, name), ...attributeFields(attribute)])),
    textField(7, node.domain),
  ];
}

/** The number after the value is AttributeProto.AttributeType. */
function attributeFields(attribute: Attribute): Uint8Array[] {
  if ("f" in attribute) return [floatField(2, attribute.f), integerField(20, 1)];
  if ("i" in attribute) return [integerField(3, attribute.i), integerField(20, 2)];
  if ("s" in attribute) return [textField(4, attribute.s), integerField(20, 3)];
  if ("fs" in attribute) return [...attribute.fs.map((value) => floatField(7, value)), integerField(20, 6)];
  return [...attribute.is.map((value) => integerField(8, value)), integerField(20, 7)];
}

function tensorFields(constant: Constant, placed: Placed): Uint8Array[] {
  const head = [...constant.dims.map((dim) => integerField(1, dim)), integerField(2, elementTypes[constant.type]), textField(8, constant.name)];
  if ("inline" in placed) return [...head, bytesField(9, placed.inline)];
  const external = { location: placed.file, offset: String(placed.offset), length: String(placed.length) };
  return [...head, ...Object.entries(external).map(([key, value]) => messageField(13, [textField(1, key), textField(2, value)])), integerField(14, 1)];
}

function portFields(port: Port): Uint8Array[] {
  return [textField(1, port.name), messageField(2, [messageField(1, [integerField(1, elementTypes.float32), messageField(2, dimFields(port.dims))])])];
}

function dimFields(dims: Dims): Uint8Array[] {
  return dims.map((dim) => messageField(1, [typeof dim === "number" ? integerField(1, dim) : textField(2, dim)]));
}
