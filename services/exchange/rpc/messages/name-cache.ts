// Places for names; the place of a name is decided by its last bytes. Another name that falls on it replaces it.
const placesMax = 4_096;
const hashedBytes = 8;

/**
 * Texts that come again and again, read from bytes: one that was seen before is neither checked nor made again, and who looks it up
 * later has its hash already.
 */
export class KnownNames {
  readonly #isAllowed: Uint8Array;
  readonly #lengthMax: number;
  readonly #names = new Array<string>(placesMax).fill('');

  /** Names of 1 to `lengthMax` characters, each of them in `characters`, which are ASCII. */
  constructor(characters: string, lengthMax: number) {
    this.#isAllowed = new Uint8Array(256);
    for (let i = 0; i < characters.length; i++) this.#isAllowed[characters.charCodeAt(i)] = 1;
    this.#lengthMax = lengthMax;
  }

  /** The name in the bytes from `start` to `end`; undefined when it is none. */
  read(bytes: Buffer, start: number, end: number): string | undefined {
    const length = end - start;
    if (length < 1 || length > this.#lengthMax) return undefined;
    let place = length;
    for (let i = Math.max(start, end - hashedBytes); i < end; i++) place = (Math.imul(place, 31) + bytes[i]!) | 0;
    place = (place ^ (place >>> 12)) & (placesMax - 1);
    const known = this.#names[place]!;
    if (known.length === length && isAt(bytes, start, known)) return known;
    for (let i = start; i < end; i++) if (this.#isAllowed[bytes[i]!] === 0) return undefined;
    const name = bytes.toString('latin1', start, end);
    this.#names[place] = name;
    return name;
  }
}

function isAt(bytes: Buffer, start: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[start + i] !== text.charCodeAt(i)) return false;
  return true;
}
