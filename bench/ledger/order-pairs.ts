import { uuidV7 } from '#platform/ids/uuid-v7.ts';
import type { HoldRequest } from '../../services/ledger/index.ts';
import type { Random } from '../load/random.ts';

/** A buy and a sell that fill each other. */
export type OrderPair = { buy: HoldRequest; sell: HoldRequest };

/** An endless supply of pairs, and who trades what in them. */
export type OrderPairs = { accountIds: string[]; symbols: string[]; take: () => OrderPair };

const lotsMax = 100;
const priceTicks = 10_000n;

/** Pairs of two different accounts in any of the books; the same random numbers give the same pairs, but for their ids. */
export function createOrderPairs(options: { random: Random; accounts: number; symbols: number }): OrderPairs {
  const { random } = options;
  const accountIds = Array.from({ length: options.accounts }, () => uuidV7());
  const symbols = Array.from({ length: options.symbols }, (_, index) => `BENCH${index}`);
  const take = () => {
    const buyer = random.below(accountIds.length);
    const seller = (buyer + 1 + random.below(accountIds.length - 1)) % accountIds.length;
    const terms = {
      symbol: symbols[random.below(symbols.length)] as string,
      lots: BigInt(1 + random.below(lotsMax)),
      priceTicks,
      tickLotMicros: 10_000n,
      lotMicros: 1_000_000n,
      makerBps: 10,
      takerBps: 20,
    };
    const order = (index: number, side: 'buy' | 'sell'): HoldRequest => ({
      orderId: uuidV7(),
      terms: { ...terms, accountId: accountIds[index] as string, side },
      positionMaxMicros: undefined,
    });
    return { buy: order(buyer, 'buy'), sell: order(seller, 'sell') };
  };
  return { accountIds, symbols, take };
}
