/** Faults of a caller that Connect would report as faults of the server. */
import { base64Decode } from '@bufbuild/protobuf/wire';
import { Code, ConnectError, type HandlerContext } from '@connectrpc/connect';
import type { Compression } from '@connectrpc/connect/protocol';

/** The compression, with INVALID_ARGUMENT for bytes that end too early or are not compressed at all. */
export function blameSender(compression: Compression): Compression {
  return {
    ...compression,
    async decompress(bytes, readMaxBytes) {
      try {
        return await compression.decompress(bytes, readMaxBytes);
      } catch (error) {
        if (ConnectError.from(error).code !== Code.Internal) throw error;
        throw new ConnectError('the bytes cannot be decompressed', Code.InvalidArgument, undefined, undefined, error);
      }
    },
  };
}

/** Throws INVALID_ARGUMENT for a GET whose message says that it is base64 and is not. */
export function checkQuery({ requestMethod, url }: Pick<HandlerContext, 'requestMethod' | 'url'>): void {
  if (requestMethod !== 'GET') return;
  const query = new URL(url).searchParams;
  if (query.get('base64') !== '1') return;
  try {
    base64Decode(query.get('message') ?? '');
  } catch (error) {
    throw new ConnectError('the message is not base64', Code.InvalidArgument, undefined, undefined, error);
  }
}
