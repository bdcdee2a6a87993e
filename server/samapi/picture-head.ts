// What a picture's first bytes say: kind and size, so that neither memory is taken nor a decoder asked for what is too large.
import { limits } from "#protocol/limits.ts";
import { Refusal } from "./refusal.ts";

export interface PictureHead {
  readonly kind: "png" | "jpeg";
  readonly width: number;
  readonly height: number;
  /** It may hold other colours than grey. */
  readonly colour: boolean;
  /** Bits a sample. */
  readonly depth: number;
}

/** @returns undefined for what only a decoder can tell, which is a TIFF. @throws Refusal 500 for no picture, or one that is too large */
export function pictureHead(bytes: Uint8Array): PictureHead | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length >= 33 && view.getUint32(0) === 0x89504e47) return checked(pngHead(view));
  if (bytes.length >= 4 && view.getUint16(0) === 0xffd8) return checked(jpegHead(view));
  const order = bytes.length >= 8 ? view.getUint16(0) : 0;
  if (order === 0x4949 || order === 0x4d4d) return undefined;
  throw new Refusal(500, bytes.length === 0 ? "The picture is empty, or not base64." : "The picture is neither PNG, JPEG nor TIFF.");
}

/** PNG specification, 11.2.2: the header is always the first chunk. */
function pngHead(view: DataView): PictureHead {
  const colourType = view.getUint8(25);
  return { kind: "png", width: view.getUint32(16), height: view.getUint32(20), colour: (colourType & 2) !== 0, depth: (colourType & 1) !== 0 ? 8 : view.getUint8(24) };
}

/** ITU-T T.81, B.2.2: segments follow each other until one that begins a frame, which has its size and number of components. */
function jpegHead(view: DataView): PictureHead {
  let at = 2;
  while (at + 9 < view.byteLength) {
    const marker = view.getUint8(at + 1);
    if (view.getUint8(at) !== 0xff) break;
    // Fill bytes may stand before a marker; these markers have no length.
    if (marker === 0xff) at += 1;
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) at += 2;
    else if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
      return { kind: "jpeg", height: view.getUint16(at + 5), width: view.getUint16(at + 7), colour: view.getUint8(at + 9) > 1, depth: view.getUint8(at + 4) };
    } else at += 2 + view.getUint16(at + 2);
  }
  throw new Refusal(500, "The JPEG picture is damaged: it has no frame.");
}

function checked(head: PictureHead): PictureHead {
  const { width, height } = head;
  if (width === 0 || height === 0) throw new Refusal(500, "The picture is damaged: it has no pixel.");
  if (width * height > limits.maxSamapiPixels) throw new Refusal(500, `The picture has ${width} x ${height} pixels where ${limits.maxSamapiPixels} are allowed (maxSamapiPixels): zoom in, or send a smaller view.`);
  return head;
}
