/** UUID text to four 32-bit words and back, without allocation on the way in. */

const digits = new Int8Array(128).fill(-1);
for (let i = 0; i < 16; i++) digits['0123456789abcdef'.charCodeAt(i)] = i;
const bytesAsHex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
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
  const [a, b, c, d] = [words[offset]!, words[offset + 1]!, words[offset + 2]!, words[offset + 3]!];
  return `${hex(a)}-${hex(b >>> 16, 2)}-${hex(b, 2)}-${hex(c >>> 16, 2)}-${hex(c, 2)}${hex(d)}`;
}

function hex(word: number, bytes = 4): string {
  const low = bytesAsHex[(word >>> 8) & 255]! + bytesAsHex[word & 255]!;
  return bytes === 2 ? low : bytesAsHex[word >>> 24]! + bytesAsHex[(word >>> 16) & 255]! + low;
}
