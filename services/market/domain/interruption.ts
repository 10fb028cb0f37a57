/** An interruption of trading by the circuit breaker: the book is halted, then reopens by an auction (R24 of the exchange's rulebook). */

/** How long a breaker halts a book, and how long the auction is that reopens it, ms. */
export type BreakerTimes = { haltMs: number; auctionMs: number };

/** When the auction begins and when trading resumes, by the market's clock, Unix ms. A change of state by command ends it sooner. */
export type Interruption = { auctionTimeMs: number; resumeTimeMs: number };

/** The interruption that begins with a halt at a time. */
export function interruptionFrom(haltTimeMs: number, { haltMs, auctionMs }: BreakerTimes): Interruption {
  const auctionTimeMs = haltTimeMs + haltMs;
  return { auctionTimeMs, resumeTimeMs: auctionTimeMs + auctionMs };
}

/** The interruption whose next change is due at a time: the auction while the book is halted, trading while it is in the auction. */
export function interruptionDue(dueTimeMs: number, isHalted: boolean, { auctionMs }: BreakerTimes): Interruption {
  return isHalted
    ? { auctionTimeMs: dueTimeMs, resumeTimeMs: dueTimeMs + auctionMs }
    : { auctionTimeMs: dueTimeMs - auctionMs, resumeTimeMs: dueTimeMs };
}
