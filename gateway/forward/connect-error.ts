/** Errors of the platform as Connect sends them; code numbers and details are the same in both. */
import type { DescMessage, MessageInitShape } from '@bufbuild/protobuf';
import { anyUnpack } from '@bufbuild/protobuf/wkt';
import { type Code as ConnectCode, ConnectError } from '@connectrpc/connect';
import {
  BadRequestSchema,
  ErrorInfoSchema,
  PreconditionFailureSchema,
  RetryInfoSchema,
} from '#gen/google/rpc/error_details_pb.ts';
import { toStatus } from '#platform/errors/details.ts';

const detailSchemas: DescMessage[] = [ErrorInfoSchema, BadRequestSchema, RetryInfoSchema, PreconditionFailureSchema];

/** Any error as a ConnectError; one that is not an OutcryError tells nothing but "internal error". */
export function toConnectError(error: unknown): ConnectError {
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
