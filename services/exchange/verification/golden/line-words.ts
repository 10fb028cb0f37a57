/** The words of a line, taken from left to right. */
export class LineWords {
  readonly line: string;
  readonly #words: string[];

  constructor(line: string) {
    this.line = line;
    this.#words = line.split(/\s+/);
  }

  /** The next word. Throws when there is none. */
  next(): string {
    const word = this.#words.shift();
    if (word === undefined) throw new Error(`a word is missing: ${this.line}`);
    return word;
  }

  /** Whether there are more words. */
  get more(): boolean {
    return this.#words.length > 0;
  }

  /** The next word as a whole number. */
  nextNumber(): number {
    return this.#number(this.next());
  }

  /** The next word as two whole numbers with a separator between them, as in `10@101`. */
  nextPair(separator: string): [number, number] {
    const [first = '', second = '', ...rest] = this.next().split(separator);
    if (rest.length > 0) throw new Error(`no pair: ${this.line}`);
    return [this.#number(first), this.#number(second)];
  }

  /** The next word as a duration in milliseconds, as in `24h`, `1m30s`, `5ms`. */
  nextMs(): number {
    const word = this.next();
    const [, h = 0, m = 0, s = 0, ms = 0] =
      /^(?=\d)(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+)s)?(?:(\d+)ms)?$/.exec(word) ?? this.#fail(word);
    return Number(h) * 3_600_000 + Number(m) * 60_000 + Number(s) * 1_000 + Number(ms);
  }

  /** The next word as a trail in ticks, or in basis points as in `500bps`. */
  nextTrail(): { trailTicks: number; trailBps: number } {
    const word = this.next();
    const [, number = '', bps] = /^(\d+)(bps)?$/.exec(word) ?? this.#fail(word);
    return bps ? { trailTicks: 0, trailBps: Number(number) } : { trailTicks: Number(number), trailBps: 0 };
  }

  /** Throws for an unexpected word. */
  fail(word: string): never {
    return this.#fail(word);
  }

  #number(text: string): number {
    return /^\d+$/.test(text) ? Number(text) : this.#fail(text);
  }

  #fail(word: string): never {
    throw new Error(`"${word}" means nothing in: ${this.line}`);
  }
}
