/** The `grpc-timeout` of a call: how it is written, and how a library that reads it into 32 bits does not get to see it. */
import type { Http2Server, IncomingHttpHeaders } from 'node:http2';
import type { Server } from '@grpc/grpc-js';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { OutcryError } from '#platform/errors/outcry-error.ts';

/** Metadata key under which a server finds the caller's `grpc-timeout`; never the value that a caller sent under this key. */
export const timeoutKey = 'x-outcry-grpc-timeout';

const header = 'grpc-timeout';
const pattern = /^(\d{1,8})([HMSmun])$/;
const unitMs: Record<string, number> = { H: 3_600_000, M: 60_000, S: 1_000, m: 1, u: 1e-3, n: 1e-6 };

/** The timeout in ms, from 0 to 99,999,999 hours. Throws INVALID_ARGUMENT for a text that is no `grpc-timeout`. */
export function parseGrpcTimeout(text: string): number {
  const [, digits, unit = ''] = pattern.exec(text) ?? [];
  const factor = unitMs[unit];
  if (digits === undefined || factor === undefined) throw invalidTimeout(header);
  return Number(digits) * factor;
}

/** INVALID_ARGUMENT for a timeout header that cannot be read. */
export function invalidTimeout(name: string): OutcryError {
  return new OutcryError(Code.INVALID_ARGUMENT, ErrorReason.MALFORMED_MESSAGE, `the header ${name} is not a timeout`);
}

/**
 * Moves the `grpc-timeout` of every call that comes to the bound server under `timeoutKey`. grpc-js reads it into 32 bits, so that
 * 25 days or more have passed at once, and it takes whatever ends in a timeout for one; it offers no way to change either. Throws
 * when grpc-js has no longer the servers that it had.
 */
export function takeTimeouts(server: Server): void {
  const http2Servers: unknown = Reflect.get(server, 'http2Servers');
  if (!(http2Servers instanceof Map) || http2Servers.size === 0)
    throw new Error('grpc-js is not as it was: no servers');
  for (const http2Server of http2Servers.keys() as Iterable<Http2Server>) {
    http2Server.prependListener('stream', (_stream, headers) => moveTimeout(headers));
  }
}

function moveTimeout(headers: IncomingHttpHeaders): void {
  const sent = headers[header];
  delete headers[timeoutKey];
  if (sent === undefined) return;
  delete headers[header];
  headers[timeoutKey] = sent;
}
