/**
 * Refusals that Connect makes itself (a body that cannot be read, a size over the limit) carry no details. Here they get the same
 * ErrorInfo as all others, so that a client reads one error shape.
 */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { anyPack } from '@bufbuild/protobuf/wkt';
import type { UniversalServerResponse } from '@connectrpc/connect/protocol';
import { ErrorInfoSchema } from '#gen/google/rpc/error_details_pb.ts';
import { StatusSchema } from '#gen/google/rpc/status_pb.ts';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { reasonName } from '#platform/errors/details.ts';

const reasons: Record<number, ErrorReason> = {
  [Code.CANCELLED]: ErrorReason.CANCELLED_BY_CALLER,
  [Code.INVALID_ARGUMENT]: ErrorReason.MALFORMED_MESSAGE,
  [Code.DEADLINE_EXCEEDED]: ErrorReason.DEADLINE_EXPIRED,
  [Code.RESOURCE_EXHAUSTED]: ErrorReason.MESSAGE_TOO_LARGE,
  [Code.UNIMPLEMENTED]: ErrorReason.UNIMPLEMENTED,
};
const connectCodes: Record<string, number> = {
  canceled: Code.CANCELLED,
  invalid_argument: Code.INVALID_ARGUMENT,
  deadline_exceeded: Code.DEADLINE_EXCEEDED,
  resource_exhausted: Code.RESOURCE_EXHAUSTED,
  unimplemented: Code.UNIMPLEMENTED,
};
const detailsKey = 'grpc-status-details-bin';

/** The response with error details, when it is an error without any. Other responses are returned as they are. */
export function completeError(answer: UniversalServerResponse): UniversalServerResponse {
  if (answer.status >= 400 && answer.header?.get('content-type')?.startsWith('application/json')) {
    return completeJson(answer);
  }
  // A trailers-only gRPC answer has its status among the trailers too, as Connect sends it.
  return answer.trailer === undefined ? answer : completeTrailer(answer);
}

function errorInfo(code: number) {
  const reason = reasons[code] ?? ErrorReason.INTERNAL;
  return create(ErrorInfoSchema, { reason: reasonName(reason), domain: 'outcry' });
}

function completeJson(answer: UniversalServerResponse): UniversalServerResponse {
  if (answer.body === undefined) return answer;
  const header = new Headers(answer.header);
  header.delete('content-length');
  return { ...answer, header, body: completedBody(answer.body) };
}

async function* completedBody(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const error: unknown = JSON.parse(bytes.toString('utf8'));
  if (typeof error !== 'object' || error === null || 'details' in error || !('code' in error)) {
    yield bytes;
    return;
  }
  const info = errorInfo(connectCodes[String(error.code)] ?? Code.INTERNAL);
  const value = Buffer.from(toBinary(ErrorInfoSchema, info)).toString('base64').replace(/=+$/, '');
  const debug = { reason: info.reason, domain: info.domain };
  yield Buffer.from(JSON.stringify({ ...error, details: [{ type: ErrorInfoSchema.typeName, value, debug }] }));
}

function completeTrailer(answer: UniversalServerResponse): UniversalServerResponse {
  const trailer = answer.trailer;
  const code = Number(trailer?.get('grpc-status') ?? 0);
  if (trailer === undefined || code === Code.OK || hasDetails(trailer)) return answer;
  const message = decodeURIComponent(trailer.get('grpc-message') ?? '');
  const status = create(StatusSchema, { code, message, details: [anyPack(ErrorInfoSchema, errorInfo(code))] });
  const completed = new Headers(trailer);
  completed.set(detailsKey, Buffer.from(toBinary(StatusSchema, status)).toString('base64'));
  return { ...answer, trailer: completed };
}

function hasDetails(trailer: Headers): boolean {
  const sent = trailer.get(detailsKey);
  return sent !== null && fromBinary(StatusSchema, Buffer.from(sent, 'base64')).details.length > 0;
}
