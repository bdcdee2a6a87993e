// What a picture's first bytes say, and what is refused by them alone.
import { limits } from "#protocol/limits.ts";
import { pictureKind, readPictureHead, type PictureHead } from "#server/pictures/picture-head.ts";
import { Refusal } from "./refusal.ts";

export type { PictureHead };

/** @returns undefined for what only a decoder can tell, which is a TIFF. @throws Refusal 500 for no picture, or one that is too large */
export function pictureHead(bytes: Uint8Array): PictureHead | undefined {
  const head = readPictureHead(bytes);
  if (head !== undefined) return checked(head);
  if (pictureKind(bytes) === "jpeg") throw new Refusal(500, "The JPEG picture is damaged: it has no frame.");
  const order = bytes.length >= 8 ? new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint16(0) : 0;
  if (order === 0x4949 || order === 0x4d4d) return undefined;
  throw new Refusal(500, bytes.length === 0 ? "The picture is empty, or not base64." : "The picture is neither PNG, JPEG nor TIFF.");
}

function checked(head: PictureHead): PictureHead {
  const { width, height } = head;
  if (width === 0 || height === 0) throw new Refusal(500, "The picture is damaged: it has no pixel.");
  if (width * height > limits.maxSamapiPixels) throw new Refusal(500, `The picture has ${width} x ${height} pixels where ${limits.maxSamapiPixels} are allowed (maxSamapiPixels): zoom in, or send a smaller view.`);
  return head;
}
