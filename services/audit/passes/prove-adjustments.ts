/** Proves that no account was corrected but by a command of an administrator that is stored, and that each such command was booked as it says. */
import { readByIds } from '../clients/stores.ts';
import type { AdjustmentFact, LedgerFact } from '../domain/ledger-fact.ts';
import { compareRow, type StoredRow, textOf } from '../domain/row.ts';
import { byKey } from './by-key.ts';
import { count, type PassContext } from './context.ts';
import { adjustmentMessage, toNotification } from './expected-message.ts';
import { isLookedFor } from './message-age.ts';
import { proveMessages } from './prove-messages.ts';

/**
 * Compares entries with the commands behind them, and looks for the messages to the owners. The commands it returns are sealed with their entries: a
 * finding elsewhere in the same pass must not leave them open once the entries are not looked at again.
 */
export async function proveAdjustments(
  context: PassContext,
  facts: ReadonlyMap<string, LedgerFact>,
): Promise<readonly StoredRow[]> {
  const { findings, stores, callOptions } = context;
  const booked = [...facts].flatMap(([sequence, fact]) => (fact.kind === 'adjustment' ? [{ sequence, ...fact }] : []));
  if (booked.length === 0) return [];
  count(context, 'adjustments', booked.length);
  const ids = booked.map(({ adjustmentId }) => adjustmentId);
  const read = (table: string) => readByIds(stores, { store: 'ledger', table, ids }, callOptions);
  const commands = await read('adjustment');
  const rows = byKey(commands);
  const messages = booked.filter(({ timeMs }) => isLookedFor(context, timeMs, 'machine'));
  const expected = messages.map(({ adjustmentId, timeMs }) => adjustmentMessage(adjustmentId, timeMs));
  await proveMessages(context, toNotification('ledger'), expected);
  checkBookedOnce(context, await read('adjustment_entry'));
  for (const { sequence, ...fact } of booked) {
    const row = rows.get(fact.adjustmentId);
    const place = `ledger entry ${sequence} and ledger adjustment`;
    if (row) compareRow(findings, { rule: 'adjustment-equals-its-entry', place, row, expected: expectedRow(fact) });
    else {
      const subject = `ledger entry ${sequence}, ledger adjustment ${fact.adjustmentId}`;
      const text = `a command of account ${fact.adjustedBy}`;
      findings.add({ rule: 'entry-has-its-adjustment', subject, expected: text, found: 'none' });
    }
  }
  await checkAdministrators(context, booked);
  return commands;
}

/** Those of whom the user service says that they are administrators, or were. */
async function checkAdministrators(context: PassContext, booked: readonly AdjustmentFact[]): Promise<void> {
  const { findings, stores, callOptions } = context;
  const ids = [...new Set(booked.map(({ adjustedBy }) => adjustedBy))];
  const known = byKey(await readByIds(stores, { store: 'user', table: 'administrator', ids }, callOptions));
  for (const { adjustmentId, adjustedBy } of booked) {
    if (known.has(adjustedBy)) continue;
    const subject = `ledger adjustment ${adjustmentId}`;
    const found = `account ${adjustedBy}, which never was one`;
    findings.add({ rule: 'adjustment-is-of-an-administrator', subject, expected: 'an administrator', found });
  }
}

/** No command has two entries, whenever they were booked. */
function checkBookedOnce({ findings }: PassContext, entries: readonly StoredRow[]): void {
  for (const [id, ofOne] of Map.groupBy(entries, (row) => textOf(row, 'reference'))) {
    if (ofOne.length === 1) continue;
    const found = ofOne.map(({ key }) => `ledger entry ${key}`).join(', ');
    const subject = `ledger adjustment ${id}`;
    findings.add({ rule: 'adjustment-has-one-entry', subject, expected: 'one entry', found });
  }
}

function expectedRow(fact: AdjustmentFact) {
  const { accountId, asset, amount, costMicros, reason, reference, adjustedBy } = fact;
  const terms = { account_id: accountId, asset, amount, cost_micros: costMicros };
  return { ...terms, reason, reference, adjusted_by: adjustedBy };
}

/** Commands that have no entry. The others are sealed with theirs. */
export async function proveCommands(context: PassContext, rows: readonly StoredRow[]): Promise<readonly StoredRow[]> {
  const { stores, callOptions, findings } = context;
  const ids = rows.map(({ key }) => key);
  const entries = await readByIds(stores, { store: 'ledger', table: 'adjustment_entry', ids }, callOptions);
  const booked = new Set(entries.map((row) => textOf(row, 'reference')));
  for (const { key } of rows) {
    if (booked.has(key)) continue;
    const subject = `ledger adjustment ${key}`;
    findings.add({ rule: 'adjustment-has-its-entry', subject, expected: 'an entry', found: 'none' });
  }
  return [];
}
