/** Makes the traders of the bench: the usual ones, and one whose orders meet deep quotes of others in books of their own. */
import { createGatewayCall } from '../../supervisor/index.ts';
import type { RunningSystem } from '../../supervisor/testing/index.ts';
import { type MarketPlace, openMarketPlace, type Trader } from '../baseline/market-place.ts';
import { logInAdministrator } from '../system/administrator.ts';
import type { Cast } from './phase-context.ts';

/** The traders and the symbols that each, by number, trades. */
export type CastWithSymbols = { cast: Cast; symbolsByTrader: string[][] };

const symbolsEach = 2;
const hotSymbols = 4;
// The last trader of those books sends; the others quote.
const hotTraders = 5;
const quotedLots = '150000';
const quotes = [
  { side: 'SIDE_BUY', limitPrice: '99.99' },
  { side: 'SIDE_SELL', limitPrice: '100.01' },
];

/** Makes the usual traders, and with `hot` also the books of phase `hot`. */
export async function assembleCast(
  system: RunningSystem,
  { users, symbols, hot }: { users: number; symbols: number; hot: boolean },
): Promise<CastWithSymbols> {
  const administrator = await logInAdministrator(system);
  const { gatewayUrl } = system;
  const common = { gatewayUrl, administrator };
  const usual = await openMarketPlace({ ...common, traders: users, symbols, symbolsEach });
  const usualNumbers = usual.traders.map((_, index) => index);
  const symbolsByTrader = usualNumbers.map((number) => [...usual.symbolsOf(number)]);
  if (!hot)
    return {
      cast: { traders: usual.traders, usual: usualNumbers, hot: -1, tokensTimeMs: performance.now() },
      symbolsByTrader,
    };
  const place = await openMarketPlace({ ...common, traders: hotTraders, symbols: hotSymbols, prefix: 'HOT' });
  await quote(gatewayUrl, place);
  const traders = [...usual.traders, ...place.traders];
  return {
    cast: { traders, usual: usualNumbers, hot: traders.length - 1, tokensTimeMs: performance.now() },
    symbolsByTrader: [...symbolsByTrader, ...place.traders.map(() => place.symbols)],
  };
}

async function quote(gatewayUrl: string, { traders, symbols }: MarketPlace): Promise<void> {
  const call = createGatewayCall(gatewayUrl);
  for (const [index, symbol] of symbols.entries()) {
    const { token } = traders[index] as Trader;
    for (const { side, limitPrice } of quotes) {
      const terms = { symbol, side, type: 'ORDER_TYPE_LIMIT', quantity: quotedLots, limitPrice };
      await call('outcry.order.v1.OrderService/PlaceOrder', { clientOrderId: `quote-${symbol}-${side}`, terms }, token);
    }
  }
}
