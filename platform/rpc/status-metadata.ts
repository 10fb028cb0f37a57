/** Statuses as they leave a server: always with google.rpc details, always with the request id beside them. */
import { toBinary } from '@bufbuild/protobuf';
import { Metadata } from '@grpc/grpc-js';
import { StatusSchema } from '#gen/google/rpc/status_pb.ts';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code, codeFromNumber } from '#platform/errors/code.ts';
import { toStatus } from '#platform/errors/details.ts';
import { cancelled, internal, OutcryError, unavailable } from '#platform/errors/outcry-error.ts';

/** A status in the form that grpc-js sends. */
export type OutgoingStatus = { code: number; details: string; metadata: Metadata };

/** Metadata key of the request id, in requests and in trailers. */
export const requestIdKey = 'x-request-id';

const tooLarge = 'the message is over the size that the server takes';
const detailsKey = 'grpc-status-details-bin';

/** The status of a call that succeeded. */
export function okStatus(requestId: string): OutgoingStatus {
  const metadata = new Metadata();
  metadata.set(requestIdKey, requestId);
  return { code: Code.OK, details: '', metadata };
}

/** The status of a call that failed, with all that the caller may know. */
export function errorStatus(error: OutcryError, requestId: string): OutgoingStatus {
  const status = toStatus(error);
  const metadata = new Metadata();
  metadata.set(requestIdKey, requestId);
  metadata.set(detailsKey, asBuffer(toBinary(StatusSchema, status)));
  return { code: status.code, details: status.message, metadata };
}

/** What grpc-js found wrong with a call before or beside its handler, as one of our errors. */
export function transportError(status: { code: number; details: string }): OutcryError {
  const code = codeFromNumber(status.code);
  switch (code) {
    case Code.CANCELLED:
      return cancelled();
    case Code.RESOURCE_EXHAUSTED:
      return new OutcryError(code, ErrorReason.MESSAGE_TOO_LARGE, sizeMessage(status.details));
    case Code.UNIMPLEMENTED:
      return new OutcryError(code, ErrorReason.UNIMPLEMENTED, status.details);
    case Code.INTERNAL:
      if (/^Failed to decompress/.test(status.details)) return malformed('the call is malformed');
      return internal(new Error(status.details));
    default:
      return internal(new Error(status.details));
  }
}

function sizeMessage(details: string): string {
  return details.startsWith('Sent') ? 'the answer is over the size that the server sends' : tooLarge;
}

/** INVALID_ARGUMENT for bytes that are not what the RPC takes. */
export function malformed(message: string): OutcryError {
  return new OutcryError(Code.INVALID_ARGUMENT, ErrorReason.MALFORMED_MESSAGE, message);
}

/** UNAVAILABLE for calls that a draining server does not finish. */
export function shuttingDown(): OutcryError {
  return unavailable(ErrorReason.SHUTTING_DOWN, 'the server stops; another replica takes the call');
}

/** The same bytes as a Buffer, not copied. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
