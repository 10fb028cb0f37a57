/**
 * Completes errors that Connect makes itself. They carry no details, and Connect reports a malformed message as INTERNAL. Both are
 * corrected in the four forms that an error has on the wire, so that clients of every protocol read the same error shape.
 */
import type { UniversalServerResponse } from '@connectrpc/connect/protocol';
import {
  completeJsonError,
  completeTrailer,
  errorBody,
  frame,
  frameHeadBytes,
  type JsonError,
  once,
} from './error-forms.ts';
import { inflate } from './inflate.ts';

const compressedFlag = 0x01;
const trailerFlag = 0x80;
const endStreamFlag = 0x02;

// Requests that no protocol takes; Connect answers them without a body.
const refusals: Record<number, string> = {
  405: 'this RPC is not called with this HTTP method',
  415: 'this RPC is not served in this content type',
  505: 'this RPC is served over HTTP/2 only',
};

/** The response with its error, if it has one, completed. `allowedMethods`: the HTTP methods of the RPC. */
export async function completeError(
  answer: UniversalServerResponse,
  allowedMethods: readonly string[],
): Promise<UniversalServerResponse> {
  const refusal = refusals[answer.status];
  if (refusal !== undefined && answer.body === undefined) return completeRefusal(answer, refusal, allowedMethods);
  const contentType = answer.header?.get('content-type') ?? '';
  if (answer.status >= 400 && contentType.startsWith('application/json')) return completeUnary(answer);
  if (contentType.startsWith('application/grpc-web')) return withLastFrame(answer, trailerFlag, completeTrailerFrame);
  if (contentType.startsWith('application/connect+')) return withLastFrame(answer, endStreamFlag, completeEndStream);
  return answer.trailer === undefined ? answer : { ...answer, trailer: completeTrailer(answer.trailer) };
}

function completeRefusal(
  answer: UniversalServerResponse,
  message: string,
  allowedMethods: readonly string[],
): UniversalServerResponse {
  const header = new Headers(answer.header);
  header.set('content-type', 'application/json');
  if (answer.status === 405) header.set('allow', allowedMethods.join(', '));
  return { ...answer, header, body: once(errorBody({ code: 'unimplemented', message })) };
}

async function completeUnary(answer: UniversalServerResponse): Promise<UniversalServerResponse> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of answer.body ?? []) chunks.push(chunk);
  const header = new Headers(answer.header);
  const text = inflate(header.get('content-encoding'), Buffer.concat(chunks)).toString('utf8');
  header.delete('content-encoding');
  const error = JSON.parse(text) as JsonError;
  const completed = completeJsonError(error);
  const status = completed.code === error.code ? answer.status : 400;
  const body = Buffer.from(JSON.stringify(completed));
  header.set('content-length', String(body.length));
  return { ...answer, status, header, body: once(body) };
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
      const flags = chunk[0] ?? 0;
      const isLast = (flags & flag) !== 0 && chunk.length > frameHeadBytes;
      const content = chunk.subarray(frameHeadBytes);
      yield isLast ? frame(flag, complete(plain(answer, flags, content).toString('utf8'))) : chunk;
    }
  };
  return { ...answer, body: completed() };
}

function plain({ header }: UniversalServerResponse, flags: number, content: Uint8Array): Buffer {
  if ((flags & compressedFlag) === 0) return Buffer.from(content);
  return inflate(header?.get('grpc-encoding') ?? header?.get('connect-content-encoding') ?? null, content);
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
