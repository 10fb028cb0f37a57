import { invalidArguments } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { Command, Outcome } from '../engine/model/commands.ts';
import type { Term } from '../replication/term.ts';
import { type FieldCheck, firstViolation } from './messages/fields.ts';
import { type ResultInit, toResult } from './messages/to-result.ts';

/** Carries out the command of a call that is not batched. */
export async function runCommand(
  term: Term,
  context: CallContext,
  command: Command,
  { key, symbol }: { key: string; symbol: string },
): Promise<{ outcome: Outcome; result: ResultInit }> {
  const { signal, deadlineTimeMs } = context;
  const [outcome] = await term.submit([command], { signal, deadlineTimeMs });
  if (!outcome) throw new Error('the command has no outcome');
  return { outcome, result: toResult(key, command, outcome, term.listingOf(symbol)) };
}

/** Throws INVALID_ARGUMENT for the first check that does not hold. */
export function requireFields(checks: readonly FieldCheck[]): void {
  const violation = firstViolation(checks);
  if (violation) throw invalidArguments([violation]);
}
