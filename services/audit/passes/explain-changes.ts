/** Proves that what is held for a change of an order is for one that its owner has asked for and that is still on its way. */
import { readByIds } from '../clients/stores.ts';
import { pendingChangeOf } from '../domain/expected-order.ts';
import type { OpenOrders } from '../domain/order-shadow.ts';
import { compareRow, numberOf, type StoredRow, textOf } from '../domain/row.ts';
import { byKey } from './by-key.ts';
import { count, type PassContext } from './context.ts';
import type { Cut } from './read-cut.ts';

/** Each change that an open hold pays for is one of the order service, with the same terms, which had no outcome at the cut. */
export async function explainChanges(
  context: PassContext,
  open: OpenOrders,
  { holds, positions }: Pick<Cut, 'holds' | 'positions'>,
): Promise<void> {
  const { findings, stores, callOptions } = context;
  const amended = holds.filter((row) => pendingChangeOf(row) !== undefined);
  count(context, 'changes_pending', amended.length);
  const ids = amended.map(({ key }) => key);
  const changes = byKey(await readByIds(stores, { store: 'order', table: 'replaces', ids }, callOptions));
  for (const hold of amended) {
    const change = changes.get(`${hold.key}/${textOf(hold, 'amend_number')}`);
    const position = positions.get(open.get(hold.key)?.shard ?? -1) ?? 0n;
    if (change === undefined || !isOnItsWay(change, position)) {
      findings.add({
        rule: 'amended-hold-has-its-change',
        subject: `ledger hold ${hold.key}`,
        expected: 'a change of the order that is on its way',
        found: change === undefined ? 'none' : `one that is ${textOf(change, 'state')}`,
      });
      continue;
    }
    const expected = {
      amend_lots: numberOf(change, 'quantity_lots'),
      amend_price_ticks: numberOf(change, 'price_ticks'),
    };
    compareRow(findings, { rule: 'amended-hold-equals-change', place: 'ledger hold', row: hold, expected });
  }
}

/** Whether it had no outcome in the feed up to a position. */
function isOnItsWay(change: StoredRow, position: bigint): boolean {
  return textOf(change, 'state') === 'pending' || numberOf(change, 'final_position') > position;
}
