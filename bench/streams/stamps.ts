/** Times inside of messages, found in the bytes of a stream without decoding it. They are of one clock in all processes of the machine. */

const mark = '@@';
const digits = 16;

/** The present as a stamp. */
export function stampNow(): string {
  return mark + String(process.hrtime.bigint() / 1_000n).padStart(digits, '0');
}

/** Counts the stamps in bytes; gives the age in ms of every `sampleEvery`th. One that lies in two chunks is not counted. */
export function createStampReader(sampleEvery: number, onAge: (ageMs: number) => void) {
  let sinceSample = 0;
  return (chunk: Buffer): number => {
    let count = 0;
    const nowMicros = Number(process.hrtime.bigint() / 1_000n);
    for (let at = chunk.indexOf(mark); at >= 0; at = chunk.indexOf(mark, at + mark.length + digits)) {
      if (at + mark.length + digits > chunk.length) break;
      count += 1;
      sinceSample += 1;
      if (sinceSample < sampleEvery) continue;
      sinceSample = 0;
      onAge((nowMicros - Number(chunk.toString('latin1', at + mark.length, at + mark.length + digits))) / 1_000);
    }
    return count;
  };
}
