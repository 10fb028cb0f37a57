import { MethodOptions_IdempotencyLevel as Level } from '@bufbuild/protobuf/wkt';
import { refusedAsCopy } from '#platform/errors/mirrored.ts';
import { isMirrored, type Trace } from '#platform/telemetry/trace-context.ts';
import type { MethodRuntime } from './server-runtime.ts';

/**
 * Throws FAILED_PRECONDITION for a copy of a call of an RPC that changes something. Before any handler looks up a key: the answer stored under
 * the key of a copy is that of the call itself. Health and reflection, which have no rule of access, change nothing.
 */
export function refuseCopy({ method, rule }: Pick<MethodRuntime, 'method' | 'rule'>, trace: Trace): void {
  if (rule !== undefined && method.idempotency !== Level.NO_SIDE_EFFECTS && isMirrored(trace)) throw refusedAsCopy();
}
