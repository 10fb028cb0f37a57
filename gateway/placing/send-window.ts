/**
 * How many orders the order service may be working on for this gateway. More of them would wait there, where none can be taken back; so
 * the window is what it answers in a time that is acceptable to wait, and the rest waits here.
 */

/** The bounds of a window. */
export type WindowLimits = {
  itemsMin: number;
  itemsMax: number;
  /** The window until the first answers show what is done in a time. */
  itemsAtFirst: number;
  /** The window is what is answered in this time, in ms. */
  workMs: number;
  /** An order is slow, and leaves the window, when one that was sent this much later, in ms, is answered before it. */
  overtakenMs: number;
};

/** The defaults. */
export const defaultWindowLimits: WindowLimits = {
  itemsMin: 64,
  itemsMax: 1_024,
  itemsAtFirst: 256,
  workMs: 300,
  overtakenMs: 500,
};

/** Orders that were sent together. */
export type SentGroup = { readonly sentMs: number; unanswered: number; isOvertaken: boolean };

const sampleMs = 250;

/** Counts what is sent and answered. Times are in ms on one clock. */
export class SendWindow {
  readonly #limits: WindowLimits;
  /** In the order in which they were sent. */
  readonly #groups = new Set<SentGroup>();
  #inFlight = 0;
  #answered = 0;
  #sampledMs: number;
  #perMs: number | undefined;
  #newestAnsweredMs = Number.NEGATIVE_INFINITY;

  constructor(limits: WindowLimits, nowMs: number) {
    this.#limits = limits;
    this.#sampledMs = nowMs;
  }

  /** How many more may be sent. */
  get room(): number {
    return Math.max(0, this.#size - this.#inFlight);
  }

  /** Orders in flight, without those that others have overtaken. */
  get inFlight(): number {
    return this.#inFlight;
  }

  send(items: number, nowMs: number): SentGroup {
    const group: SentGroup = { sentMs: nowMs, unanswered: items, isOvertaken: false };
    this.#groups.add(group);
    this.#inFlight += items;
    return group;
  }

  /** `items` of the group have their outcome, or are given up. */
  answer(group: SentGroup, items: number, nowMs: number): void {
    group.unanswered -= items;
    if (!group.isOvertaken) this.#inFlight -= items;
    if (group.unanswered === 0) this.#groups.delete(group);
    this.#newestAnsweredMs = Math.max(this.#newestAnsweredMs, group.sentMs);
    this.#sample(items, nowMs);
    this.#leaveSlowBehind();
  }

  /** How long this many orders take, in ms; 0 while that is not known. */
  msFor(items: number): number {
    return this.#perMs === undefined || this.#perMs === 0 ? 0 : items / this.#perMs;
  }

  get #size(): number {
    const { itemsMin, itemsMax, itemsAtFirst, workMs } = this.#limits;
    if (this.#perMs === undefined) return itemsAtFirst;
    return Math.max(itemsMin, Math.min(itemsMax, Math.floor(this.#perMs * workMs)));
  }

  #sample(items: number, nowMs: number): void {
    this.#answered += items;
    const elapsedMs = nowMs - this.#sampledMs;
    if (elapsedMs < sampleMs) return;
    const perMs = this.#answered / elapsedMs;
    this.#perMs = this.#perMs === undefined ? perMs : (this.#perMs + perMs) / 2;
    this.#answered = 0;
    this.#sampledMs = nowMs;
  }

  #leaveSlowBehind(): void {
    for (const group of this.#groups) {
      if (group.sentMs >= this.#newestAnsweredMs - this.#limits.overtakenMs) return;
      this.#groups.delete(group);
      group.isOvertaken = true;
      this.#inFlight -= group.unanswered;
    }
  }
}
