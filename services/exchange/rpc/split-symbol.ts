import type { MessageInitShape } from '@bufbuild/protobuf';
import type { SplitSymbolRequest, SplitSymbolResponseSchema } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { ExchangeDeps } from '../deps.ts';
import type { SplitCommand } from '../engine/model/commands.ts';
import { termOfSymbol } from '../replication/find-term.ts';
import { runCommand } from '../replication/run-command.ts';
import { isCommandId, isSymbol, requireFields } from './messages/fields.ts';
import { isWithin } from './messages/order-terms.ts';

/** Greatest number on either side of a split. */
export const splitMax = 1_000;

/** Rewrites a book after a share split. */
export async function splitSymbol(
  deps: ExchangeDeps,
  request: SplitSymbolRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof SplitSymbolResponseSchema>> {
  const { commandId, symbol, numerator, denominator } = request;
  requireFields([
    isCommandId(commandId),
    isSymbol(symbol),
    [isWithin(numerator, 1, splitMax), 'numerator', `must be 1 to ${splitMax}`],
    [isWithin(denominator, 1, splitMax), 'denominator', `must be 1 to ${splitMax}`],
    [numerator !== denominator, 'denominator', 'must not be the numerator'],
  ]);
  const command: SplitCommand = { kind: 'split', commandId, symbol, numerator, denominator };
  const { outcome, result } = await runCommand(termOfSymbol(deps, symbol), context, command, {
    key: commandId,
    symbol,
  });
  return { result, cancelledCount: outcome.cancelledCount };
}
