/** How an answer of plain texts and numbers is kept under a key. */
export function keptAnswer<T>(): { encode: (answer: T) => Uint8Array; decode: (bytes: Uint8Array) => T } {
  return {
    encode: (answer) => Buffer.from(JSON.stringify(answer)),
    decode: (bytes) => JSON.parse(Buffer.from(bytes).toString('utf8')) as T,
  };
}
