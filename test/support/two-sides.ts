/** Two people who trade with each other in a book of a test's own, so that its prices are those that the test wants. */
import { type Investor, limitTerms, orderOnce, placeOrder, registerInvestor } from './investor.ts';
import { issueShares, openBook } from './market.ts';
import type { TestClient } from './test-client.ts';

/** A book with its makers. */
export type TwoSides = {
  symbol: string;
  /** Has shares to sell. */
  seller: Investor;
  /** Has cash. */
  buyer: Investor;
  /** Trades this many shares at a price between the two. */
  tradeAt(price: string, quantity?: string): Promise<void>;
};

/** Opens a book, tick 0.01, lot 1, reference 100.00, band 20 %; nothing has traded in it. */
export async function openTwoSides(client: TestClient, admin: Investor): Promise<TwoSides> {
  const [symbol, seller, buyer] = await Promise.all([
    openBook(admin),
    registerInvestor(client),
    registerInvestor(client),
  ]);
  await issueShares(admin, seller, symbol, '1000');
  return {
    symbol,
    seller,
    buyer,
    async tradeAt(price, quantity = '1') {
      await placeOrder(seller, limitTerms('SELL', symbol, quantity, price));
      const { orderId } = await placeOrder(buyer, limitTerms('BUY', symbol, quantity, price));
      await orderOnce(buyer, orderId, 'FILLED');
    },
  };
}
