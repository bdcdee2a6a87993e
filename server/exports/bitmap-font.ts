// Captions for pictures: a font of 5 x 7 pixels, capitals and digits, so that no font file and no native code is needed.

export interface RgbCanvas {
  readonly width: number;
  readonly height: number;
  /** `[y, x, rgb]` */
  readonly data: Uint8Array;
}

/** A glyph is seven rows from the top, each a base-32 digit whose five bits are the pixels from left to right. */
const glyphs: Readonly<Record<string, string>> = {
  "0": "ehjlphe", "1": "4c4444e", "2": "eh168gv", "3": "u11e11u", "4": "26aiv22", "5": "vgu11he", "6": "68guhhe", "7": "v124888",
  "8": "ehhehhe", "9": "ehhf12c", A: "ehhvhhh", B: "uhhuhhu", C: "ehggghe", D: "uhhhhhu", E: "vgguggv", F: "vgguggg", G: "ehgnhhf",
  H: "hhhvhhh", I: "e44444e", J: "72222ic", K: "hikokih", L: "ggggggv", M: "hrllhhh", N: "hpljhhh", O: "ehhhhhe", P: "uhhuggg",
  Q: "ehhhlid", R: "uhhukih", S: "fgge11u", T: "v444444", U: "hhhhhhe", V: "hhhhha4", W: "hhhllla", X: "hha4ahh", Y: "hha4444",
  Z: "v1248gv", " ": "0000000", ".": "00000cc", ",": "0000c48", ":": "0cc0cc0", "-": "000v000", _: "000000v", "=": "00v0v00",
  "+": "044v440", "/": "01248g0", "(": "2488842", ")": "8422248", "%": "op248j3", "#": "aavavaa", "<": "248g842", ">": "8421248",
  "?": "eh12404",
};

export const glyphHeight = 7;
/** Pixels from one letter to the next. */
export const glyphAdvance = 6;

/** Writes into `canvas`, with the top-left corner of the first letter at (x, y); what leaves the canvas is cut off. Small letters
 * are shown as capitals, unknown ones as `?`. */
export function drawTextInto(canvas: RgbCanvas, x: number, y: number, text: string, scale: number, color: readonly [number, number, number]): void {
  [...text.toUpperCase()].forEach((letter, nth) => {
    const glyph = glyphs[letter] ?? glyphs["?"]!;
    for (let row = 0; row < glyphHeight * scale; row++) {
      const bits = Number.parseInt(glyph.charAt(Math.floor(row / scale)), 32);
      for (let column = 0; column < 5 * scale; column++) {
        if (((bits >> (4 - Math.floor(column / scale))) & 1) === 0) continue;
        const atX = x + nth * glyphAdvance * scale + column;
        const atY = y + row;
        if (atX >= 0 && atX < canvas.width && atY >= 0 && atY < canvas.height) canvas.data.set(color, 3 * (atY * canvas.width + atX));
      }
    }
  });
}
