/** Proves that the portfolio service's lots come to its positions: their shares, and what was paid for them less what they brought. */
import { Selection } from '#gen/outcry/audit/v1/rows_pb.ts';
import type { FeedConsumer, TableRead } from '../clients/stores.ts';
import { copyHoldings, type Holdings } from '../domain/holdings.ts';
import { compareRow, numberOf, type StoredRow } from '../domain/row.ts';
import { advanceHoldings } from './advance-holdings.ts';
import { byKey } from './by-key.ts';
import { count, type PassContext } from './context.ts';

// The position of the lots in the ledger's feed.
const lotsFeed = 'ledger.lots';

// Lots of an installation that was upgraded are made from the ledger's first entry on, and are compared once they are near its last one.
const behindMax = 5_000n;

/** What is compared: at which sequence at least, and of which accounts. */
export type LotsCut = {
  sequence: bigint;
  feeds: ReadonlyMap<string, FeedConsumer>;
  selection: Pick<TableRead, 'selection' | 'ids'>;
  isCompared: (key: string) => boolean;
};

/**
 * Compares the lots with the holdings at the position at which the lots are, which is at least `sequence`. Lots that are far behind, or not
 * there yet, are not compared, and `lots_behind` of the verdict says so; a halt is a finding.
 */
export async function proveLots(
  context: PassContext,
  holdings: Holdings,
  { sequence, feeds, selection, isCompared }: LotsCut,
): Promise<void> {
  const { stores, callOptions, findings, kind } = context;
  const consumer = feeds.get(lotsFeed);
  if (consumer !== undefined && consumer.haltSequence > 0n) {
    const found = `halted before entry ${consumer.haltSequence}: ${consumer.haltCause}`;
    findings.add({
      rule: 'lots-not-halted',
      subject: `portfolio feed_position ${lotsFeed}`,
      expected: 'applied',
      found,
    });
    return;
  }
  if (consumer === undefined || consumer.sequence + behindMax < sequence) {
    count(context, 'lots_behind', Number(sequence - (consumer?.sequence ?? 0n)));
    return;
  }
  const tables: TableRead[] = ['lot_total', 'lot_sum'].map((table) => ({ table, ...selection }));
  if (kind === 'full') tables.push({ table: 'lot_gain', selection: Selection.ALL });
  const minPositions = { [lotsFeed]: sequence };
  const read = await stores.read('portfolio', { tables, minPositions }, callOptions);
  const at = copyHoldings(holdings);
  await advanceHoldings(context, at, { after: sequence, upTo: read.feeds.get(lotsFeed)?.sequence ?? 0n });
  const [totals = [], sums = [], gains] = read.parts.map(({ rows }) => rows);
  compareTotals(context, at, { totals, isCompared });
  compareSums(context, totals, { rows: sums, place: 'portfolio lot', columns: ['quantity_micros', 'cost_micros'] });
  if (gains) compareSums(context, totals, { rows: gains, place: 'portfolio lot_sale', columns: ['realized_micros'] });
  count(context, 'lots', totals.length);
}

/** The shares of the position; and cost less gain, with the cost of what corrections took, which no method of taking from lots changes. */
function compareTotals(
  { findings }: PassContext,
  { positions }: Holdings,
  { totals, isCompared }: { totals: readonly StoredRow[]; isCompared: (key: string) => boolean },
): void {
  const missing = new Map(positions);
  for (const row of totals) {
    const position = positions.get(row.key);
    missing.delete(row.key);
    const { costMicros = 0n, realizedMicros = 0n, takenMicros = 0n } = position ?? {};
    const paidMicros = costMicros + takenMicros - realizedMicros;
    const expected = {
      quantity_micros: position?.quantityMicros ?? 0n,
      realized_micros: numberOf(row, 'cost_micros') + numberOf(row, 'taken_micros') - paidMicros,
    };
    compareRow(findings, { rule: 'lots-equal-position', place: 'portfolio lot_total', row, expected });
  }
  for (const [key, { quantityMicros, realizedMicros }] of missing) {
    if ((quantityMicros === 0n && realizedMicros === 0n) || !isCompared(key)) continue;
    const expected = `${quantityMicros} millionths of a share`;
    findings.add({ rule: 'lots-equal-position', subject: `portfolio lot_total ${key}`, expected, found: 'none' });
  }
}

/** The sums of rows are those of their totals; what has no rows sums to 0. */
function compareSums(
  { findings }: PassContext,
  totals: readonly StoredRow[],
  { rows, place, columns }: { rows: readonly StoredRow[]; place: string; columns: readonly string[] },
): void {
  const sums = byKey(rows);
  const zero = Object.fromEntries(columns.map((column) => [column, '0']));
  for (const total of totals) {
    const row = sums.get(total.key) ?? { key: total.key, values: zero, hash: 0n, block: '' };
    sums.delete(total.key);
    const expected = Object.fromEntries(columns.map((column) => [column, numberOf(total, column)]));
    compareRow(findings, { rule: 'lots-sum-to-their-total', place, row, expected });
  }
  for (const row of sums.values()) {
    const found = columns.map((column) => `${column} ${row.values[column] ?? ''}`).join(', ');
    findings.add({ rule: 'lots-sum-to-their-total', subject: `${place} ${row.key}`, expected: 'none', found });
  }
}
