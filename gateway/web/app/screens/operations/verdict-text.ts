/** Verdicts of the audit in words. */
import { PassKind, type Verdict } from '#gen/outcry/audit/v1/audit_pb.ts';
import { figureText } from '../../figures/figure-text.ts';

/** What a pass has come to, in a sentence without a full stop. */
export function verdictText({ clean, failure, findingsCount }: Verdict): string {
  if (failure !== '') return `Not completed: ${failure}`;
  if (clean) return 'Clean: nothing differs';
  return findingsCount === 1 ? 'One thing differs' : `${findingsCount} things differ`;
}

/** How much a pass proved. */
export function passText(kind: PassKind): string {
  return kind === PassKind.FULL ? 'full' : 'light';
}

/** What was checked, such as `1,204 orders, 12 holds`; the most first. */
export function checkedText({ checked }: Pick<Verdict, 'checked'>): string {
  return Object.entries(checked)
    .filter(([, count]) => count > 0n)
    .sort(([, a], [, b]) => Number(b - a))
    .map(([name, count]) => `${figureText(String(count))} ${name.replaceAll('_', ' ')}`)
    .join(', ');
}

/** How long a pass took: `820 ms` or `12.5 s`. */
export function durationText(durationMs: bigint): string {
  return durationMs < 1_000n ? `${durationMs} ms` : `${(Number(durationMs) / 1_000).toFixed(1)} s`;
}
