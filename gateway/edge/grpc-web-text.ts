/**
 * gRPC-web in text mode, which browsers' XMLHttpRequest can stream: the frames of gRPC-web in base64, both ways. It is taken off before
 * Connect sees the request and put on after the answer is complete.
 */
import { base64Decode, base64Encode } from '@bufbuild/protobuf/wire';
import { Code, ConnectError } from '@connectrpc/connect';
import type { UniversalServerRequest, UniversalServerResponse } from '@connectrpc/connect/protocol';

const textType = /^application\/grpc-web-text/i;
const binaryType = 'application/grpc-web';

/** Whether the body of the request is base64. */
export function isTextMode(header: Headers): boolean {
  return textType.test(header.get('content-type') ?? '');
}

/** The request as gRPC-web without base64. Reading its body throws INVALID_ARGUMENT where that is no base64. */
export function decodeTextRequest(request: UniversalServerRequest): UniversalServerRequest {
  const header = new Headers(request.header);
  header.set('content-type', (header.get('content-type') ?? '').replace(textType, binaryType));
  header.delete('content-length');
  return { ...request, header, body: decoded(request.body as AsyncIterable<Uint8Array>) };
}

/** The answer in base64. One that is not gRPC-web, such as a refusal of the HTTP method, stays as it is. */
export function encodeTextAnswer(answer: UniversalServerResponse): UniversalServerResponse {
  const contentType = answer.header?.get('content-type') ?? '';
  if (!contentType.startsWith(binaryType) || answer.body === undefined) return answer;
  const header = new Headers(answer.header);
  header.set('content-type', contentType.replace(binaryType, `${binaryType}-text`));
  header.delete('content-length');
  return { ...answer, header, body: encoded(answer.body) };
}

// A group of four characters may lie in two chunks, and each chunk may end in padding.
async function* decoded(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest = '';
  for await (const chunk of body) {
    const text = rest + Buffer.from(chunk).toString('latin1').replaceAll(/\s/g, '');
    const end = text.length - (text.length % 4);
    rest = text.slice(end);
    if (end > 0) yield decode(text.slice(0, end));
  }
  if (rest !== '') yield decode(rest);
}

function decode(text: string): Uint8Array {
  try {
    return base64Decode(text);
  } catch (error) {
    throw new ConnectError('the body is not base64', Code.InvalidArgument, undefined, undefined, error);
  }
}

// Each chunk is whole groups, so that a reader can decode whatever has come so far.
async function* encoded(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) yield Buffer.from(base64Encode(chunk), 'latin1');
}
