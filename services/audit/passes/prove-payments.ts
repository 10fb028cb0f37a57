/** Passes on what the ledger has found by comparing its transfers with the payment providers. */
import { Selection } from '#gen/outcry/audit/v1/rows_pb.ts';
import { textOf } from '../domain/row.ts';
import { count, type PassContext } from './context.ts';

/** Each difference between a provider and the ledger is a finding, until an operator records that it is settled with the provider. */
export async function provePayments(context: PassContext): Promise<void> {
  const { stores, findings, callOptions } = context;
  const tables = [{ table: 'payment_finding', selection: Selection.ALL }];
  const { parts } = await stores.read('ledger', { tables }, callOptions);
  const rows = parts[0]?.rows ?? [];
  count(context, 'payment_findings', rows.length);
  for (const row of rows) {
    const [rule, expected, found] = ['rule', 'expected', 'found'].map((column) => textOf(row, column));
    const payment = `payment ${textOf(row, 'payment_key')} at ${textOf(row, 'provider')}`;
    const subject = `ledger payment_finding ${row.key}, ${payment}`;
    findings.add({ rule: `payment-${rule}`, subject, expected: expected ?? '', found: found ?? '' });
  }
}
