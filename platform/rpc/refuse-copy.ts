import type { DescMethod } from '@bufbuild/protobuf';
import { MethodOptions_IdempotencyLevel as Level } from '@bufbuild/protobuf/wkt';
import { refusedAsCopy } from '#platform/errors/mirrored.ts';
import { isMirrored, type Trace } from '#platform/telemetry/trace-context.ts';

/**
 * Throws FAILED_PRECONDITION for a copy of a call of an RPC that changes something. Before any handler looks up a key: the answer stored under
 * the key of a copy is that of the call itself.
 */
export function refuseCopy({ idempotency }: DescMethod, trace: Trace): void {
  if (idempotency !== Level.NO_SIDE_EFFECTS && isMirrored(trace)) throw refusedAsCopy();
}
