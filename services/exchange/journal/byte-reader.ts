import { formatUuid } from '../domain/uuid.ts';

const words = new Uint32Array(4);

// Accounts come again and again: the same text spares a new string and its hash. The place of a text is decided by its UUID.
const textsMax = 4_096;
const texts = new Array<string>(textsMax).fill('');
const textWords = new Uint32Array(textsMax * 4);

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

  /** A UUID that is not expected again, into four words; returns its text. Throws RangeError when the text is another one. */
  uuid(into: Uint32Array): string {
    if (this.byte() !== 255) throw new RangeError('a text is no UUID');
    for (let i = 0; i < 4; i++) into[i] = this.word();
    return formatUuid(into, 0);
  }

  /** A text. */
  text(): string {
    const length = this.byte();
    if (length === 255) {
      for (let i = 0; i < 4; i++) words[i] = this.#bytes.readUInt32BE(this.#at + i * 4);
      this.#at += 16;
      return knownText();
    }
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError('a text is cut short');
    const text = this.#bytes.toString('utf8', this.#at, end);
    this.#at = end;
    return text;
  }
}

function knownText(): string {
  const place = (words[2]! ^ words[3]!) & (textsMax - 1);
  const at = place * 4;
  for (let i = 0; i < 4; i++) {
    if (textWords[at + i] === words[i] && texts[place] !== '') continue;
    textWords.set(words, at);
    const text = formatUuid(words, 0);
    texts[place] = text;
    return text;
  }
  return texts[place]!;
}
