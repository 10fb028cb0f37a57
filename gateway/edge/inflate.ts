/** Decompresses the body of an answer, so that its error can be read. */
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

/** The bytes without the encoding of Connect's that they have; null: they have none. Throws for an encoding that is not served here. */
export function inflate(encoding: string | null, bytes: Uint8Array): Buffer {
  switch (encoding) {
    case null:
      return Buffer.from(bytes);
    case 'gzip':
      return gunzipSync(bytes);
    case 'br':
      return brotliDecompressSync(bytes);
    default:
      throw new TypeError(`no answer is sent in ${encoding}`);
  }
}
