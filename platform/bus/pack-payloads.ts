/** Payloads one after another, and where each begins (from 1) and how long it is: what `substring(bytes FROM start FOR length)` takes. */
export type PackedPayloads = { bytes: Buffer; starts: number[]; lengths: number[] };

/** Packs payloads for one parameter of a statement: as an array of bytea each would be sent as hexadecimal text, and read as such. */
export function packPayloads(events: readonly { payload: Uint8Array }[]): PackedPayloads {
  const lengths = events.map(({ payload }) => payload.length);
  let end = 1;
  const starts = lengths.map((length) => {
    end += length;
    return end - length;
  });
  return { bytes: Buffer.concat(events.map(({ payload }) => payload)), starts, lengths };
}
