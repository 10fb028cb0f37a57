import type { JsonObject } from '../../supervisor/index.ts';

type Proof = { asset: string; issued: string; owned: string; held: string };
type Finding = { rule: string; subject: string; expected: string; found: string };

const columnWidth = 24;

/** Whether the Audit RPC found no difference. */
export function isClean(answer: JsonObject): boolean {
  return answer.clean === true;
}

/** The answer of the Audit RPC as text for a person: the sums of each asset, what was checked, what differs. */
export function describeAudit(answer: JsonObject): string {
  const proofs = list<Proof>(answer.assets);
  const findings = list<Finding>(answer.findings);
  const header = row(['asset', 'issued', 'owned', 'held']);
  return [
    header,
    ...proofs.map(({ asset, issued, owned, held }) => row([asset, issued, owned, held])),
    '',
    `${count(answer.accountsChecked)} accounts, ${count(answer.holdsChecked)} open holds and ` +
      `${count(answer.positionsChecked)} positions were checked, at ledger sequence ${count(answer.ledgerSequence)}; ` +
      `${count(answer.ordersPassing)} orders were pending (the oldest for ${count(answer.oldestPassingMs)} ms).`,
    ...findings.map(
      ({ rule, subject, expected, found }) => `${rule}: ${subject}: expected ${expected}, found ${found}`,
    ),
    isClean(answer)
      ? 'Every cent and share is accounted for.'
      : `NOT CLEAN: ${count(answer.findingsCount)} findings, ${findings.length} of them above.`,
  ].join('\n');
}

function row(cells: readonly (string | undefined)[]): string {
  const [first = '', ...amounts] = cells;
  return first.padEnd(8) + amounts.map((amount) => (amount ?? '0').padStart(columnWidth)).join('');
}

// JSON leaves out zeros and empty lists, and writes 64-bit integers as text.
function count(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '0';
}

function list<T>(value: unknown): T[] {
  return Array.isArray(value) ? value : [];
}
