import type { CallContext } from '#platform/rpc/call-context.ts';
import type { Command, Outcome } from '../engine/model/commands.ts';
import { type ResultInit, toResult } from '../rpc/messages/to-result.ts';
import type { Term } from './term.ts';

/** Carries out the command of a call that is not batched. */
export async function runCommand(
  term: Term,
  context: CallContext,
  command: Command,
  { key, symbol }: { key: string; symbol: string },
): Promise<{ outcome: Outcome; result: ResultInit }> {
  const [outcome] = await term.submit([command], context);
  if (!outcome) throw new Error('the command has no outcome');
  return { outcome, result: toResult(key, command, outcome, term.listingOf(symbol)) };
}
