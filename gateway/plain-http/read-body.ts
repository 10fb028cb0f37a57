import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { cancelled, resourceExhausted } from '#platform/errors/outcry-error.ts';
import type { RequestHandler } from '../port/request-handler.ts';

/**
 * The bytes of a request as they were sent. Rejects with RESOURCE_EXHAUSTED when there are more than `bytesMax`, of which the rest is not
 * read, and with CANCELLED when the client leaves before the end.
 */
export function readBody(request: Parameters<RequestHandler>[0], bytesMax: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= bytesMax) {
        chunks.push(chunk);
        return;
      }
      request.pause();
      reject(resourceExhausted(ErrorReason.MESSAGE_TOO_LARGE, `the body is over ${bytesMax} bytes`));
    });
    request.once('end', () => resolve(Buffer.concat(chunks)));
    request.once('close', () => reject(cancelled()));
  });
}
