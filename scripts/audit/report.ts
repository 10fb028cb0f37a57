import type { AuditAnswer } from './run-audit.ts';

const columnWidth = 24;

/** The result of a full pass as text for a person: the sums of each asset, what was checked, what differs. */
export function describeAudit({ verdict, findings }: AuditAnswer): string {
  const { assets, checked, clean, findingsCount, ledgerSequence, oldestPassingMs } = verdict;
  const count = (name: string) => checked[name] ?? 0n;
  return [
    row('asset', ['issued', 'owned', 'held']),
    ...assets.map(({ asset, issued, owned, held }) => row(asset, [issued, owned, held])),
    '',
    `${count('accounts')} accounts, ${count('holds')} open holds and ${count('positions')} positions were checked, at ledger sequence ` +
      `${ledgerSequence}; ${count('orders_pending')} orders were pending (the oldest for ${oldestPassingMs} ms).`,
    ...findings.map(
      ({ rule, subject, expected, found }) => `${rule}: ${subject}: expected ${expected}, found ${found}`,
    ),
    clean
      ? 'Every cent and share is accounted for.'
      : `NOT CLEAN: ${findingsCount} findings, ${findings.length} of them above.`,
  ].join('\n');
}

function row(first: string, amounts: readonly string[]): string {
  return first.padEnd(8) + amounts.map((amount) => amount.padStart(columnWidth)).join('');
}
