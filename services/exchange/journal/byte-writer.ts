/** Writes the journal's bytes: varints, short texts, and protobuf fields in canonical form. */
import { parseUuid, writeUuid } from '../domain/uuid.ts';

const key = new Uint32Array(4);
const uuidMark = 255;

/** Appends to a buffer that grows and is used again for the next group. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafeSlow(64 * 1024);
  #length = 0;

  /** Forgets what was written. */
  reset(): void {
    this.#length = 0;
  }

  /** Bytes that were written. */
  get length(): number {
    return this.#length;
  }

  /** A copy of what was written. */
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
    this.#length = this.#bytes.writeUInt32BE(value >>> 0, this.#length);
  }

  /** A whole number from 0 to 2^53 - 1. */
  varint(value: number): void {
    this.#reserve(8);
    let rest = value;
    while (rest > 127) {
      this.#bytes[this.#length++] = (rest % 128) | 128;
      rest = rest > 2_147_483_647 ? Math.floor(rest / 128) : rest >>> 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  /** A text of at most 254 bytes in UTF-8; a canonical UUID takes 17 bytes. */
  text(text: string): void {
    if (parseUuid(text, key)) {
      this.byte(uuidMark);
      this.#reserve(16);
      for (const word of key) this.#length = this.#bytes.writeUInt32BE(word, this.#length);
      return;
    }
    this.#reserve(1 + text.length * 3);
    const length = this.#bytes.write(text, this.#length + 1, 'utf8');
    if (length >= uuidMark) throw new RangeError('the text is too long for the journal');
    this.#bytes[this.#length] = length;
    this.#length += 1 + length;
  }

  /** A protobuf varint field; nothing when the value is 0. */
  numberField(field: number, value: number): void {
    if (value === 0) return;
    this.varint(field << 3);
    this.varint(value);
  }

  /** A protobuf string field; nothing when the text is empty. */
  textField(field: number, text: string): void {
    if (text === '') return;
    const start = this.beginMessage(field);
    this.#reserve(text.length * 3);
    this.#length += this.#bytes.write(text, this.#length, 'utf8');
    this.endMessage(start);
  }

  /** A protobuf string field with the canonical text of the UUID whose four words start at `offset`. */
  uuidField(field: number, words: Uint32Array, offset: number): void {
    this.varint((field << 3) | 2);
    this.byte(36);
    this.#reserve(36);
    writeUuid(words, offset, this.#bytes, this.#length);
    this.#length += 36;
  }

  /** Begins a length-delimited protobuf field; `endMessage` takes what it returns. */
  beginMessage(field: number): number {
    this.varint((field << 3) | 2);
    this.byte(0);
    return this.#length;
  }

  /** Ends a length-delimited field. Most are under 128 bytes, so one byte is kept free for the length and others are moved. */
  endMessage(start: number): void {
    const length = this.#length - start;
    if (length < 128) {
      this.#bytes[start - 1] = length;
      return;
    }
    const extra = length < 16_384 ? 1 : length < 2_097_152 ? 2 : 3;
    this.#reserve(extra);
    this.#bytes.copyWithin(start + extra, start, this.#length);
    const end = this.#length + extra;
    this.#length = start - 1;
    this.varint(length);
    this.#length = end;
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const bigger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#length + bytes));
    this.#bytes.copy(bigger, 0, 0, this.#length);
    this.#bytes = bigger;
  }
}
