import { type ExpectedValues, numberOf, type StoredRow } from './row.ts';

/** What an event says of a row that was committed with it, or before. */
export type Claim = {
  table: 'orders' | 'fills' | 'transfer' | 'adjustment' | 'run' | 'rule';
  key: string;
  values: ExpectedValues;
};

/** An event that waits for the bus. */
export type OutboxEvent = {
  /** The key that it has on the bus; absent: it is about no account. */
  accountId?: string;
  claims: readonly Claim[];
};

/** The values of a row in the units of events: millionths of a share and of a price. */
export function claimable({ table }: Claim, row: StoredRow): ExpectedValues {
  const lotMicros = numberOf(row, 'lot_micros');
  switch (table) {
    case 'orders':
      return { ...row.values, filled_micros: numberOf(row, 'filled_lots') * lotMicros };
    case 'fills':
      return {
        ...row.values,
        quantity_micros: numberOf(row, 'lots') * lotMicros,
        price_micros: numberOf(row, 'price_ticks') * numberOf(row, 'tick_micros'),
      };
    case 'transfer':
    case 'adjustment':
    case 'run':
    case 'rule':
      return row.values;
    default:
      return table satisfies never;
  }
}
