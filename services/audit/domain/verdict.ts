/** What a pass has come to. Amounts and positions are texts. */
export type Verdict = {
  verdictId: string;
  kind: 'light' | 'full';
  startTimeMs: number;
  durationMs: number;
  /** Nothing differs, and the pass was completed. */
  clean: boolean;
  findingsCount: number;
  /** Why it was not completed; empty when it was. */
  failure: string;
  /** Exchange feed position of the cut, by shard. */
  positions: Record<string, string>;
  ledgerSequence: string;
  /** How many were checked, by name. */
  checked: Record<string, number>;
  assets: { asset: string; issued: string; owned: string; held: string }[];
  oldestPassingMs: number;
};

/** The findings that were not among those before. */
export function newFindings<F extends { rule: string; subject: string }>(now: readonly F[], before: readonly F[]): F[] {
  const known = new Set(before.map(({ rule, subject }) => `${rule} ${subject}`));
  return now.filter(({ rule, subject }) => !known.has(`${rule} ${subject}`));
}
