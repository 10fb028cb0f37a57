/** Writes protobuf in canonical form: empty fields are omitted, lengths and numbers have the shortest form. */
import { parseUuid, writeUuid } from '../engine/model/uuid.ts';

/** Bytes that `makeRoom` reserves. */
const roomBytes = 512;

const key = new Uint32Array(4);
const uuidLength = 36;
const lengthDelimited = 2;
const fixed32 = 5;

/** Appends to a growing buffer that is reused for the next message. Field numbers are 1 to 2,047. */
export class ProtobufWriter {
  #bytes = Buffer.allocUnsafeSlow(64 * 1024);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  /** Discards what was written. */
  reset(): void {
    this.#length = 0;
  }

  /** A copy of the bytes written. */
  copy(): Uint8Array {
    return new Uint8Array(this.#bytes.subarray(0, this.#length));
  }

  /** Whether the bytes written equal the given ones. */
  equals(bytes: Uint8Array): boolean {
    return bytes.length === this.#length && this.#bytes.compare(bytes, 0, bytes.length, 0, this.#length) === 0;
  }

  /** Reserves `roomBytes` for any fields but texts; `text` reserves for itself, and as much again behind it. */
  makeRoom(): void {
    this.#reserve(roomBytes);
  }

  /** A varint field of a whole number from 0 to 2^53 - 1. */
  number(field: number, value: number): void {
    if (value === 0) return;
    this.#tag(field << 3);
    this.#varint(value);
  }

  /** A varint field of a whole number from 0 to 2^63 - 1. */
  bigint(field: number, value: bigint): void {
    if (value <= Number.MAX_SAFE_INTEGER) {
      this.number(field, Number(value));
      return;
    }
    this.#tag(field << 3);
    let high = value;
    for (; high > Number.MAX_SAFE_INTEGER; high >>= 7n) this.#bytes[this.#length++] = Number(high & 127n) | 128;
    this.#varint(Number(high));
  }

  /** A fixed32 field of the low 32 bits of a number. */
  fixed32(field: number, value: number): void {
    if (value === 0) return;
    this.#tag((field << 3) | fixed32);
    this.#view.setUint32(this.#length, value, true);
    this.#length += 4;
  }

  /** A string field with the canonical text of the UUID whose four words start at `offset`. */
  uuid(field: number, words: Uint32Array, offset: number): void {
    this.#tag((field << 3) | lengthDelimited);
    this.#bytes[this.#length] = uuidLength;
    writeUuid(words, offset, this.#view, this.#length + 1);
    this.#length += 1 + uuidLength;
  }

  /** A string field; reserves its own space. */
  text(field: number, text: string): void {
    const { length } = text;
    if (length === 0) return;
    this.#reserve(roomBytes + length * 3);
    if (length === uuidLength && parseUuid(text, key)) {
      this.uuid(field, key, 0);
      return;
    }
    const before = this.#length;
    this.#tag((field << 3) | lengthDelimited);
    if (length < 128 && this.#ascii(text)) return;
    this.#length = before;
    const start = this.begin(field, 1);
    this.#length += this.#bytes.write(text, this.#length, 'utf8');
    this.end(start, 1);
  }

  /** A string field of two parts of decimal digits with a dash between them, such as 0-17. */
  numbers(field: number, first: number, second: number): void {
    const start = this.begin(field, 1);
    this.#decimal(first);
    this.#bytes[this.#length++] = 45;
    this.#decimal(second);
    this.end(start, 1);
  }

  /** Encoded protobuf fields, within the reserved space. */
  raw(fields: Uint8Array): void {
    const bytes = this.#bytes;
    const at = this.#length;
    const { length } = fields;
    for (let i = 0; i < length; i++) bytes[at + i] = fields[i]!;
    this.#length = at + length;
  }

  /** Begins a length-delimited field whose length is expected to take `lengthBytes` bytes, 1 to 4. Pass the result to `end`. */
  begin(field: number, lengthBytes: number): number {
    this.#tag((field << 3) | lengthDelimited);
    this.#length += lengthBytes;
    return this.#length;
  }

  /**
   * Ends a length-delimited field and returns the bytes of its length. A wrong expectation only costs moving the field's bytes.
   */
  end(start: number, lengthBytes: number): number {
    const length = this.#length - start;
    if (length < 128 && lengthBytes === 1) {
      this.#bytes[start - 1] = length;
      return 1;
    }
    const needed = length < 128 ? 1 : length < 16_384 ? 2 : length < 2_097_152 ? 3 : 4;
    const end = this.#length + needed - lengthBytes;
    if (needed !== lengthBytes) this.#bytes.copyWithin(start + needed - lengthBytes, start, this.#length);
    this.#length = start - lengthBytes;
    this.#varint(length);
    this.#length = end;
    return needed;
  }

  #tag(tag: number): void {
    if (tag > 127) {
      this.#bytes[this.#length++] = (tag & 127) | 128;
      this.#bytes[this.#length++] = tag >>> 7;
    } else this.#bytes[this.#length++] = tag;
  }

  #varint(value: number): void {
    const bytes = this.#bytes;
    let at = this.#length;
    let remaining = value;
    while (remaining > 2_147_483_647) {
      bytes[at++] = (remaining % 128) | 128;
      remaining = Math.floor(remaining / 128);
    }
    let low = remaining | 0;
    while (low > 127) {
      bytes[at++] = (low & 127) | 128;
      low >>>= 7;
    }
    bytes[at] = low;
    this.#length = at + 1;
  }

  #decimal(value: number): void {
    const bytes = this.#bytes;
    let digits = 1;
    for (let power = 10; power <= value; power *= 10) digits++;
    let at = this.#length + digits;
    this.#length = at;
    let remaining = value;
    while (remaining > 2_147_483_647) {
      bytes[--at] = 48 + (remaining % 10);
      remaining = Math.floor(remaining / 10);
    }
    for (let low = remaining | 0; digits > 0 && at > this.#length - digits; ) {
      const next = (low / 10) | 0;
      bytes[--at] = 48 + (low - next * 10);
      low = next;
    }
  }

  // Short texts are nearly always ASCII: written here, they need no native call.
  #ascii(text: string): boolean {
    const bytes = this.#bytes;
    const start = this.#length + 1;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > 127) return false;
      bytes[start + i] = code;
    }
    bytes[this.#length] = text.length;
    this.#length = start + text.length;
    return true;
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const bigger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#length + bytes));
    this.#bytes.copy(bigger, 0, 0, this.#length);
    this.#bytes = bigger;
    this.#view = new DataView(bigger.buffer);
  }
}
