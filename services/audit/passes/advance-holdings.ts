import { Selection } from '#gen/outcry/audit/v1/rows_pb.ts';
import { applyFact, type Holdings } from '../domain/holdings.ts';
import { toLedgerFact } from '../rpc/messages/feed-event.ts';
import type { PassContext } from './context.ts';

/** Applies the entries that the portfolio service has applied beyond the cut. */
export async function advanceHoldings(
  { stores, callOptions }: PassContext,
  holdings: Holdings,
  range: { after: bigint; upTo: bigint },
): Promise<void> {
  if (range.upTo <= range.after) return;
  const tables = [{ table: 'entry', selection: Selection.RANGE, ...range }];
  const { parts } = await stores.read('ledger', { tables }, callOptions);
  for (const { key, values } of parts[0]?.rows ?? []) {
    const fact = toLedgerFact(values.fact ?? '');
    if (fact !== undefined) applyFact(holdings, BigInt(key), fact);
  }
}
