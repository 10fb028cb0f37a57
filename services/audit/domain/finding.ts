/** One row that differs, and the rule that it breaks. */
export type Finding = { rule: string; subject: string; expected: string; found: string };

/** The findings of a pass: all are counted, and as many as the bound permits are listed. */
export class Findings {
  readonly listed: Finding[] = [];
  readonly #max: number;
  readonly #onFinding: (finding: Finding) => void;
  #count = 0;

  constructor(max: number, onFinding: (finding: Finding) => void = () => {}) {
    this.#max = max;
    this.#onFinding = onFinding;
  }

  /** All findings, listed or not. */
  get count(): number {
    return this.#count;
  }

  /** Adds what differs. */
  add(finding: Finding): void {
    this.#count += 1;
    if (this.listed.length >= this.#max) return;
    this.listed.push(finding);
    this.#onFinding(finding);
  }
}
