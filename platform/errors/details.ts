/** Maps the error family to google.rpc.Status and back. */
import { create, fromBinary } from '@bufbuild/protobuf';
import type { Any } from '@bufbuild/protobuf/wkt';
import { anyPack, anyUnpack, DurationSchema } from '@bufbuild/protobuf/wkt';
import {
  BadRequestSchema,
  ErrorInfoSchema,
  PreconditionFailureSchema,
  RetryInfoSchema,
} from '#gen/google/rpc/error_details_pb.ts';
import type { Status } from '#gen/google/rpc/status_pb.ts';
import { StatusSchema } from '#gen/google/rpc/status_pb.ts';
import { ErrorReason, ErrorReasonSchema } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code, codeFromNumber } from './code.ts';
import type { FieldViolation, OutcryErrorOptions } from './outcry-error.ts';
import { internal, OutcryError } from './outcry-error.ts';

const domain = 'outcry';
const reasonPrefix = 'ERROR_REASON_';
// Status and message travel in HTTP/2 headers, which peers bound; the rest of a long text is of no use to the caller.
const messageLengthMax = 1_000;
const violationsMax = 32;
const descriptionLengthMax = 200;

const reasonNames = new Map(
  ErrorReasonSchema.values.map((value) => [value.number, value.name.slice(reasonPrefix.length)]),
);
const reasonNumbers = new Map([...reasonNames].map(([number, name]) => [name, number as ErrorReason]));

/** The name of a reason as ErrorInfo carries it: without its enum prefix. */
export function reasonName(reason: ErrorReason): string {
  return reasonNames.get(reason) ?? 'UNSPECIFIED';
}

/** The error itself when it is an OutcryError, else INTERNAL with nothing of it in the message. */
export function toOutcryError(error: unknown): OutcryError {
  return error instanceof OutcryError ? error : internal(error);
}

/** The google.rpc.Status of any error; an unknown one becomes INTERNAL "internal error". */
export function toStatus(error: unknown): Status {
  const known = toOutcryError(error);
  return create(StatusSchema, {
    code: known.code,
    message: safeText(known.message, messageLengthMax),
    details: detailsOf(known),
  });
}

/** Builds the error from a status; a reason that this release does not know keeps code and message. */
export function fromStatus(status: Status): OutcryError {
  let reason: ErrorReason = ErrorReason.UNSPECIFIED;
  const options: OutcryErrorOptions = {};
  for (const detail of status.details) {
    const info = anyUnpack(detail, ErrorInfoSchema);
    if (info?.domain === domain) {
      reason = reasonNumbers.get(info.reason) ?? ErrorReason.UNSPECIFIED;
      options.metadata = info.metadata;
    }
    options.violations ??= violationsFrom(detail);
    options.retryDelayMs ??= retryDelayFrom(detail);
  }
  return new OutcryError(codeFromNumber(status.code), reason, status.message, options);
}

/** Builds the error from the bytes of `grpc-status-details-bin`. Throws when they are not a google.rpc.Status. */
export function fromStatusBytes(bytes: Uint8Array): OutcryError {
  return fromStatus(fromBinary(StatusSchema, bytes));
}

function detailsOf(error: OutcryError): Any[] {
  const info = create(ErrorInfoSchema, { reason: reasonName(error.reason), domain, metadata: error.metadata });
  const details: Any[] = [anyPack(ErrorInfoSchema, info)];
  if (error.violations.length > 0) {
    const fieldViolations = error.violations
      .slice(0, violationsMax)
      .map(({ field, description }) => ({ field, description: safeText(description, descriptionLengthMax) }));
    details.push(anyPack(BadRequestSchema, create(BadRequestSchema, { fieldViolations })));
  }
  if (error.retryDelayMs !== undefined) {
    const retryDelay = durationFromMs(error.retryDelayMs);
    details.push(anyPack(RetryInfoSchema, create(RetryInfoSchema, { retryDelay })));
  }
  if (error.code === Code.FAILED_PRECONDITION) {
    const description = safeText(error.message, messageLengthMax);
    const violation = { type: reasonName(error.reason), subject: subjectOf(error), description };
    details.push(anyPack(PreconditionFailureSchema, create(PreconditionFailureSchema, { violations: [violation] })));
  }
  return details;
}

function subjectOf({ metadata }: OutcryError): string {
  return metadata.symbol ?? metadata.order_id ?? metadata.account_id ?? '';
}

function violationsFrom(detail: Any): FieldViolation[] | undefined {
  const badRequest = anyUnpack(detail, BadRequestSchema);
  return badRequest?.fieldViolations.map(({ field, description }) => ({ field, description }));
}

function retryDelayFrom(detail: Any): number | undefined {
  const delay = anyUnpack(detail, RetryInfoSchema)?.retryDelay;
  return delay === undefined ? undefined : Number(delay.seconds) * 1_000 + Math.round(delay.nanos / 1e6);
}

function durationFromMs(ms: number) {
  const whole = Math.max(0, Math.round(ms));
  return create(DurationSchema, { seconds: BigInt(Math.floor(whole / 1_000)), nanos: (whole % 1_000) * 1_000_000 });
}

// A lone surrogate cannot be percent-encoded into the grpc-message header: grpc-js would throw while it sends the status.
function safeText(text: string, lengthMax: number): string {
  const cut = text.length > lengthMax ? `${text.slice(0, lengthMax - 1)}…` : text;
  return cut.toWellFormed();
}
