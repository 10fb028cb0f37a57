/** What the port answers by itself, when no handler can. */
import type http from 'node:http';

/** A refusal of the port. */
export type PortRefusal = { status: number; code: string; message: string };

/** The JSON body of a refusal. */
export type DescribeRefusal = (refusal: PortRefusal) => string;

const badRequest = { status: 400, code: 'invalid_argument', message: 'this is no valid HTTP request' };
const byErrorCode: Record<string, PortRefusal> = {
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, code: 'deadline_exceeded', message: 'the request was not complete in time' },
  HPE_HEADER_OVERFLOW: { status: 431, code: 'resource_exhausted', message: 'the headers are too long' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: {
    status: 413,
    code: 'resource_exhausted',
    message: 'the chunk extensions are too long',
  },
};

/** The handler of a call threw. */
export const internalFault: PortRefusal = { status: 500, code: 'internal', message: 'internal error' };
/** Too many calls wait for their start. */
export const tooManyWaiting: PortRefusal = {
  status: 503,
  code: 'unavailable',
  message: 'too many calls at the moment',
};

/** What to answer to a connection on which Node's HTTP/1.1 parser met an error. */
export function refusalOf(error: NodeJS.ErrnoException): PortRefusal {
  return byErrorCode[error.code ?? ''] ?? badRequest;
}

/** A whole HTTP/1.1 response, after which the connection closes. */
export function rawResponse(refusal: PortRefusal, describe: DescribeRefusal): string {
  const body = describe(refusal);
  const head = [`HTTP/1.1 ${refusal.status} Refused`, ...Object.entries(headersOf(body)).map(([k, v]) => `${k}: ${v}`)];
  return `${[...head, 'connection: close'].join('\r\n')}\r\n\r\n${body}`;
}

/** Answers with the refusal. */
export function sendRefusal(response: http.ServerResponse, refusal: PortRefusal, describe: DescribeRefusal): void {
  const body = describe(refusal);
  response.writeHead(refusal.status, headersOf(body));
  response.end(body);
}

function headersOf(body: string) {
  return { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) };
}
