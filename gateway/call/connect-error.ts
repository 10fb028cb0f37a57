/** Errors of the platform as Connect sends them; code numbers and details are the same in both. */
import type { DescMessage, MessageInitShape } from '@bufbuild/protobuf';
import { anyUnpack } from '@bufbuild/protobuf/wkt';
import { type Code as ConnectCode, ConnectError, type HandlerContext } from '@connectrpc/connect';
import {
  BadRequestSchema,
  ErrorInfoSchema,
  PreconditionFailureSchema,
  RetryInfoSchema,
} from '#gen/google/rpc/error_details_pb.ts';
import { toOutcryError, toStatus } from '#platform/errors/details.ts';

const detailSchemas: DescMessage[] = [ErrorInfoSchema, BadRequestSchema, RetryInfoSchema, PreconditionFailureSchema];

/** Any error as a ConnectError for the caller of `context`, with the header Retry-After where the error says when to come back. */
export function refusalOf(context: Pick<HandlerContext, 'responseHeader'>, error: unknown): ConnectError {
  const { retryDelayMs } = toOutcryError(error);
  if (retryDelayMs !== undefined) {
    context.responseHeader.set('retry-after', String(Math.max(1, Math.ceil(retryDelayMs / 1_000))));
  }
  return toConnectError(error);
}

/** Any error as a ConnectError; one that is not an OutcryError becomes INTERNAL with the message "internal error". */
export function toConnectError(error: unknown): ConnectError {
  // Connect's own: the request cannot be read.
  if (error instanceof ConnectError) return error;
  const status = toStatus(error);
  const details = status.details.flatMap((detail) => {
    for (const desc of detailSchemas) {
      const value = anyUnpack(detail, desc);
      if (value !== undefined) return [{ desc, value: value as MessageInitShape<DescMessage> }];
    }
    return [];
  });
  return new ConnectError(status.message, status.code as ConnectCode, undefined, details, error);
}
