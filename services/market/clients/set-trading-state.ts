import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { CommandOutcome, type ExchangeService } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import type { TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import { alreadyExists } from '#platform/errors/outcry-error.ts';
import type { Database } from '#platform/postgres/sql.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import { commandError } from '../rpc/messages/command-error.ts';
import { saveStateCommand } from '../store/save-state-command.ts';

/** A state that an operator sets under a key. */
export type StateChange = { key: string; symbol: string; state: TradingState };

/**
 * Sets the trading state of a book. The key is the exchange's command id, so that a repeat changes nothing; it is stored with what it
 * stands for, so that it cannot mean two things. Throws KEY_REUSED, or what the exchange rejected.
 */
export async function setTradingState(
  { db, exchange }: { db: Database; exchange: Pick<RpcClient<typeof ExchangeService>, 'setTradingState'> },
  { key, symbol, state }: StateChange,
  signal: AbortSignal,
): Promise<void> {
  const stored = await saveStateCommand(db, { key, symbol, state });
  if (stored.symbol !== symbol || stored.state !== state) {
    throw alreadyExists(ErrorReason.KEY_REUSED, 'the key was used before with another body');
  }
  const { result } = await exchange.setTradingState({ commandId: key, symbol, state }, { signal });
  if (result?.outcome === CommandOutcome.REJECTED) throw commandError(result);
}
