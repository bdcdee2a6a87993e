// Short names for the schemas of openapi.yaml. The shapes themselves are written there and nowhere else.
import type { components } from "./generated/openapi.ts";

type Schemas = components["schemas"];

export type Axis = Schemas["Axis"];
export type Along = Schemas["Along"];
export type Direction = Schemas["Direction"];
export type OneWay = Exclude<Direction, "both">;
export type Dtype = Schemas["Dtype"];
export type Overlap = Schemas["Overlap"];
export type IndexRange = Schemas["Range"];
export type Shape = Schemas["Shape"];
export type Spacing = Schemas["Spacing"];
export type DisplayRange = Schemas["DisplayRange"];
export type Plane = Schemas["Plane"];
export type Cut = Schemas["Cut"];
export type Box = Schemas["Box"];
export type PixelBox = Schemas["PixelBox"];
export type Point = Schemas["Point"];
export type Vertex = Schemas["Vertex"];
export type MaskBits = Schemas["MaskBits"];
export type Mask = Schemas["Mask"];
export type Warning = Schemas["Warning"];
export type End = Schemas["End"];
export type EndReason = Schemas["EndReason"];
export type Progress = Schemas["Progress"];
export type Fault = Schemas["Fault"];
export type PromptsFile = Schemas["PromptsFile"];
export type FilePrompt = Schemas["FilePrompt"];
export type FileObject = Schemas["FileObject"];
export type Declaration = Schemas["Declaration"];
export type Volume = Schemas["Volume"];
export type ViewSettings = Schemas["ViewSettings"];
export type Session = Schemas["Session"];
export type ObjectSummary = Schemas["ObjectSummary"];
export type Model = Schemas["Model"];
export type Job = Schemas["Job"];
export type JobRequest = Schemas["JobRequest"];
export type Health = Schemas["Health"];
export type ClientMessage = Schemas["ClientMessage"];
export type ServerMessage = Schemas["ServerMessage"];
export type Changed = Schemas["Changed"];
export type SchemaName = keyof Schemas;
export type LabelMeasures = Schemas["LabelMeasures"];
export type ObjectMeasures = Schemas["ObjectMeasures"];
export type Population = Schemas["Population"];
export type Schema<N extends SchemaName> = Schemas[N];

/** What a prompt says about one object on one plane; x and y are pixel-corner floats of the plane. Any of the four. */
export type PromptParts = Pick<Schemas["PromptSet"], "box" | "points" | "polygon" | "mask">;

/** The last argument of anything slow. */
export interface Watch {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}
