/** Proves that the portfolio service's cash, positions, costs and gains are those that the ledger's entries lead to. */
import { Selection } from '#gen/outcry/audit/v1/rows_pb.ts';
import { copyHoldings, type Holdings } from '../domain/holdings.ts';
import { compareRow } from '../domain/row.ts';
import { advanceHoldings } from './advance-holdings.ts';
import { count, type PassContext } from './context.ts';
import { proveLots } from './prove-lots.ts';

const idsMax = 5_000;
const zero = { quantityMicros: 0n, costMicros: 0n, realizedMicros: 0n };

/**
 * Compares the holdings at the position at which the portfolio service is, which is at least `sequence`: of all accounts in a full pass, in a
 * light one of those that something was booked for.
 */
export async function proveHoldings(
  context: PassContext,
  holdings: Holdings,
  { sequence, accounts }: { sequence: bigint; accounts: ReadonlySet<string> },
): Promise<void> {
  const { stores, callOptions, findings } = context;
  const isWhole = context.kind === 'full' || accounts.size > idsMax;
  if (!isWhole && accounts.size === 0) return;
  const selection = isWhole ? { selection: Selection.ALL } : { selection: Selection.IDS, ids: [...accounts] };
  const tables = ['cash', 'position'].map((table) => ({ table, ...selection }));
  const { parts, feeds } = await stores.read('portfolio', { tables, minPositions: { ledger: sequence } }, callOptions);
  const position = feeds.get('ledger')?.sequence ?? 0n;
  const at = copyHoldings(holdings);
  await advanceHoldings(context, at, { after: sequence, upTo: position });
  const isCompared = (key: string) => isWhole || accounts.has(key.split('/')[0] ?? '');
  for (const row of parts[0]?.rows ?? []) {
    const expected = { amount_micros: at.cash.get(row.key) ?? 0n };
    at.cash.delete(row.key);
    compareRow(findings, { rule: 'cash-equals-entries', place: 'portfolio cash', row, expected });
  }
  for (const row of parts[1]?.rows ?? []) {
    const { quantityMicros, costMicros, realizedMicros } = at.positions.get(row.key) ?? zero;
    at.positions.delete(row.key);
    const expected = { quantity_micros: quantityMicros, cost_micros: costMicros, realized_micros: realizedMicros };
    compareRow(findings, { rule: 'position-equals-entries', place: 'portfolio position', row, expected });
  }
  count(
    context,
    'positions',
    parts.reduce((sum, { rows }) => sum + rows.length, 0),
  );
  for (const [key, micros] of at.cash) {
    if (micros === 0n || !isCompared(key)) continue;
    findings.add({
      rule: 'cash-equals-entries',
      subject: `portfolio cash ${key}`,
      expected: `${micros} micros`,
      found: 'none',
    });
  }
  for (const [key, { quantityMicros, realizedMicros }] of at.positions) {
    if ((quantityMicros === 0n && realizedMicros === 0n) || !isCompared(key)) continue;
    const expected = `${quantityMicros} millionths of a share`;
    findings.add({ rule: 'position-equals-entries', subject: `portfolio position ${key}`, expected, found: 'none' });
  }
  await proveLots(context, holdings, { sequence, feeds, selection, isCompared });
}
