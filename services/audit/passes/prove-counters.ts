import { greater } from '#platform/money/extremes.ts';
import { termsOf, valueMaxOf } from '../domain/expected-order.ts';
import { compareRow, numberOf, type StoredRow, textOf } from '../domain/row.ts';
import type { PassContext } from './context.ts';
import type { Cut } from './read-cut.ts';

/** The counters of an account are the sums over its open orders, in the same snapshot; of a change on its way the greater terms count. */
export function proveCounters({ findings }: PassContext, { openOrders, accounts }: Cut): void {
  const sums = new Map<string, { open_count: bigint; open_notional_micros: bigint }>();
  for (const row of openOrders) {
    const accountId = textOf(row, 'account_id');
    const sum = sums.get(accountId) ?? { open_count: 0n, open_notional_micros: 0n };
    sum.open_count += 1n;
    sum.open_notional_micros += openNotionalOf(row);
    sums.set(accountId, sum);
  }
  for (const row of accounts) {
    const expected = sums.get(row.key) ?? { open_count: 0n, open_notional_micros: 0n };
    sums.delete(row.key);
    compareRow(findings, { rule: 'counters-equal-open-orders', place: 'order accounts', row, expected });
  }
  for (const [accountId, { open_count }] of sums) {
    const expected = `${open_count} open orders`;
    findings.add({
      rule: 'counters-equal-open-orders',
      subject: `order accounts ${accountId}`,
      expected,
      found: 'none',
    });
  }
}

/** What an order may trade yet, in micros: the rest of its value, or what its open lots cost at their worst price, now or as it is being changed. */
function openNotionalOf(row: StoredRow): bigint {
  const terms = termsOf(row);
  const valueMax = valueMaxOf(terms);
  if (valueMax > 0n) {
    return valueMax * terms.tickLotMicros - numberOf(row, 'maker_value_micros') - numberOf(row, 'taker_value_micros');
  }
  const ticks = (lots: string, price: string) =>
    (numberOf(row, lots) - numberOf(row, 'filled_lots')) * numberOf(row, price);
  // An order of a list counts by its weight in that.
  const isListed = textOf(row, 'list_id') !== '';
  const now = ticks('quantity_lots', isListed ? 'list_ticks' : 'price_ticks');
  const next = ticks('replace_lots', isListed ? 'list_ticks' : 'replace_price_ticks');
  return greater(now, next) * terms.tickLotMicros;
}
