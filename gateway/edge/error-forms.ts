/** The forms of an error on the wire, JSON, trailers and frames, and what they lack when Connect made the error itself. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { anyPack } from '@bufbuild/protobuf/wkt';
import { ErrorInfoSchema } from '#gen/google/rpc/error_details_pb.ts';
import { StatusSchema } from '#gen/google/rpc/status_pb.ts';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { reasonName } from '#platform/errors/details.ts';

/** An error of the Connect protocol. */
export type JsonError = { code?: string; message?: string; details?: unknown[] };

/** Bytes of a frame before its content. */
export const frameHeadBytes = 5;

// The message of Connect's error for a request that is not a valid message of its type.
const unreadable = /^parse binary: /;
const malformedText = 'the bytes are not a message of this RPC';
const detailsKey = 'grpc-status-details-bin';

const reasons: Record<number, ErrorReason> = {
  [Code.CANCELLED]: ErrorReason.CANCELLED_BY_CALLER,
  [Code.INVALID_ARGUMENT]: ErrorReason.MALFORMED_MESSAGE,
  [Code.DEADLINE_EXCEEDED]: ErrorReason.DEADLINE_EXPIRED,
  [Code.NOT_FOUND]: ErrorReason.UNIMPLEMENTED,
  [Code.RESOURCE_EXHAUSTED]: ErrorReason.MESSAGE_TOO_LARGE,
  [Code.UNIMPLEMENTED]: ErrorReason.UNIMPLEMENTED,
  [Code.UNAVAILABLE]: ErrorReason.DEPENDENCY_UNAVAILABLE,
};
const connectCodes: Record<string, number> = {
  canceled: Code.CANCELLED,
  invalid_argument: Code.INVALID_ARGUMENT,
  deadline_exceeded: Code.DEADLINE_EXCEEDED,
  not_found: Code.NOT_FOUND,
  resource_exhausted: Code.RESOURCE_EXHAUSTED,
  unimplemented: Code.UNIMPLEMENTED,
  unavailable: Code.UNAVAILABLE,
};

/** The error with an ErrorInfo; one that has details is returned as it is. */
export function completeJsonError(error: JsonError): JsonError {
  if ((error.details?.length ?? 0) > 0) return error;
  const isMalformed = unreadable.test(error.message ?? '');
  const code = isMalformed ? 'invalid_argument' : (error.code ?? 'unknown');
  const message = isMalformed ? malformedText : error.message;
  const info = errorInfo(connectCodes[code] ?? Code.INTERNAL);
  const value = Buffer.from(toBinary(ErrorInfoSchema, info)).toString('base64').replace(/=+$/, '');
  const debug = { reason: info.reason, domain: info.domain };
  return {
    code,
    ...(message !== undefined && { message }),
    details: [{ type: ErrorInfoSchema.typeName, value, debug }],
  };
}

/** The trailers of gRPC or gRPC-web with an ErrorInfo; those of a success or with details are returned as they are. */
export function completeTrailer(trailer: Headers): Headers {
  const sentCode = Number(trailer.get('grpc-status') ?? 0);
  if (sentCode === Code.OK || hasDetails(trailer)) return trailer;
  const sentMessage = decodeURIComponent(trailer.get('grpc-message') ?? '');
  const isMalformed = unreadable.test(sentMessage);
  const code = isMalformed ? Code.INVALID_ARGUMENT : sentCode;
  const message = isMalformed ? malformedText : sentMessage;
  const status = create(StatusSchema, { code, message, details: [anyPack(ErrorInfoSchema, errorInfo(code))] });
  const completed = new Headers(trailer);
  completed.set('grpc-status', String(code));
  completed.set('grpc-message', encodeURIComponent(message));
  completed.set(detailsKey, Buffer.from(toBinary(StatusSchema, status)).toString('base64'));
  return completed;
}

function errorInfo(code: number) {
  const reason = reasons[code] ?? ErrorReason.INTERNAL;
  return create(ErrorInfoSchema, { reason: reasonName(reason), domain: 'outcry' });
}

function hasDetails(trailer: Headers): boolean {
  const sent = trailer.get(detailsKey);
  return sent !== null && fromBinary(StatusSchema, Buffer.from(sent, 'base64')).details.length > 0;
}

/** An error that is no answer of an RPC, as the body of an HTTP answer. */
export function errorBody(error: JsonError): Buffer {
  return Buffer.from(JSON.stringify(completeJsonError(error)));
}

/** A frame of Connect, gRPC or gRPC-web: a flag, the length, the content. */
export function frame(flag: number, content: string): Uint8Array {
  const bytes = Buffer.from(content);
  const framed = Buffer.alloc(frameHeadBytes + bytes.length);
  framed[0] = flag;
  framed.writeUInt32BE(bytes.length, 1);
  bytes.copy(framed, frameHeadBytes);
  return framed;
}

/** A body of one chunk. */
export async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
