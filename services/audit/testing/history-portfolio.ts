/** What the portfolio service stores of a history. Written apart from the audit. */
import type { StoredRow } from '../domain/row.ts';
import { type History, symbol } from './history.ts';
import { FakeLots } from './history-lots.ts';
import type { Settled } from './replay-history.ts';
import { rowOf } from './row-of.ts';

/** What every account has at the beginning. */
export const [cashStart, sharesStart]: [bigint, bigint] = [100_000_000_000n, 50_000_000_000n];

/** One leg of an entry. */
export type Leg = [accountId: string, asset: string, amount: bigint, kind: string, orderId: string];

/** Its tables, after these entries. */
export function portfolioTables(
  history: History,
  booked: readonly { settled?: Settled; adjustment?: { cost: bigint }; legs: Leg[] }[],
): Record<string, StoredRow[]> {
  const cash = new Map(history.accounts.map((account) => [account, cashStart]));
  const positions = new Map(history.accounts.map((account) => [account, { micros: sharesStart, cost: 0n, gain: 0n }]));
  const lots = new FakeLots();
  for (const account of history.accounts) lots.add(account, sharesStart, 0n);
  const gains: StoredRow[] = [];
  let trades = 0;
  const adjust = ({ cost }: { cost: bigint }, [own]: Leg[]) => {
    if (!own) return;
    const [account, asset, amount] = own;
    const position = positions.get(account);
    if (asset !== symbol || !position) cash.set(account, (cash.get(account) ?? 0n) + amount);
    else {
      const left = amount > 0n ? 0n : halfEven(position.cost * -amount, position.micros);
      Object.assign(position, { micros: position.micros + amount, cost: position.cost + cost - left });
      if (amount > 0n) lots.add(account, amount, cost);
      else lots.drop(account, -amount);
    }
  };
  for (const [index, { settled, adjustment, legs }] of booked.entries()) {
    if (adjustment) adjust(adjustment, legs);
    if (!settled) continue;
    trades += 1;
    const unit = trades <= history.tradesInCents ? 10_000n : 1n;
    const [buyer, seller] = [
      legs.find(([, asset, amount]) => asset === symbol && amount > 0n)?.[0] ?? '',
      legs.find(([, asset, amount]) => asset === symbol && amount < 0n)?.[0] ?? '',
    ];
    const { event, value, makerFee, takerFee } = settled;
    const [buyerFee, sellerFee] = event.maker.side === 'buy' ? [makerFee, takerFee] : [takerFee, makerFee];
    const micros = event.lots * history.lotMicros;
    const sold = positions.get(seller);
    const bought = positions.get(buyer);
    if (!sold || !bought) continue;
    const cost = micros === sold.micros ? sold.cost : halfEven(sold.cost * micros, sold.micros * unit) * unit;
    const proceeds = value - sellerFee;
    Object.assign(sold, { micros: sold.micros - micros, cost: sold.cost - cost, gain: sold.gain + proceeds - cost });
    Object.assign(bought, { micros: bought.micros + micros, cost: bought.cost + value + buyerFee });
    lots.take(seller, micros, proceeds);
    lots.add(buyer, micros, value + buyerFee);
    cash.set(seller, (cash.get(seller) ?? 0n) + proceeds);
    cash.set(buyer, (cash.get(buyer) ?? 0n) - value - buyerFee);
    gains.push(
      rowOf(`${seller}/${index + 1}`, {
        sequence: index + 1,
        trade_id: event.tradeId,
        symbol,
        quantity_micros: micros,
        proceeds_micros: proceeds,
        cost_micros: cost,
        gain_micros: proceeds - cost,
      }),
    );
  }
  return {
    cash: [...cash].map(([account, micros]) => rowOf(account, { amount_micros: micros })),
    position: [...positions].map(([account, { micros, cost, gain }]) =>
      rowOf(`${account}/${symbol}`, { quantity_micros: micros, cost_micros: cost, realized_micros: gain }),
    ),
    realized_gain: gains,
    ...lots.tables(symbol),
  };
}

function halfEven(numerator: bigint, denominator: bigint): bigint {
  const floor = numerator / denominator;
  const twice = 2n * (numerator - floor * denominator);
  if (twice < denominator) return floor;
  return twice > denominator || floor % 2n === 1n ? floor + 1n : floor;
}
