/** Lots valued at a price, and the sales of lots as CSV. */
import type { Lot, LotSale, LotTotal } from '#gen/outcry/portfolio/v1/portfolio_pb.ts';
import { microsText, multiplied, parseMicros } from '../../figures/decimal.ts';
import { millisOf } from '../../figures/time-text.ts';

/** What a lot is above its cost at a price; undefined where there is none. */
export function lotGain({ quantity, cost }: Pick<Lot, 'quantity' | 'cost'>, lastPrice: string): string | undefined {
  const [shares, paid, last] = [quantity, cost, lastPrice].map(parseMicros);
  if (shares === undefined || paid === undefined || last === undefined) return undefined;
  return microsText(multiplied(shares, last) - paid);
}

const dayMs = 86_400_000;

/** How long a lot is held: `under a day`, `1 day`, `40 days`. */
export function ageText(acquireMs: number | undefined, nowMs: number): string {
  if (acquireMs === undefined) return '\u2013';
  const days = Math.floor((nowMs - acquireMs) / dayMs);
  if (days < 1) return 'under a day';
  return days === 1 ? '1 day' : `${days.toLocaleString('en-US')} days`;
}

/** Cost less gain: what was paid for shares less what they brought, which is the same by lots as by average cost. */
export function paidNet({ cost, realizedPnl }: Pick<LotTotal, 'cost' | 'realizedPnl'>): string {
  return microsText((parseMicros(cost) ?? 0n) - (parseMicros(realizedPnl) ?? 0n));
}

const csvHead = 'symbol,acquired,last_acquired,sold,quantity,proceeds,cost,gain,lot_id,trade_id';

/** Sales by lots, times in ISO UTC, decimals as the API has them. */
export function lotSalesCsv(sales: readonly LotSale[]): string {
  const time = (value: LotSale['saleTime']) => new Date(millisOf(value) ?? 0).toISOString();
  const rows = sales.map((sale) =>
    [
      sale.symbol,
      time(sale.acquireTime),
      time(sale.lastAcquireTime),
      time(sale.saleTime),
      sale.quantity,
      sale.proceeds,
      sale.cost,
      sale.gain,
      sale.lotId,
      sale.tradeId,
    ].join(','),
  );
  return [csvHead, ...rows, ''].join('\r\n');
}
