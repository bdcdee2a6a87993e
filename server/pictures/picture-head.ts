// What a picture's first bytes say: kind and size, so that neither memory is taken nor a decoder asked for what is too large.

export interface PictureHead {
  readonly kind: "png" | "jpeg";
  readonly width: number;
  readonly height: number;
  /** It may hold other colours than grey. */
  readonly colour: boolean;
  /** Bits a sample. */
  readonly depth: number;
}

/** What the bytes begin with; undefined for neither of the two. */
export function pictureKind(bytes: Uint8Array): PictureHead["kind"] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length >= 33 && view.getUint32(0) === 0x89504e47) return "png";
  return bytes.length >= 4 && view.getUint16(0) === 0xffd8 ? "jpeg" : undefined;
}

/** @returns undefined for what is neither PNG nor JPEG, and for a JPEG without a frame */
export function readPictureHead(bytes: Uint8Array): PictureHead | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kind = pictureKind(bytes);
  return kind === "png" ? pngHead(view) : kind === "jpeg" ? jpegHead(view) : undefined;
}

/** PNG specification, 11.2.2: the header is always the first chunk. */
function pngHead(view: DataView): PictureHead {
  const colourType = view.getUint8(25);
  return { kind: "png", width: view.getUint32(16), height: view.getUint32(20), colour: (colourType & 2) !== 0, depth: (colourType & 1) !== 0 ? 8 : view.getUint8(24) };
}

/** ITU-T T.81, B.2.2: segments follow each other until one that begins a frame, which has its size and number of components. */
function jpegHead(view: DataView): PictureHead | undefined {
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
  return undefined;
}
