/** Typed arrays that grow. */

type Column = Int32Array | Uint32Array | Uint16Array | Uint8Array | Float64Array | BigInt64Array;

/** A copy of `column` with room for `capacity` entries; new entries are zero. */
export function grown<C extends Column>(column: C, capacity: number): C {
  const Constructor = column.constructor as new (length: number) => C;
  const copy = new Constructor(capacity);
  (copy as Float64Array).set(column as Float64Array);
  return copy;
}

/** The high 32 bits of a whole number below 2^53; `value | 0` are the low ones. */
export function highWord(value: number): number {
  return Math.floor(value / 4_294_967_296) | 0;
}

/** The whole number whose low and high words are given. */
export function fromWords(low: number, high: number): number {
  return high * 4_294_967_296 + (low >>> 0);
}
