import { formatUuid } from '../domain/uuid.ts';

const words = new Uint32Array(4);

/** Reads what ByteWriter wrote. Throws RangeError when the bytes end too early. */
export class ByteReader {
  #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Whether all is read. */
  get done(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** One byte. */
  byte(): number {
    return this.#bytes.readUInt8(this.#at++);
  }

  /** Four bytes as an unsigned number. */
  word(): number {
    const value = this.#bytes.readUInt32BE(this.#at);
    this.#at += 4;
    return value;
  }

  /** A whole number from 0 to 2^53 - 1. */
  varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      if (scale > 2 ** 49) throw new RangeError('a number is too long');
    }
  }

  /** A text. */
  text(): string {
    const length = this.byte();
    if (length === 255) {
      for (let i = 0; i < 4; i++) words[i] = this.#bytes.readUInt32BE(this.#at + i * 4);
      this.#at += 16;
      return formatUuid(words, 0);
    }
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError('a text is cut short');
    const text = this.#bytes.toString('utf8', this.#at, end);
    this.#at = end;
    return text;
  }
}
