/** One row that differs, and the rule that it breaks. */
export type Finding = { rule: string; subject: string; expected: string; found: string };

/** The findings of an audit: all are counted, and as many as the bound permits are listed. */
export class Findings {
  readonly listed: Finding[] = [];
  readonly max: number;
  #count = 0;

  constructor(max: number) {
    this.max = max;
  }

  /** All findings, listed or not. */
  get count(): number {
    return this.#count;
  }

  add(finding: Finding): void {
    this.#count += 1;
    if (this.listed.length < this.max) this.listed.push(finding);
  }

  /** Adds findings of which some may not have been read: `total` is how many there are. */
  addAll(findings: readonly Finding[], total: number): void {
    for (const finding of findings) this.add(finding);
    this.#count += total - findings.length;
  }
}
