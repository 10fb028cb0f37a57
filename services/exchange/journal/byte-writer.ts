/** Writes the journal's and the snapshots' bytes: numbers as varints, and short texts. */
import { parseUuid } from '../engine/model/uuid.ts';

const key = new Uint32Array(4);

/** Written instead of a text's length: a canonical UUID follows, as 16 bytes. */
export const uuidMark = 255;

/** Appends to a growing buffer that is reused for the next group. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafeSlow(64 * 1024);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  /** Discards what was written. */
  reset(): void {
    this.#length = 0;
  }

  /** Number of bytes written. */
  get length(): number {
    return this.#length;
  }

  /** A copy of the bytes written. */
  copy(): Uint8Array {
    return new Uint8Array(this.#bytes.subarray(0, this.#length));
  }

  /** One byte, 0 to 255. */
  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** The low 32 bits of a number, in four bytes. */
  word(value: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.#length, value >>> 0);
    this.#length += 4;
  }

  /** A whole number from 0 to 2^53 - 1. */
  varint(value: number): void {
    this.#reserve(8);
    let remaining = value;
    while (remaining > 127) {
      this.#bytes[this.#length++] = (remaining % 128) | 128;
      remaining = remaining > 2_147_483_647 ? Math.floor(remaining / 128) : remaining >>> 7;
    }
    this.#bytes[this.#length++] = remaining;
  }

  /** A text of at most 254 bytes in UTF-8; a canonical UUID takes 17 bytes. */
  text(text: string): void {
    if (text.length === 36 && parseUuid(text, key)) this.#uuid();
    else if (text.length > uuidMark || !this.#ascii(text)) this.#utf8(text);
  }

  #uuid(): void {
    this.#reserve(17);
    const at = this.#length;
    this.#bytes[at] = uuidMark;
    for (let i = 0; i < 4; i++) this.#view.setUint32(at + 1 + i * 4, key[i]!);
    this.#length = at + 17;
  }

  // Names are short and ASCII: written here, they need no native call.
  #ascii(text: string): boolean {
    const { length } = text;
    if (length === uuidMark) return false;
    this.#reserve(1 + length);
    const bytes = this.#bytes;
    const start = this.#length + 1;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code > 127) return false;
      bytes[start + i] = code;
    }
    bytes[this.#length] = length;
    this.#length = start + length;
    return true;
  }

  #utf8(text: string): void {
    this.#reserve(1 + text.length * 3);
    const length = this.#bytes.write(text, this.#length + 1, 'utf8');
    if (length >= uuidMark) throw new RangeError('the text is too long for the journal');
    this.#bytes[this.#length] = length;
    this.#length += 1 + length;
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const bigger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#length + bytes));
    this.#bytes.copy(bigger, 0, 0, this.#length);
    this.#bytes = bigger;
    this.#view = new DataView(bigger.buffer);
  }
}
