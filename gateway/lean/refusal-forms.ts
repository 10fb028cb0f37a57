/** A refusal in the forms of the protocols, as Connect writes them after `edge/complete-error.ts`. */
import { create, type DescMessage, fromBinary, type JsonValue, toBinary, toJson } from '@bufbuild/protobuf';
import { type Any, anyUnpack } from '@bufbuild/protobuf/wkt';
import type { Code as ConnectCode } from '@connectrpc/connect';
import { codeToHttpStatus, codeToString } from '@connectrpc/connect/protocol-connect';
import {
  BadRequestSchema,
  ErrorInfoSchema,
  PreconditionFailureSchema,
  RetryInfoSchema,
} from '#gen/google/rpc/error_details_pb.ts';
import { type Status, StatusSchema } from '#gen/google/rpc/status_pb.ts';

const typePrefix = 'type.googleapis.com/';
// What a client of the gateway may get to see; see `call/connect-error.ts`.
const schemas = new Map<string, DescMessage>(
  [ErrorInfoSchema, BadRequestSchema, RetryInfoSchema, PreconditionFailureSchema].map((schema) => [
    typePrefix + schema.typeName,
    schema,
  ]),
);

/** The HTTP status of Connect for a refusal. */
export function httpStatusOf({ code }: Status): number {
  return codeToHttpStatus(code as ConnectCode);
}

/** The value of Retry-After, in whole seconds; undefined when the refusal does not say when to come back. */
export function retryAfterOf({ details }: Status): string | undefined {
  for (const detail of details) {
    if (detail.typeUrl !== typePrefix + RetryInfoSchema.typeName) continue;
    const delay = anyUnpack(detail, RetryInfoSchema)?.retryDelay;
    if (delay === undefined) return undefined;
    const delayMs = Number(delay.seconds) * 1_000 + Math.round(delay.nanos / 1e6);
    return String(Math.max(1, Math.ceil(delayMs / 1_000)));
  }
  return undefined;
}

/** The error of the Connect protocol, as JSON text. */
export function jsonErrorOf(refusal: Status): string {
  return JSON.stringify({
    code: codeToString(refusal.code as ConnectCode),
    ...(refusal.message !== '' && { message: refusal.message }),
    details: refusal.details.flatMap(jsonDetailOf),
  });
}

function jsonDetailOf({ typeUrl, value }: Any) {
  const schema = schemas.get(typeUrl);
  if (schema === undefined) return [];
  const debug: JsonValue = toJson(schema, fromBinary(schema, value));
  return [{ type: schema.typeName, debug, value: base64(value) }];
}

/** The trailers of gRPC and gRPC-web, in the order of their names. */
export function trailersOf({ code, message, details }: Status): Record<string, string> {
  const sent = create(StatusSchema, { code, message, details: details.filter(({ typeUrl }) => schemas.has(typeUrl)) });
  return {
    'grpc-message': encodeURIComponent(message),
    'grpc-status': String(code),
    'grpc-status-details-bin': base64(toBinary(StatusSchema, sent)),
  };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64').replace(/=+$/, '');
}
