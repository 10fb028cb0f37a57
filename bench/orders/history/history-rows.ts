/**
 * The rows of a long history, the same for the same seed. Of ten orders eight were cancelled unfilled and two traded with each other, without
 * a fee; the next such pair trades back at the same price, so that no balance differs. The books themselves get no entries: their feed has
 * no gap, and nothing can be put before its beginning.
 */
import { createHash } from 'node:crypto';

/** The values of a row in PostgreSQL's text form, by column; columns that are not named are those of the sample. */
export type RowValues = Record<string, string>;

/** A table that has history. */
export type HistoryTable = 'orders' | 'fills' | 'hold';

/** What the history is of. */
export type HistoryTerms = {
  seed: number;
  accountIds: readonly string[];
  /** What every order is for. */
  symbol: string;
  lots: bigint;
  priceTicks: bigint;
  /** All its lots at that price, in the smallest unit of cash. */
  value: bigint;
};

/** The rows that an order adds. */
export type HistoryRows = Partial<Record<HistoryTable, RowValues>>;

const orderPeriod = 10;
const secondMs = 1_000;
// A time before every real order, so that the ids sort before theirs.
const firstTimeMs = 1_600_000_000_000;
// What the last four digits of a time of an id count.
const blockMs = 65_536;

/** The rows of order number `n`, from 0 on. */
export function historyOf(n: number, terms: HistoryTerms): HistoryRows {
  const place = n % orderPeriod;
  if (place > 1) return { orders: orderRow(n, terms), hold: { ...idsOf(n, terms), state: 'released' } };
  return traded(n, n - place, terms);
}

function traded(n: number, firstOfPair: number, terms: HistoryTerms): HistoryRows {
  const isWayBack = Math.floor(n / orderPeriod) % 2 === 1;
  const side = (n === firstOfPair) === isWayBack ? 'sell' : 'buy';
  const filled = { side, maker_value_micros: `${terms.value}`, filled_lots: `${terms.lots}` };
  return {
    orders: { ...orderRow(n, terms), ...filled, state: 'filled' },
    hold: { ...idsOf(n, terms), ...filled, state: 'settled' },
    fills: {
      ...idsOf(n, terms),
      side,
      trade_id: `history-${firstOfPair}`,
      feed_sequence: `${-1 - firstOfPair}`,
      change_sequence: `${-1 - n}`,
      symbol: terms.symbol,
      lots: `${terms.lots}`,
      price_ticks: `${terms.priceTicks}`,
      value_micros: `${terms.value}`,
      fee_micros: '0',
      trade_time: timeOf(n),
    },
  };
}

function orderRow(n: number, terms: HistoryTerms): RowValues {
  const times = { create_time: timeOf(n), update_time: timeOf(n) };
  const clientOrderId = `history-${terms.seed}-${n}`;
  return { ...idsOf(n, terms), ...times, client_order_id: clientOrderId, change_sequence: `${-1 - n}` };
}

function idsOf(n: number, { seed, accountIds }: HistoryTerms): { order_id: string; account_id: string } {
  return { order_id: orderIdOf(n, seed), account_id: accountIds[accountOf(n, accountIds.length)] as string };
}

/** The blocks of the audit in which so many orders lie: the first digits of their ids. */
export function blocksOf(orders: number): string[] {
  const blockOf = (n: number) => Math.floor((firstTimeMs + n) / blockMs);
  const first = blockOf(0);
  const length = blockOf(orders - 1) - first + 1;
  return Array.from({ length }, (_, index) => (first + index).toString(16).padStart(8, '0'));
}

/** The next accounts in each second period: the way there and the way back are between the same two. */
function accountOf(n: number, accounts: number): number {
  return (Math.floor(n / (2 * orderPeriod)) + (n % orderPeriod)) % accounts;
}

/** A UUID of version 7 whose time grows with `n` and whose other bits follow from the seed. */
function orderIdOf(n: number, seed: number): string {
  const time = (firstTimeMs + n).toString(16).padStart(12, '0');
  const bits = createHash('md5').update(`${seed}-${n}`).digest('hex');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${bits.slice(0, 3)}-8${bits.slice(3, 6)}-${bits.slice(6, 18)}`;
}

function timeOf(n: number): string {
  return new Date(firstTimeMs + n * secondMs).toISOString();
}
