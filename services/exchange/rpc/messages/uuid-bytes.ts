/** UUIDs version 7 as ASCII bytes. */

/** Bytes of the canonical text. */
export const uuidLength = 36;

const digits = new Int8Array(256).fill(-1);
for (let i = 0; i < 16; i++) digits['0123456789abcdef'.charCodeAt(i)] = i;
const [dash, seven] = ['-'.charCodeAt(0), '7'.charCodeAt(0)];
// Positions of the digits after the time, without the version's and the variant's.
const positions = new Uint8Array([15, 16, 17, 20, 21, 22, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35]);

/** The creation time of the UUIDv7 whose canonical lower-case text begins at `at`, Unix milliseconds; -1 if there is none. */
export function readUuidV7TimeMs(bytes: Uint8Array, at: number): number {
  if (bytes[at + 8] !== dash || bytes[at + 13] !== dash || bytes[at + 18] !== dash || bytes[at + 23] !== dash)
    return -1;
  if (bytes[at + 14] !== seven || (digits[bytes[at + 19]!]! & ~3) !== 8) return -1;
  let bad = 0;
  for (let i = 0; i < positions.length; i++) bad |= digits[bytes[at + positions[i]!]!]!;
  const high = read4(bytes, at) * 65_536 + read4(bytes, at + 4);
  const low = read4(bytes, at + 9);
  return bad < 0 || high < 0 || low < 0 ? -1 : high * 65_536 + low;
}

// Negative infinity if one of the four is not a digit.
function read4(bytes: Uint8Array, at: number): number {
  const [a, b, c, d] = [digits[bytes[at]!]!, digits[bytes[at + 1]!]!, digits[bytes[at + 2]!]!, digits[bytes[at + 3]!]!];
  return (a | b | c | d) < 0 ? Number.NEGATIVE_INFINITY : (a << 12) | (b << 8) | (c << 4) | d;
}
