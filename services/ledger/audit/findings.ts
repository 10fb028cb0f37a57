/** One row that differs, and the rule that it breaks. */
export type Finding = { rule: string; subject: string; expected: string; found: string };

/** What an audit found: all is counted, and no more than the bound is kept. */
export class Findings {
  readonly kept: Finding[] = [];
  readonly max: number;
  #count = 0;

  constructor(max: number) {
    this.max = max;
  }

  /** All that differs, kept or not. */
  get count(): number {
    return this.#count;
  }

  add(finding: Finding): void {
    this.#count += 1;
    if (this.kept.length < this.max) this.kept.push(finding);
  }

  /** Rows of which some may not have been read: `total` is how many there are. */
  addAll(findings: readonly Finding[], total: number): void {
    for (const finding of findings) this.add(finding);
    this.#count += total - findings.length;
  }
}
