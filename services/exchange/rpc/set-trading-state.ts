import type { MessageInitShape } from '@bufbuild/protobuf';
import type { SetTradingStateRequest, SetTradingStateResponseSchema } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import type { CallContext } from '#platform/rpc/call-context.ts';
import type { ExchangeDeps } from '../deps.ts';
import { TradingState } from '../engine/model/codes.ts';
import { termOfSymbol } from '../replication/find-term.ts';
import { runCommand } from '../replication/run-command.ts';
import { isCommandId, isSymbol, requireFields } from './messages/fields.ts';

const states: number[] = Object.values(TradingState);

/** Opens, halts, resumes, closes or delists a book. */
export async function setTradingState(
  deps: ExchangeDeps,
  request: SetTradingStateRequest,
  context: CallContext,
): Promise<MessageInitShape<typeof SetTradingStateResponseSchema>> {
  const { commandId, symbol, state } = request;
  requireFields([
    isCommandId(commandId),
    isSymbol(symbol),
    [states.includes(state), 'state', 'is not a trading state'],
  ]);
  const command = { kind: 'setState', commandId, symbol, state: state as number as TradingState } as const;
  const { result } = await runCommand(termOfSymbol(deps, symbol), context, command, { key: commandId, symbol });
  return { result };
}
