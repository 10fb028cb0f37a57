import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** An answer as it came. */
export type HttpAnswer = { status: number; text: string };

/**
 * Posts JSON. Not by `fetch`: that takes 18 MB of memory, for a supervisor that makes a dozen calls in its life.
 *
 * @throws Error of the connection, or the signal's reason
 */
export function postJson(
  url: string,
  body: unknown,
  { headers = {}, signal }: { headers?: Record<string, string>; signal: AbortSignal },
): Promise<HttpAnswer> {
  const send = new URL(url).protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const options = {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      signal,
      agent: false,
    };
    const request = send(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
      );
      response.once('error', fail);
    });
    const fail = (error: Error) => reject(signal.aborted ? signal.reason : error);
    request.once('error', fail);
    request.end(JSON.stringify(body));
  });
}
