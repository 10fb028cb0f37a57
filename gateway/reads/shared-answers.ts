/** Answers that are given to every caller with the same request for a moment: however many ask, a service answers once. */

/** A complete answer of an RPC. */
export type Answer = { status: number; header: Headers; body: Buffer };

/** Bounds of what is stored. */
export type SharedLimits = { entriesMax: number; bytesMax: number; keyLengthMax: number };

/** 16 MiB and a thousand answers, to requests of at most 2,048 characters. */
export const sharedLimits: SharedLimits = { entriesMax: 1_000, bytesMax: 16 << 20, keyLengthMax: 2_048 };

/** How long an answer is shared, in ms, who makes it, and how long the caller waits for that of another. */
export type Wanted = {
  sharedMs: number;
  run: () => Promise<Answer>;
  waitFor: (answer: Promise<Answer>) => Promise<Answer>;
};

type Entry = { answer: Promise<Answer>; bytes: number; untilMs: number };

/** The answers, by request. */
export class SharedAnswers {
  // In the order of insertion: the first is the oldest.
  readonly #entries = new Map<string, Entry>();
  readonly #limits: SharedLimits;
  readonly #now: () => number;
  #bytes = 0;

  constructor({ limits = sharedLimits, now = performance.now.bind(performance) } = {}) {
    this.#limits = limits;
    this.#now = now;
  }

  /** How many answers are stored or awaited, and their bytes. */
  get size(): { entries: number; bytes: number } {
    return { entries: this.#entries.size, bytes: this.#bytes };
  }

  /**
   * The answer to a request, at most `sharedMs` old, or that of `run`. Only what succeeds is shared: a call that waited for one that did
   * not, as its caller left, runs itself.
   */
  async get(key: string, { sharedMs, run, waitFor }: Wanted): Promise<Answer> {
    if (key.length > this.#limits.keyLengthMax) return run();
    const stored = this.#entries.get(key);
    if (stored !== undefined && this.#now() < stored.untilMs) {
      const answer = await waitFor(stored.answer).catch(() => undefined);
      return answer?.status === 200 ? answer : run();
    }
    this.#delete(key);
    return this.#lead(key, sharedMs, run);
  }

  async #lead(key: string, sharedMs: number, run: () => Promise<Answer>): Promise<Answer> {
    const entry: Entry = { answer: run(), bytes: 0, untilMs: Number.POSITIVE_INFINITY };
    this.#entries.set(key, entry);
    this.#shrink();
    try {
      const answer = await entry.answer;
      if (answer.status === 200) this.#store(key, entry, answer, sharedMs);
      else this.#delete(key, entry);
      return answer;
    } catch (error) {
      this.#delete(key, entry);
      throw error;
    }
  }

  #store(key: string, entry: Entry, answer: Answer, sharedMs: number): void {
    if (this.#entries.get(key) !== entry) return;
    entry.untilMs = this.#now() + sharedMs;
    entry.bytes = answer.body.length;
    this.#bytes += entry.bytes;
    this.#shrink();
  }

  #shrink(): void {
    for (const key of this.#entries.keys()) {
      if (this.#entries.size <= this.#limits.entriesMax && this.#bytes <= this.#limits.bytesMax) return;
      this.#delete(key);
    }
  }

  #delete(key: string, only?: Entry): void {
    const entry = this.#entries.get(key);
    if (entry === undefined || (only !== undefined && entry !== only)) return;
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
  }
}
