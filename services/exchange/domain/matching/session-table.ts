/** Sessions that may be open on a shard at once. */
export const sessionsMax = 10_000;

/** A session: its account, and when it ends in Unix ms. Handles grow in the order in which sessions began. */
export type Session = { handle: number; name: string; account: number; endTimeMs: number };

/** The open sessions, by name. */
export class SessionTable {
  readonly byName = new Map<string, Session>();
  /** Sessions that ended and whose accounts nobody has let go yet. */
  readonly closed: Session[] = [];
  /** Sessions that ever began. */
  began = 0;
  #dueMs = Number.POSITIVE_INFINITY;

  /** Opens a session. Handles are numbers of beginnings, so none is used twice. */
  open(name: string, account: number, endTimeMs: number): void {
    this.restore({ name, account, endTimeMs, handle: ++this.began });
  }

  /** Puts a session back that a snapshot holds. */
  restore(session: Session): void {
    this.byName.set(session.name, session);
    this.#dueMs = Math.min(this.#dueMs, session.endTimeMs);
  }

  /** Lets a session end later. */
  renew(session: Session, endTimeMs: number): void {
    session.endTimeMs = endTimeMs;
    this.#setDue();
  }

  /** Ends a session. */
  close(session: Session): void {
    this.byName.delete(session.name);
    this.closed.push(session);
    this.#setDue();
  }

  /** When the next session ends, Unix ms; Infinity: none does. */
  get dueMs(): number {
    return this.#dueMs;
  }

  #setDue(): void {
    let due = Number.POSITIVE_INFINITY;
    for (const { endTimeMs } of this.byName.values()) if (endTimeMs < due) due = endTimeMs;
    this.#dueMs = due;
  }
}
