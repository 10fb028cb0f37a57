/** A gRPC call made by hand over HTTP/2, for tests that look at the frames themselves. */
import { connect, type IncomingHttpHeaders } from 'node:http2';

/** What came back. `headersEndStream` says whether the first HEADERS frame ended the stream: the mark of trailers-only. */
export type RawResponse = {
  headers: IncomingHttpHeaders;
  headersEndStream: boolean;
  trailers: IncomingHttpHeaders | undefined;
  data: Buffer;
  rstCode: number;
};

const endStreamFlag = 0x1;

/** One length-prefixed gRPC message. `flag` 1 says that it is compressed. */
export function grpcFrame(message: Uint8Array, flag = 0): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(flag, 0);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** Sends `body` as it is to `path` and waits for the end of the stream. */
export async function rawCall(
  port: number,
  path: string,
  body: Uint8Array,
  headers: Record<string, string> = {},
): Promise<RawResponse> {
  const session = connect(`http://127.0.0.1:${port}`, { maxSendHeaderBlockLength: 1 << 20 });
  session.on('error', () => {});
  try {
    return await new Promise<RawResponse>((resolve, reject) => {
      const stream = session.request({
        ':method': 'POST',
        ':path': path,
        'content-type': 'application/grpc+proto',
        te: 'trailers',
        ...headers,
      });
      const response: RawResponse = {
        headers: {},
        headersEndStream: false,
        trailers: undefined,
        data: Buffer.alloc(0),
        rstCode: 0,
      };
      stream.on('response', (received, flags) => {
        response.headers = received;
        response.headersEndStream = (flags & endStreamFlag) !== 0;
      });
      stream.on('trailers', (received) => {
        response.trailers = received;
      });
      stream.on('data', (chunk: Buffer) => {
        response.data = Buffer.concat([response.data, chunk]);
      });
      stream.on('error', () => {});
      stream.on('close', () => resolve({ ...response, rstCode: stream.rstCode ?? 0 }));
      session.on('error', reject);
      stream.end(body);
    });
  } finally {
    session.destroy();
  }
}
