// The SVG of a plot as PNG, drawn by Skia with letters that come with us.
import { fileURLToPath } from "node:url";

/** 400 is regular, 600 the weight of headings. */
export const letterWeights = [400, 600] as const;

export function letterFile(weight: (typeof letterWeights)[number]): string {
  return fileURLToPath(import.meta.resolve(`@fontsource/source-sans-3/files/source-sans-3-latin-${weight}-normal.woff2`));
}

/** A single word, as Skia's SVG reader needs it; it shares the name with no font of the machine. */
const family = "MaskletLetters";

/** @param scale picture pixels for one of the SVG's; 2 prints well at the width of a column */
export async function plotPng(svg: string, scale = 2): Promise<Uint8Array> {
  const { createCanvas, GlobalFonts, loadImage } = await import("@napi-rs/canvas");
  if (!GlobalFonts.has(family)) for (const weight of letterWeights) GlobalFonts.registerFromPath(letterFile(weight), family);
  // Skia's SVG reader takes the whole list of families for one name.
  const image = await loadImage(Buffer.from(svg.replaceAll(/ font-family="[^"]*"/g, ` font-family="${family}"`)));
  const canvas = createCanvas(image.width * scale, image.height * scale);
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.encode("png");
}
