import { Code } from '#platform/errors/code.ts';
import { OutcryError } from '#platform/errors/outcry-error.ts';
import { failureCode } from '#platform/postgres/failures.ts';

const itemCodes: ReadonlySet<Code> = new Set([
  Code.INVALID_ARGUMENT,
  Code.NOT_FOUND,
  Code.ALREADY_EXISTS,
  Code.FAILED_PRECONDITION,
  Code.OUT_OF_RANGE,
  Code.INTERNAL,
]);

/**
 * Whether a group may have failed for one of its items, and had no effect: a callee refused it for what is in it, a row violates a check or
 * does not fit its column, or a value is none that the code expects. Of an unreachable callee, or one that is too slow, it is false.
 */
export function isItemFault(error: unknown): boolean {
  if (error instanceof OutcryError) return itemCodes.has(error.code);
  return /^2[23]/.test(failureCode(error)) || error instanceof RangeError || error instanceof TypeError;
}
