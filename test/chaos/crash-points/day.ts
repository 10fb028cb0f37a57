/** A day in steps, each of which can be repeated by itself: what it needs is made first, then the part during which something ends. */
import type { DayClient } from './client.ts';

/** One step of the day. */
export type DayStep = {
  name: string;
  /** Makes what the step needs, while nothing ends, and returns the step itself. */
  prepare(client: DayClient, symbol: string): Promise<() => Promise<void>>;
};

// Two people and a price that no other order is near.
const [buyer, seller] = [0, 1];

/** The steps. */
export const daySteps: readonly DayStep[] = [
  step('deposit', async (client) => client.transfer(buyer, 'deposit', '12.34')),
  step('withdrawal', async (client) => client.transfer(buyer, 'withdraw', '1.23')),
  step('limit order that rests', async (client, symbol) => place(client, buyer, limit(symbol, 'BUY', '99.00', '2'))),
  step('post-only order', async (client, symbol) =>
    place(client, buyer, { ...limit(symbol, 'BUY', '98.00', '2'), postOnly: true }),
  ),
  resting('limit order that trades', (symbol) => limit(symbol, 'BUY', '100.10', '2')),
  resting('limit order that trades in part', (symbol) => limit(symbol, 'BUY', '100.10', '9')),
  resting('immediate or cancel', (symbol) => ({
    ...limit(symbol, 'BUY', '100.10', '9'),
    timeInForce: 'TIME_IN_FORCE_IOC',
  })),
  resting('fill or kill that trades', (symbol) => ({
    ...limit(symbol, 'BUY', '100.10', '2'),
    timeInForce: 'TIME_IN_FORCE_FOK',
  })),
  resting('fill or kill that does not', (symbol) => ({
    ...limit(symbol, 'BUY', '100.10', '900'),
    timeInForce: 'TIME_IN_FORCE_FOK',
  })),
  resting('market order', (symbol) => market(symbol, { quantity: '2' })),
  resting('order by amount', (symbol) => market(symbol, { amount: '250.00' })),
  step('order that is refused', async (client, symbol) =>
    place(client, buyer, limit(symbol, 'BUY', '100.00', '900000000')),
  ),
  {
    name: 'cancel',
    async prepare(client, symbol) {
      const order = await client.place(buyer, limit(symbol, 'BUY', '97.00', '3'));
      return () => client.cancel(buyer, order?.orderId ?? '');
    },
  },
  {
    name: 'cancel of all',
    async prepare(client, symbol) {
      for (const price of ['96.00', '95.00']) await client.place(buyer, limit(symbol, 'BUY', price, '1'));
      return () => client.cancelAll(buyer);
    },
  },
];

function step(name: string, act: (client: DayClient, symbol: string) => Promise<unknown>): DayStep {
  return {
    name,
    prepare: async (client, symbol) => async () => {
      await act(client, symbol);
    },
  };
}

/** An order that meets a resting one of the other person. */
function resting(name: string, terms: (symbol: string) => Record<string, unknown>): DayStep {
  return {
    name,
    async prepare(client, symbol) {
      await client.place(seller, limit(symbol, 'SELL', '100.00', '4'));
      return () => place(client, buyer, terms(symbol));
    },
  };
}

async function place(client: DayClient, user: number, terms: Record<string, unknown>): Promise<void> {
  await client.place(user, terms);
}

function limit(symbol: string, side: 'BUY' | 'SELL', limitPrice: string, quantity: string): Record<string, unknown> {
  return { symbol, side: `SIDE_${side}`, type: 'ORDER_TYPE_LIMIT', limitPrice, quantity };
}

function market(symbol: string, size: { quantity: string } | { amount: string }): Record<string, unknown> {
  return { symbol, side: 'SIDE_BUY', type: 'ORDER_TYPE_MARKET', ...size };
}
