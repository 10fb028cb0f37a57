// Slots of the cache; the slot of a name is a hash of its last bytes. A name replaces another one in the same slot.
const slotsMax = 4_096;
const hashedBytes = 8;

/**
 * A cache of names read from bytes, such as accounts and symbols. A cached name is not validated or created again, and the engine keeps
 * its hash.
 */
export class NameCache {
  readonly #isAllowed: Uint8Array;
  readonly #lengthMax: number;
  readonly #names = new Array<string>(slotsMax).fill('');

  /** Names have 1 to `lengthMax` characters, all of them in `characters`, which are ASCII. */
  constructor(characters: string, lengthMax: number) {
    this.#isAllowed = new Uint8Array(256);
    for (let i = 0; i < characters.length; i++) this.#isAllowed[characters.charCodeAt(i)] = 1;
    this.#lengthMax = lengthMax;
  }

  /** The name in the bytes from `start` to `end`; undefined if it is not a valid name. */
  read(bytes: Buffer, start: number, end: number): string | undefined {
    const length = end - start;
    if (length < 1 || length > this.#lengthMax) return undefined;
    let slot = length;
    for (let i = Math.max(start, end - hashedBytes); i < end; i++) slot = (Math.imul(slot, 31) + bytes[i]!) | 0;
    slot = (slot ^ (slot >>> 12)) & (slotsMax - 1);
    const known = this.#names[slot]!;
    if (known.length === length && isAt(bytes, start, known)) return known;
    for (let i = start; i < end; i++) if (this.#isAllowed[bytes[i]!] === 0) return undefined;
    const name = bytes.toString('latin1', start, end);
    this.#names[slot] = name;
    return name;
  }
}

function isAt(bytes: Buffer, start: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[start + i] !== text.charCodeAt(i)) return false;
  return true;
}
