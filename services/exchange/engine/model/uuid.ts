/** UUID text to four 32-bit words and back, without allocation on the way in. */

const digits = new Int8Array(128).fill(-1);
for (let i = 0; i < 16; i++) digits['0123456789abcdef'.charCodeAt(i)] = i;
const scratch = Buffer.alloc(36);
const scratchView = new DataView(scratch.buffer, scratch.byteOffset, scratch.length);

// The four digits of each 16-bit number as four bytes, the first digit in the lowest.
const quads = new Uint32Array(65_536);
for (let i = 0; i < quads.length; i++) quads[i] = Buffer.from(i.toString(16).padStart(4, '0')).readUInt32LE();
const positions = [0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 14, 15, 16, 17, 19, 20, 21, 22, 24, 25, 26, 27];
const wordStarts = new Uint8Array([...positions, 28, 29, 30, 31, 32, 33, 34, 35]);
const dash = 45;

/** Reads a canonical lower-case UUID of any version into `words[0..3]`; false when the text is none. */
export function parseUuid(text: string, words: Uint32Array): boolean {
  if (text.length !== 36 || text.charCodeAt(8) !== dash || text.charCodeAt(13) !== dash) return false;
  if (text.charCodeAt(18) !== dash || text.charCodeAt(23) !== dash) return false;
  for (let word = 0; word < 4; word++) {
    let value = 0;
    for (let i = word * 8; i < word * 8 + 8; i++) {
      const code = text.charCodeAt(wordStarts[i]!);
      const digit = code < 128 ? digits[code]! : -1;
      if (digit < 0) return false;
      value = (value << 4) | digit;
    }
    words[word] = value;
  }
  return true;
}

/** The canonical text of the UUID whose four words start at `offset`. */
export function formatUuid(words: Uint32Array, offset: number): string {
  writeUuid(words, offset, scratchView, 0);
  return scratch.toString('latin1');
}

/** Writes the canonical text of the UUID whose four words start at `offset` as 36 ASCII bytes. */
export function writeUuid(words: Uint32Array, offset: number, bytes: DataView, at: number): void {
  const a = words[offset]!;
  const b = words[offset + 1]!;
  const c = words[offset + 2]!;
  const d = words[offset + 3]!;
  bytes.setUint32(at, quads[a >>> 16]!, true);
  bytes.setUint32(at + 4, quads[a & 65_535]!, true);
  bytes.setUint8(at + 8, dash);
  bytes.setUint32(at + 9, quads[b >>> 16]!, true);
  bytes.setUint8(at + 13, dash);
  bytes.setUint32(at + 14, quads[b & 65_535]!, true);
  bytes.setUint8(at + 18, dash);
  bytes.setUint32(at + 19, quads[c >>> 16]!, true);
  bytes.setUint8(at + 23, dash);
  bytes.setUint32(at + 24, quads[c & 65_535]!, true);
  bytes.setUint32(at + 28, quads[d >>> 16]!, true);
  bytes.setUint32(at + 32, quads[d & 65_535]!, true);
}

/** The creation time inside the UUIDv7 whose words start at `offset`, Unix milliseconds. */
export function uuidTimeMs(words: Uint32Array, offset: number): number {
  return words[offset]! * 65_536 + (words[offset + 1]! >>> 16);
}
