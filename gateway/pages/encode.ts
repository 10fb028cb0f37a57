/** Compressed forms of files, made once when they are loaded. */
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** A body by its content coding. */
export type Encoded = { br?: Buffer; gzip?: Buffer };

/** How well brotli compresses, up to 11: what is made at each start, and what is made once for an image. */
export type BrotliQuality = 4 | 9 | 11;

const compressible = /^(?:text\/|image\/svg|application\/(?:json|manifest\+json))/;
// Below that, the headers are longer than what is saved.
const bytesMin = 1_024;

const compressBrotli = promisify(brotliCompress);
const compressGzip = promisify(gzip);

/** The compressed forms of a body that are smaller than it by a tenth; none for small bodies and what is compressed already. */
export async function encode(body: Buffer, contentType: string, quality: BrotliQuality): Promise<Encoded> {
  if (body.length < bytesMin || !compressible.test(contentType)) return {};
  const params = { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: body.length };
  const [br, zipped] = await Promise.all([compressBrotli(body, { params }), compressGzip(body)]);
  const isWorth = (form: Buffer) => form.length < body.length * 0.9;
  return { ...(isWorth(br) && { br }), ...(isWorth(zipped) && { gzip: zipped }) };
}
