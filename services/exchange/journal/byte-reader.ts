import { formatUuid } from '../engine/model/uuid.ts';
import { uuidMark } from './byte-writer.ts';

const words = new Uint32Array(4);

// Cache of accounts and symbols: a cached text needs no new string and no new hash. The slot of a text is a hash of its last bytes; a
// text replaces another one in the same slot.
const knownMax = 4_096;
const knownUuids = new Array<string>(knownMax).fill('');
const knownWords = new Uint32Array(knownMax * 4);
const knownNames = new Array<string>(knownMax).fill('');
const knownNameLengthMax = 16;

/** Reads what ByteWriter wrote. Throws RangeError when the bytes end too early. */
export class ByteReader {
  #bytes: Buffer;
  #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Whether all bytes were read. */
  get done(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** One byte. */
  byte(): number {
    if (this.#at >= this.#bytes.length) throw cutShort();
    return this.#bytes[this.#at++]!;
  }

  /** Four bytes as an unsigned number. */
  word(): number {
    const value = this.#view.getUint32(this.#at);
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

  /** A UUID that is not cached, into four words; returns its text. Throws RangeError when the text is not a UUID. */
  uuid(into: Uint32Array): string {
    if (this.byte() !== uuidMark) throw new RangeError('a text is not a UUID');
    for (let i = 0; i < 4; i++) into[i] = this.word();
    return formatUuid(into, 0);
  }

  /** A text that is not cached. */
  text(): string {
    const length = this.byte();
    if (length !== uuidMark) return this.#utf8(length);
    for (let i = 0; i < 4; i++) words[i] = this.word();
    return formatUuid(words, 0);
  }

  /** A text that is cached, such as an account or a symbol. */
  name(): string {
    const length = this.byte();
    if (length === uuidMark) {
      for (let i = 0; i < 4; i++) words[i] = this.word();
      return knownUuid();
    }
    return length === 0 || length > knownNameLengthMax ? this.#utf8(length) : this.#knownName(length);
  }

  #knownName(length: number): string {
    const bytes = this.#bytes;
    const start = this.#at;
    if (start + length > bytes.length) throw cutShort();
    let slot = length;
    for (let i = start; i < start + length; i++) slot = (slot * 31 + bytes[i]!) & (knownMax - 1);
    const known = knownNames[slot]!;
    if (known.length === length && isAt(bytes, start, known)) {
      this.#at = start + length;
      return known;
    }
    const text = this.#utf8(length);
    if (text.length === length) knownNames[slot] = text;
    return text;
  }

  #utf8(length: number): string {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw cutShort();
    const text = this.#bytes.toString('utf8', this.#at, end);
    this.#at = end;
    return text;
  }
}

function isAt(bytes: Buffer, start: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[start + i] !== text.charCodeAt(i)) return false;
  return true;
}

function knownUuid(): string {
  const slot = (words[2]! ^ words[3]!) & (knownMax - 1);
  const at = slot * 4;
  for (let i = 0; i < 4; i++) {
    if (knownWords[at + i] === words[i] && knownUuids[slot] !== '') continue;
    knownWords.set(words, at);
    const text = formatUuid(words, 0);
    knownUuids[slot] = text;
    return text;
  }
  return knownUuids[slot]!;
}

function cutShort(): RangeError {
  return new RangeError('the bytes end too early');
}
