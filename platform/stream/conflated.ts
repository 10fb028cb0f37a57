/** Adds to a serialised message how many others were left out before it, without serialising it again. */

/** The message with the varint field `fieldNumber`, which it must not have and whose number is its greatest, set to `count`. */
export function withCount(message: Uint8Array, fieldNumber: number, count: number): Uint8Array {
  const field = [...varint(fieldNumber * 8), ...varint(count)];
  const bytes = new Uint8Array(message.length + field.length);
  bytes.set(message);
  bytes.set(field, message.length);
  return bytes;
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return [...bytes, rest];
}
