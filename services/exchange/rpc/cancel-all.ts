import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CancelAllRequest, CancelAllResponseSchema } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { invalidArgument } from '#platform/errors/outcry-error.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { ExchangeDeps } from '../deps.ts';
import type { CancelAllCommand } from '../engine/model/commands.ts';
import { termOf, termOfSymbol } from '../replication/find-term.ts';
import { runCommand } from '../replication/run-command.ts';
import { isAccount, isCommandId, isSymbol, requireFields } from './messages/fields.ts';

/** Cancels all resting orders that match. */
export async function cancelAll(
  deps: ExchangeDeps,
  request: CancelAllRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof CancelAllResponseSchema>> {
  const { commandId, accountId, symbol, side } = request;
  requireFields([
    isCommandId(commandId),
    accountId === '' ? [symbol !== '', 'account_id', 'may be empty with a symbol only'] : isAccount(accountId),
    symbol === '' ? [true, 'symbol', ''] : isSymbol(symbol),
    [side <= 2, 'side', 'is not a side'],
  ]);
  const command: CancelAllCommand = { kind: 'cancelAll', commandId, accountId, symbol, side: side as 0 | 1 | 2 };
  if (symbol === '' && deps.shards.shards.length > 1) {
    throw invalidArgument('symbol', 'is needed where there are several shards');
  }
  const term = symbol === '' ? termOf(deps, deps.shards.shards[0] ?? 0) : termOfSymbol(deps, symbol);
  const { outcome, result } = await runCommand(term, context, command, { key: commandId, symbol });
  return { result, cancelledCount: outcome.cancelledCount };
}
