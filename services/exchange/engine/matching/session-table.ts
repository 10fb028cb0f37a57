/** Greatest number of open sessions of a shard. */
export const sessionsMax = 10_000;

/** A session: its account, and its end in Unix ms. Handles increase in the order in which sessions were opened. */
export type Session = { handle: number; name: string; account: number; endTimeMs: number };

/** An open session with its index in the heap, and the lanes of its hash as last added to the state's hash. */
export type OpenSession = Session & { heapIndex: number; hashLow: number; hashHigh: number };

/** The open sessions, by name, and in a binary heap by their ends: a KeepAlive costs the logarithm of their number. */
export class SessionTable {
  readonly byName = new Map<string, OpenSession>();
  /** Ended sessions that the caller has not released yet. */
  readonly closed: OpenSession[] = [];
  /** Number of sessions that were ever opened. */
  began = 0;
  readonly #heap: OpenSession[] = [];

  /** Opens a session with the next handle; no handle is used twice. */
  open(name: string, account: number, endTimeMs: number): OpenSession {
    return this.restore({ name, account, endTimeMs, handle: ++this.began });
  }

  /** Adds a session from a snapshot. */
  restore(session: Session): OpenSession {
    const open = { ...session, heapIndex: this.#heap.length, hashLow: 0, hashHigh: 0 };
    this.byName.set(open.name, open);
    this.#heap.push(open);
    this.#rise(open);
    return open;
  }

  /** Changes the end of a session. */
  renew(session: OpenSession, endTimeMs: number): void {
    session.endTimeMs = endTimeMs;
    this.#rise(session);
    this.#sink(session);
  }

  /** Ends a session. */
  close(session: OpenSession): void {
    this.byName.delete(session.name);
    this.closed.push(session);
    const last = this.#heap.pop();
    if (last === undefined || last === session) return;
    this.#put(session.heapIndex, last);
    this.#rise(last);
    this.#sink(last);
  }

  /** When the next session ends, Unix ms; Infinity: never. */
  get dueMs(): number {
    return this.#heap[0]?.endTimeMs ?? Number.POSITIVE_INFINITY;
  }

  #rise(session: OpenSession): void {
    while (session.heapIndex > 0) {
      const index = session.heapIndex;
      const parent = this.#heap[(index - 1) >>> 1]!;
      if (parent.endTimeMs <= session.endTimeMs) return;
      this.#put(parent.heapIndex, session);
      this.#put(index, parent);
    }
  }

  #sink(session: OpenSession): void {
    for (;;) {
      const index = session.heapIndex;
      const [left, right] = [this.#heap[index * 2 + 1], this.#heap[index * 2 + 2]];
      const first = right !== undefined && left !== undefined && right.endTimeMs < left.endTimeMs ? right : left;
      if (first === undefined || first.endTimeMs >= session.endTimeMs) return;
      this.#put(first.heapIndex, session);
      this.#put(index, first);
    }
  }

  #put(index: number, session: OpenSession): void {
    this.#heap[index] = session;
    session.heapIndex = index;
  }
}
