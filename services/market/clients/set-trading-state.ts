import { CommandOutcome, type ExchangeService } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import type { TradingState } from '#gen/outcry/trading/v1/trading_pb.ts';
import type { RpcClient } from '#platform/rpc/client.ts';
import { commandError } from '../rpc/messages/command-error.ts';

/** The call that changes the state of a book. */
export type StateClient = Pick<RpcClient<typeof ExchangeService>, 'setTradingState'>;

/** A change of state under the id by which the exchange knows it again. */
export type StateChange = { commandId: string; symbol: string; state: TradingState };

/** Longer than a takeover of the exchange, shorter than a lease. */
const timeoutMs = 2_000;

/**
 * Sets the trading state of a book; the same command again changes nothing. Returns the feed sequence of the change when it was first carried
 * out, 0 when it changed nothing. Throws what the exchange rejected.
 */
export async function setTradingState(
  exchange: StateClient,
  change: StateChange,
  signal: AbortSignal,
): Promise<bigint> {
  const { result } = await exchange.setTradingState(change, { signal, timeoutMs });
  if (result?.outcome === CommandOutcome.REJECTED) throw commandError(result);
  return result?.feedSequence ?? 0n;
}
