/** A difference between what should be and what is. */
export type Finding = {
  /** The rule that is broken, such as `acknowledged-order-exists`. */
  rule: string;
  /** What it is about: an order, an account, a trade. */
  subject: string;
  detail: string;
};

const shownOfRule = 5;

/** Findings by rule, the first few of each in full. */
export function describeFindings(findings: readonly Finding[]): string[] {
  const rules = Map.groupBy(findings, ({ rule }) => rule);
  return [...rules].flatMap(([rule, found]) => [
    `${rule}: ${found.length}`,
    ...found.slice(0, shownOfRule).map(({ subject, detail }) => `    ${subject}: ${detail}`),
  ]);
}

/** A finding for each row of a statement whose columns are `subject` and `detail`. */
export function findingsOf(rule: string, rows: readonly { subject: string; detail: string }[]): Finding[] {
  return rows.map(({ subject, detail }) => ({ rule, subject, detail }));
}
