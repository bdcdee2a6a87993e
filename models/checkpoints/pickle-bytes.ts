// The arguments of pickle instructions, bounds-checked; little-endian but for BINFLOAT.
import type { MaskletError } from "#protocol/errors.ts";

export class PickleBytes {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #fault: (why: string) => MaskletError;
  #at = 0;

  constructor(bytes: Uint8Array, fault: (why: string) => MaskletError) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#fault = fault;
  }

  uint8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#take(4), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  float64(): number {
    return this.#view.getFloat64(this.#take(8), false);
  }

  /** Two's complement of up to 255 bytes. */
  long(length: number): number | bigint {
    const start = this.#take(length);
    let value = 0n;
    for (let at = start + length - 1; at >= start; at--) value = (value << 8n) | BigInt(this.#bytes[at]!);
    const signed = BigInt.asIntN(8 * length, value);
    return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed;
  }

  text(length: number): string {
    const start = this.#take(length);
    return this.#decode(start, start + length);
  }

  /** Up to the next line feed, which is taken too. */
  line(): string {
    const start = this.#at;
    const end = this.#bytes.indexOf(10, start);
    if (end < 0) throw this.#fault("its pickle ends inside a name");
    this.#at = end + 1;
    return this.#decode(start, end);
  }

  skip(length: number): void {
    this.#take(length);
  }

  #take(length: number): number {
    const start = this.#at;
    if (length > this.#bytes.length - start) throw this.#fault("its pickle ends in the middle");
    this.#at = start + length;
    return start;
  }

  #decode(start: number, end: number): string {
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(this.#bytes.subarray(start, end));
    } catch {
      throw this.#fault("a text in its pickle is not UTF-8");
    }
  }
}
