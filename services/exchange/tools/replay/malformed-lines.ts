/** A line of a command file that is no command: its number, from 1, and the column that is malformed, or `line`. */
export type MalformedLine = { line: number; column: string };

/** The malformed lines of one run. */
export class MalformedLines {
  /** Whether the run ends with the first one. */
  readonly isStrict: boolean;
  count = 0;
  first: MalformedLine | undefined;

  constructor({ isStrict = false } = {}) {
    this.isStrict = isStrict;
  }

  /** Takes note of one. */
  add(malformed: MalformedLine): void {
    this.count++;
    this.first ??= malformed;
  }

  /** Whether nothing more of the file is to be carried out. */
  get endRun(): boolean {
    return this.isStrict && this.count > 0;
  }

  /** What to say of them in one line; undefined: there are none. */
  describe(): string | undefined {
    if (!this.first) return undefined;
    const { line, column } = this.first;
    if (this.isStrict) return `line ${line} is malformed: ${column}`;
    return `${this.count} malformed ${this.count === 1 ? 'line' : 'lines'}, the first is line ${line}: ${column}`;
  }
}
