/** One line of CSV as a row of fields in the bytes of the file. */

const [comma, quote] = [44, 34];

/** Greatest number of fields in a line. */
export const fieldsMax = 64;

// Cache of accounts, symbols and words: cached bytes need no new string. A text replaces another one in the same slot; longer ones are
// not cached.
const knownMax = 16_384;
const knownLengthMax = 64;
const known = new Array<string>(knownMax).fill('');

/** The fields of one line; the object is reused for the next line. Fields in double quotes may contain commas and doubled quotes. */
export class CsvRow {
  /** Fields of the line. */
  count = 0;
  #bytes: Buffer = Buffer.alloc(0);
  readonly #starts = new Int32Array(fieldsMax);
  readonly #ends = new Int32Array(fieldsMax);
  #unquoted = Buffer.alloc(1_024);

  /** Reads the line from `start` to `end`. Returns false if it has more than `fieldsMax` fields or its quotes do not close. */
  read(bytes: Buffer, start: number, end: number): boolean {
    this.#bytes = bytes;
    let count = 0;
    let from = start;
    for (let at = start; at < end; at++) {
      const byte = bytes[at];
      if (byte === quote) return this.#readQuoted(bytes, start, end);
      if (byte !== comma) continue;
      if (count === fieldsMax - 1) return false;
      this.#starts[count] = from;
      this.#ends[count++] = at;
      from = at + 1;
    }
    this.#starts[count] = from;
    this.#ends[count] = end;
    this.count = count + 1;
    return true;
  }

  /** Bytes of a field; 0 for a field that the line does not have. */
  length(field: number): number {
    return field < 0 || field >= this.count ? 0 : (this.#ends[field] ?? 0) - (this.#starts[field] ?? 0);
  }

  /** A field as text; invalid UTF-8 is replaced. */
  text(field: number): string {
    const length = this.length(field);
    if (length === 0) return '';
    const start = this.#starts[field] ?? 0;
    if (length > knownLengthMax) return this.#bytes.toString('utf8', start, start + length);
    let slot = length;
    for (let at = start; at < start + length; at++) slot = (Math.imul(slot, 31) + (this.#bytes[at] ?? 0)) | 0;
    slot &= knownMax - 1;
    const found = known[slot] ?? '';
    if (found.length === length && this.#isAt(start, found)) return found;
    const text = this.#bytes.toString('utf8', start, start + length);
    known[slot] = text;
    return text;
  }

  /** A field of at most 15 decimal digits as a number; -1 for any other content. */
  number(field: number): number {
    const length = this.length(field);
    if (length === 0 || length > 15) return -1;
    const start = this.#starts[field] ?? 0;
    let value = 0;
    for (let at = start; at < start + length; at++) {
      const digit = (this.#bytes[at] ?? 0) - 48;
      if (digit < 0 || digit > 9) return -1;
      value = value * 10 + digit;
    }
    return value;
  }

  /**
   * Copies a field of ASCII to `to` from its second byte on, followed by zeros. Returns false if it is too long or not ASCII.
   */
  copyAscii(field: number, to: Uint8Array): boolean {
    const length = this.length(field);
    if (length >= to.length) return false;
    const start = this.#starts[field] ?? 0;
    for (let i = 0; i < length; i++) {
      const byte = this.#bytes[start + i] ?? 0;
      if (byte > 127) return false;
      to[i + 1] = byte;
    }
    for (let i = length + 1; i < to.length; i++) to[i] = 0;
    return true;
  }

  #isAt(start: number, text: string): boolean {
    for (let i = 0; i < text.length; i++) if (this.#bytes[start + i] !== text.charCodeAt(i)) return false;
    return true;
  }

  // Copies the fields without their quotes into a buffer of their own.
  #readQuoted(bytes: Buffer, start: number, end: number): boolean {
    if (this.#unquoted.length < end - start) this.#unquoted = Buffer.alloc((end - start) * 2);
    const to = this.#unquoted;
    let length = 0;
    let count = 0;
    let at = start;
    for (;;) {
      if (count === fieldsMax) return false;
      this.#starts[count] = length;
      if (bytes[at] === quote && at < end) {
        for (at++; ; at++) {
          if (at >= end) return false;
          if (bytes[at] === quote && bytes[++at] !== quote) break;
          to[length++] = bytes[at] ?? 0;
        }
      } else while (at < end && bytes[at] !== comma) to[length++] = bytes[at++] ?? 0;
      this.#ends[count++] = length;
      if (at >= end) break;
      if (bytes[at++] !== comma) return false;
    }
    this.#bytes = to;
    this.count = count;
    return true;
  }
}
