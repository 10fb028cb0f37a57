import { frozenColumns } from '../domain/expected-order.ts';
import { compareRow, type StoredRow, textOf } from '../domain/row.ts';
import type { PassContext } from './context.ts';

/** The hold and the order's row have the same terms, from the first to the last. Which of the two is wrong, neither says. */
export function checkFrozen(
  { findings }: Pick<PassContext, 'findings'>,
  { hold, order }: { hold: StoredRow | undefined; order: StoredRow | undefined },
): void {
  if (hold === undefined || order === undefined || textOf(hold, 'account_id') === '') return;
  const expected = Object.fromEntries(frozenColumns.map((column) => [column, textOf(order, column)]));
  const place = `order orders ${order.key} and ledger hold`;
  compareRow(findings, { rule: 'hold-equals-order', place, row: hold, expected });
}
