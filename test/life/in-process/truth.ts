/** What the exchange's events make of orders and accounts, by the slow model alone. */
import type { EngineEvent } from '../../../services/exchange/index.ts';
import { Fraction, zero } from '../fraction.ts';
import { SlowAccount } from '../slow-account.ts';
import { type Opening, sideOf } from './house.ts';

type Accepted = Extract<EngineEvent, { kind: 'accepted' }>;

/** An order that the exchange has accepted, as it is by now. */
export type TrueOrder = {
  orderId: string;
  accountId: string;
  symbol: string;
  side: 'buy' | 'sell';
  terms: Accepted['order'];
  /** Of the order of a list. */
  list: Accepted['list'];
  lots: number;
  remainingLots: number;
  priceTicks: number;
  revision: number;
  isLive: boolean;
};

const cent = Fraction.of('0.01');
const million = new Fraction(1n, 1_000_000n);

/** Follows every event. */
export class Truth {
  readonly accounts = new Map<string, SlowAccount>();
  readonly orders = new Map<string, TrueOrder>();
  trades = 0;
  /** Events by their kind. */
  readonly counts = new Map<string, number>();

  constructor(users: readonly Opening[], symbols: readonly string[]) {
    for (const { accountId, cash, shares, makerBps, takerBps } of users) {
      const account = new SlowAccount({ makerBps, takerBps, unit: cent });
      account.pay(new Fraction(cash).times(million));
      for (const symbol of symbols) account.issue(symbol, new Fraction(shares).times(million));
      this.accounts.set(accountId, account);
    }
  }

  /** Takes the next event. */
  follow(event: EngineEvent): void {
    this.counts.set(event.kind, (this.counts.get(event.kind) ?? 0) + 1);
    switch (event.kind) {
      case 'accepted':
        this.#accept(event);
        return;
      case 'traded':
        this.#trade(event);
        return;
      case 'replaced': {
        const { quantityLots: lots, remainingLots, priceTicks, revision } = event;
        Object.assign(this.#order(event.orderId), { lots, remainingLots, priceTicks, revision });
        return;
      }
      case 'cancelled':
        this.#order(event.orderId).isLive = false;
        return;
      default:
        return;
    }
  }

  /** Shares that an order has traded. */
  tradedBy({ accountId, orderId }: TrueOrder): Fraction {
    return this.accounts.get(accountId)?.tradedBy(orderId) ?? zero;
  }

  #accept({ symbol, order, list }: Accepted): void {
    const { orderId, accountId, priceTicks } = order;
    const isWaitingExit = list !== undefined && list.type !== 1 && list.place > 0;
    const lots = isWaitingExit ? 0 : order.quantityLots;
    const side = sideOf(order.side);
    const state = { lots, remainingLots: lots, priceTicks, revision: 1, isLive: true };
    this.orders.set(orderId, { orderId, accountId, symbol, side, terms: order, list, ...state });
  }

  #trade({ symbol, priceTicks, quantityLots, maker, taker }: Extract<EngineEvent, { kind: 'traded' }>): void {
    this.trades += 1;
    const [quantity, price] = [new Fraction(BigInt(quantityLots)), new Fraction(BigInt(priceTicks), 100n)];
    for (const one of [maker, taker]) {
      const { orderId, accountId, remainingLots } = one;
      const [account, order] = [this.accounts.get(accountId), this.#order(orderId)];
      account?.fill({ orderId, symbol, side: sideOf(one.side), quantity, price, isMaker: one === maker });
      order.remainingLots = remainingLots;
      if (remainingLots === 0) order.isLive = false;
    }
  }

  #order(orderId: string): TrueOrder {
    const order = this.orders.get(orderId);
    if (order === undefined) throw new Error(`the exchange has an event of ${orderId}, which it did not accept`);
    return order;
  }
}
