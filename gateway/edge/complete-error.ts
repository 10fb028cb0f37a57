/**
 * Refusals that Connect makes itself carry no details, and bytes that are no message are called a fault of the server. Here both are
 * put right in the four ways in which an error can leave, so that clients of every protocol read the same error shape.
 */
import type { UniversalServerResponse } from '@connectrpc/connect/protocol';
import { completeJsonError, completeTrailer, type JsonError } from './error-forms.ts';

const trailerFlag = 0x80;
const endStreamFlag = 0x02;
const headBytes = 5;

/** The response with its error, if it has one, completed. */
export async function completeError(answer: UniversalServerResponse): Promise<UniversalServerResponse> {
  const contentType = answer.header?.get('content-type') ?? '';
  if (answer.status >= 400 && contentType.startsWith('application/json')) return completeUnary(answer);
  if (contentType.startsWith('application/grpc-web')) return withLastFrame(answer, trailerFlag, completeTrailerFrame);
  if (contentType.startsWith('application/connect+')) return withLastFrame(answer, endStreamFlag, completeEndStream);
  return answer.trailer === undefined ? answer : { ...answer, trailer: completeTrailer(answer.trailer) };
}

async function completeUnary(answer: UniversalServerResponse): Promise<UniversalServerResponse> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of answer.body ?? []) chunks.push(chunk);
  const error = JSON.parse(Buffer.concat(chunks).toString('utf8')) as JsonError;
  const completed = completeJsonError(error);
  const header = new Headers(answer.header);
  header.delete('content-length');
  const status = completed.code === error.code ? answer.status : 400;
  return { ...answer, status, header, body: once(Buffer.from(JSON.stringify(completed))) };
}

// Connect yields one frame at a time, so the flag is the first byte of a chunk.
function withLastFrame(
  answer: UniversalServerResponse,
  flag: number,
  complete: (content: string) => string,
): UniversalServerResponse {
  const { body } = answer;
  if (body === undefined) return answer;
  const completed = async function* () {
    for await (const chunk of body) {
      const isPlainLast = chunk[0] === flag && chunk.length > headBytes;
      yield isPlainLast ? frame(flag, complete(Buffer.from(chunk.subarray(headBytes)).toString('utf8'))) : chunk;
    }
  };
  return { ...answer, body: completed() };
}

function completeTrailerFrame(content: string): string {
  const fields = new Headers();
  for (const line of content.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) fields.append(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return [...completeTrailer(fields)].map(([name, value]) => `${name}: ${value}\r\n`).join('');
}

function completeEndStream(content: string): string {
  const end = JSON.parse(content) as { error?: JsonError };
  return end.error === undefined ? content : JSON.stringify({ ...end, error: completeJsonError(end.error) });
}

function frame(flag: number, content: string): Uint8Array {
  const bytes = Buffer.from(content);
  const framed = Buffer.alloc(headBytes + bytes.length);
  framed[0] = flag;
  framed.writeUInt32BE(bytes.length, 1);
  bytes.copy(framed, headBytes);
  return framed;
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
