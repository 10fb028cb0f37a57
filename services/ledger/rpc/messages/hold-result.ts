import type { MessageInitShape } from '@bufbuild/protobuf';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import type { HoldResultSchema } from '#gen/outcry/ledger/v1/internal_pb.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { MalformedHold } from './hold-item.ts';
import { reasonOf } from './refusal.ts';

type Result = MessageInitShape<typeof HoldResultSchema>;

/** The result of a hold; no refusal means that it stands. */
export function holdResult(orderId: string, refusal: Refusal | undefined): Result {
  return refusal ? { orderId, reason: reasonOf(refusal), metadata: refusal.metadata } : { orderId, held: true };
}

/** The result of a hold that cannot be read. */
export function malformedResult(orderId: string, { malformed }: MalformedHold): Result {
  return { orderId, reason: ErrorReason.INVALID_FIELD, metadata: malformed };
}
