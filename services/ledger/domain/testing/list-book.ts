/** A list on an exchange, by rules R7 and R27 to R29 of the rulebook alone: what its orders do, and the events that say so. */
import type { ExchangeEvent } from '../exchange-event.ts';
import type { ListRole, Side } from '../hold.ts';

/** A leg as the exchange has it. */
export type BookLeg = {
  orderId: string;
  role: ListRole;
  side: Side;
  priceTicks: bigint;
  /** Total, traded lots included. */
  lots: bigint;
  openLots: bigint;
  filledLots: bigint;
  /** Lots of the entry by which it is about to be increased. */
  comingLots: bigint;
  isLive: boolean;
  makerTicks: bigint;
  takerTicks: bigint;
  /** A change that its owner has asked for and that the exchange has not decided. */
  change: { commandId: string; lots: bigint; priceTicks: bigint } | undefined;
};

/** An event, and the legs as they are with it. What follows from the event by rule counts as done. */
export type BookEvent = { event: ExchangeEvent; legs: BookLeg[] };

/** One trade of a leg. */
export type LegTrade = { lots: bigint; priceTicks: bigint; isMaker: boolean };

/** The list, with what it has emitted. */
export class ListBook {
  readonly legs: BookLeg[];
  readonly emitted: BookEvent[] = [];
  #hasEntryTraded = false;
  #trades = 0;

  constructor(legs: readonly Pick<BookLeg, 'role' | 'side' | 'priceTicks' | 'lots'>[]) {
    const hasEntry = legs.some(({ role }) => role === 'entry');
    this.legs = legs.map((leg) => {
      const lots = hasEntry && leg.role !== 'entry' ? 0n : leg.lots;
      const none = { filledLots: 0n, comingLots: 0n, isLive: true, makerTicks: 0n, takerTicks: 0n, change: undefined };
      return { ...leg, ...none, orderId: leg.role, lots, openLots: lots };
    });
  }

  get isOver(): boolean {
    return this.legs.every(({ isLive }) => !isLive);
  }

  /** Trades a live leg with order `m<number>` of account `mkt`; returns that order's id. */
  trade(leg: BookLeg, { lots, priceTicks, isMaker }: LegTrade): string {
    leg.openLots -= lots;
    leg.filledLots += lots;
    leg[isMaker ? 'makerTicks' : 'takerTicks'] += lots * priceTicks;
    const other = this.#otherExit(leg);
    const isOtherDone = other !== undefined && other.openLots <= lots;
    if (leg.role === 'entry') {
      this.#hasEntryTraded = true;
      for (const exit of this.#exits()) exit.comingLots += lots;
    } else if (other) {
      other.openLots -= isOtherDone ? other.openLots : lots;
      if (!isOtherDone) other.lots -= lots;
    }
    if (leg.openLots === 0n) Object.assign(leg, { isLive: false, change: undefined });
    this.#trades += 1;
    const orderId = `m${this.#trades}`;
    const own = { orderId: leg.orderId, accountId: 'own', side: leg.side, remainingLots: leg.openLots };
    const side = leg.side === 'buy' ? 'sell' : 'buy';
    const market = { orderId, accountId: 'mkt', side, remainingLots: 0n } as const;
    const [maker, taker] = isMaker ? [own, market] : [market, own];
    const tradeId = `0-${this.#trades}`;
    this.#emit({ kind: 'traded', sequence: 1n, tradeId, symbol: 'ACME', priceTicks, lots, maker, taker });
    if (leg.role === 'entry') return orderId;
    if (other && isOtherDone) this.#end(other);
    else if (other) this.#emitReplaced(other);
    this.#endEntry();
    return orderId;
  }

  /** Increases the exits by what the entry has traded, as the exchange does at the end of a command. */
  activate(): void {
    for (const exit of this.#exits()) {
      if (exit.comingLots === 0n) continue;
      exit.lots += exit.comingLots;
      exit.openLots += exit.comingLots;
      exit.comingLots = 0n;
      this.#emitReplaced(exit);
    }
  }

  /** Ends a live leg, and those that end with it. */
  cancel(leg: BookLeg): void {
    const exits = this.#exits().filter((exit) => exit !== leg);
    this.#end(leg);
    if (leg.role === 'entry') {
      if (!this.#hasEntryTraded) for (const exit of exits) this.#end(exit);
      return;
    }
    for (const exit of exits) this.#end(exit);
    this.#endEntry();
  }

  /** Takes lots from a live leg to prevent a trade with an order of its own account. */
  decrement(leg: BookLeg, lots: bigint): void {
    leg.openLots -= lots;
    leg.lots -= lots;
    this.#emitReplaced(leg);
  }

  /** Changes the price of a live leg. */
  replace(leg: BookLeg, priceTicks: bigint): void {
    leg.priceTicks = priceTicks;
    this.#emitReplaced(leg);
  }

  /** Decides the change of a live leg by rules R8 and R30: refuses it, or carries it out. */
  decide(leg: BookLeg, isRefused: boolean): void {
    const { change, orderId } = leg;
    if (change === undefined) return;
    leg.change = undefined;
    const { commandId, lots, priceTicks } = change;
    const isEntry = leg.role === 'entry';
    if (isRefused) this.#emit({ kind: 'command-rejected', sequence: 1n, orderId, commandId });
    else if (isEntry && lots <= leg.filledLots) this.cancel(leg);
    else {
      Object.assign(leg, { priceTicks, ...(isEntry && { lots, openLots: lots - leg.filledLots }) });
      this.#emitReplaced(leg, commandId);
    }
  }

  #exits(): BookLeg[] {
    return this.legs.filter(({ role, isLive }) => isLive && role !== 'entry');
  }

  #otherExit(leg: BookLeg): BookLeg | undefined {
    return leg.role === 'entry' ? undefined : this.#exits().find((exit) => exit !== leg);
  }

  #endEntry(): void {
    const entry = this.legs.find(({ role, isLive }) => isLive && role === 'entry');
    if (entry) this.#end(entry);
  }

  #end(leg: BookLeg): void {
    leg.isLive = false;
    leg.change = undefined;
    this.#emit({ kind: 'ended', sequence: 1n, orderId: leg.orderId });
  }

  #emitReplaced({ orderId, priceTicks, lots, openLots: remainingLots }: BookLeg, commandId = ''): void {
    this.#emit({ kind: 'replaced', sequence: 1n, orderId, priceTicks, lots, remainingLots, commandId });
  }

  #emit(event: ExchangeEvent): void {
    this.emitted.push({ event, legs: this.legs.map((leg) => ({ ...leg })) });
  }
}
