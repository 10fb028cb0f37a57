/** UUID text to four 32-bit words and back, without allocation on the way in. */

const digits = new Int8Array(128).fill(-1);
for (let i = 0; i < 16; i++) digits['0123456789abcdef'.charCodeAt(i)] = i;
const hexDigits = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));
const bytePlaces = Uint8Array.of(0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34);
const scratch = Buffer.alloc(36);
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
  writeUuid(words, offset, scratch, 0);
  return scratch.toString('latin1', 0, 36);
}

/** Writes the canonical text of the UUID whose four words start at `offset` as 36 ASCII bytes. */
export function writeUuid(words: Uint32Array, offset: number, bytes: Uint8Array, at: number): void {
  for (let i = 0; i < 16; i++) {
    const byte = (words[offset + (i >> 2)]! >>> (24 - (i & 3) * 8)) & 255;
    const place = at + bytePlaces[i]!;
    bytes[place] = hexDigits[byte >> 4]!;
    bytes[place + 1] = hexDigits[byte & 15]!;
  }
  bytes[at + 8] = dash;
  bytes[at + 13] = dash;
  bytes[at + 18] = dash;
  bytes[at + 23] = dash;
}

/** The creation time inside the UUIDv7 whose words start at `offset`, Unix milliseconds. */
export function uuidTimeMs(words: Uint32Array, offset: number): number {
  return words[offset]! * 65_536 + (words[offset + 1]! >>> 16);
}
