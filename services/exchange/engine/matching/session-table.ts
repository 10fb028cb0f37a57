/** Sessions that may be open on a shard at once. */
export const sessionsMax = 10_000;

/** A session: its account, and when it ends in Unix ms. Handles grow in the order in which sessions began. */
export type Session = { handle: number; name: string; account: number; endTimeMs: number };

/** An open session with its place in the heap, and the lanes of its hash as last added to the state's. */
export type OpenSession = Session & { place: number; hashLow: number; hashHigh: number };

/** The open sessions, by name, and in a binary heap by their ends: each KeepAlive moves one, however many there are. */
export class SessionTable {
  readonly byName = new Map<string, OpenSession>();
  /** Sessions that ended and that nobody has let go yet. */
  readonly closed: OpenSession[] = [];
  /** Sessions that ever began. */
  began = 0;
  readonly #heap: OpenSession[] = [];

  /** Opens a session. Handles are numbers of beginnings, so none is used twice. */
  open(name: string, account: number, endTimeMs: number): OpenSession {
    return this.restore({ name, account, endTimeMs, handle: ++this.began });
  }

  /** Puts a session back that a snapshot holds. */
  restore(session: Session): OpenSession {
    const open = { ...session, place: this.#heap.length, hashLow: 0, hashHigh: 0 };
    this.byName.set(open.name, open);
    this.#heap.push(open);
    this.#rise(open);
    return open;
  }

  /** Lets a session end at another time. */
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
    this.#put(session.place, last);
    this.#rise(last);
    this.#sink(last);
  }

  /** When the next session ends, Unix ms; Infinity: none does. */
  get dueMs(): number {
    return this.#heap[0]?.endTimeMs ?? Number.POSITIVE_INFINITY;
  }

  #rise(session: OpenSession): void {
    while (session.place > 0) {
      const place = session.place;
      const parent = this.#heap[(place - 1) >>> 1]!;
      if (parent.endTimeMs <= session.endTimeMs) return;
      this.#put(parent.place, session);
      this.#put(place, parent);
    }
  }

  #sink(session: OpenSession): void {
    for (;;) {
      const place = session.place;
      const [left, right] = [this.#heap[place * 2 + 1], this.#heap[place * 2 + 2]];
      const first = right !== undefined && left !== undefined && right.endTimeMs < left.endTimeMs ? right : left;
      if (first === undefined || first.endTimeMs >= session.endTimeMs) return;
      this.#put(first.place, session);
      this.#put(place, first);
    }
  }

  #put(place: number, session: OpenSession): void {
    this.#heap[place] = session;
    session.place = place;
  }
}
