// The exported decoder picks one of its four masks inside the graph. Declaring the tensors before that choice as the
// graph's outputs, in place of the chosen ones, gives all four, and lets the runtime drop the choice and the upscaling.
// Only ModelProto.graph (field 7) and GraphProto.output (field 12) are touched; every other byte is kept.
import { MaskletError } from "#protocol/errors.ts";
import { bytesField, integerField, joined, textField } from "../onnx/protobuf.ts";

/** The file that holds the edited decoder, beside the one it was made from. */
export const multimaskDecoder = "decoder-multimask.onnx";

export const MULTIMASK_LOGITS = "/Reshape_9_output_0";
export const MULTIMASK_SCORES = "/iou_prediction_head/layers.2/Gemm_output_0";

const GRAPH = 7;
const GRAPH_OUTPUT = 12;
const FLOAT = 1;

/** @returns the bytes of a new model. @throws model_damaged when the bytes are not an ONNX model */
export function declareMultimask(model: Uint8Array, where: { model: string; file: string }): Uint8Array {
  const edited: Uint8Array[] = [];
  for (const field of fieldsOf(model, where)) {
    edited.push(field.number === GRAPH ? bytesField(GRAPH, withOutputs(field.body, where)) : field.whole);
  }
  return joined(edited);
}

function withOutputs(graph: Uint8Array, where: { model: string; file: string }): Uint8Array {
  const kept = fieldsOf(graph, where).filter((field) => field.number !== GRAPH_OUTPUT).map((field) => field.whole);
  kept.push(bytesField(GRAPH_OUTPUT, floatOutput(MULTIMASK_LOGITS, [1, 4, 256, 256])));
  kept.push(bytesField(GRAPH_OUTPUT, floatOutput(MULTIMASK_SCORES, [1, 4])));
  return joined(kept);
}

/** A ValueInfoProto: name = 1, type = 2 { tensor_type = 1 { elem_type = 1, shape = 2 { dim = 1 { dim_value = 1 } } } } */
function floatOutput(name: string, dims: readonly number[]): Uint8Array {
  const shape = joined(dims.map((size) => bytesField(1, integerField(1, size))));
  const tensor = joined([integerField(1, FLOAT), bytesField(2, shape)]);
  return joined([textField(1, name), bytesField(2, bytesField(1, tensor))]);
}

interface Field {
  readonly number: number;
  readonly whole: Uint8Array;
  /** Content of a length-delimited field, else empty. */
  readonly body: Uint8Array;
}

function fieldsOf(message: Uint8Array, where: { model: string; file: string }): Field[] {
  const fields: Field[] = [];
  for (let at = 0; at < message.length; ) {
    const start = at;
    const tag = readVarint(message, at, where);
    at = tag.next;
    const wire = tag.value & 7;
    let bodyStart = at;
    if (wire === 0) at = readVarint(message, at, where).next;
    else if (wire === 1) at += 8;
    else if (wire === 5) at += 4;
    else if (wire === 2) {
      const length = readVarint(message, at, where);
      bodyStart = length.next;
      at = length.next + length.value;
    } else throw damaged(where);
    if (at > message.length) throw damaged(where);
    fields.push({ number: Math.floor(tag.value / 8), whole: message.subarray(start, at), body: wire === 2 ? message.subarray(bodyStart, at) : new Uint8Array(0) });
  }
  return fields;
}

function readVarint(bytes: Uint8Array, start: number, where: { model: string; file: string }): { value: number; next: number } {
  let value = 0;
  for (let at = start, scale = 1; at < bytes.length && at < start + 10; at++, scale *= 128) {
    value += (bytes[at]! & 127) * scale;
    if (bytes[at]! < 128) return { value, next: at + 1 };
  }
  throw damaged(where);
}

function damaged(where: { model: string; file: string }): MaskletError {
  return MaskletError.of("model_damaged", { ...where, why: "not an ONNX graph" });
}
