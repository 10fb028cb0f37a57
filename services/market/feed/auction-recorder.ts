/** Finds the auctions in events of the exchange's feed. */
import type { FeedEvent } from '#gen/outcry/exchange/v1/feed_pb.ts';
import type { Sql } from '#platform/postgres/sql.ts';
import { type Auction, type BookPhase, openedBook, phaseAfter } from '../domain/auction.ts';
import { phaseOf } from '../rpc/messages/session-messages.ts';
import { readBookPhases, saveBookPhases } from '../store/book-phases.ts';
import { addToAuction, saveAuctions } from '../store/save-auctions.ts';

/** Auctions of a run of events, and what is to be stored with them. */
export type FoundAuctions = {
  auctions: Auction[];
  /** Lots, by symbol, of an auction that an earlier run of events began. */
  continued: Map<string, bigint>;
};

/** Stores the auctions that the events have. Events without any, and without changes of state, cost nothing. */
export async function writeAuctions(tx: Sql, events: readonly FeedEvent[]): Promise<void> {
  const concerned = events.filter(isConcerned);
  if (concerned.length === 0) return;
  const phases = await readBookPhases(tx, [...new Set(concerned.map(({ symbol }) => symbol))]);
  const { auctions, continued } = findAuctions(concerned, phases);
  if (concerned.some(({ event }) => event.case === 'stateChanged')) await saveBookPhases(tx, phases);
  for (const [symbol, lots] of continued) await addToAuction(tx, symbol, lots);
  if (auctions.length > 0) await saveAuctions(tx, auctions);
}

function isConcerned({ event }: FeedEvent): boolean {
  if (event.case === 'traded') return event.value.auction;
  return event.case === 'uncrossed' || event.case === 'stateChanged';
}

/** The auctions of events in feed order; `phases` are those before them and then those after them. */
export function findAuctions(events: readonly FeedEvent[], phases: Map<string, BookPhase>): FoundAuctions {
  const auctions: Auction[] = [];
  const continued = new Map<string, bigint>();
  const running = new Map<string, Auction>();
  for (const { event, symbol, timeMs } of events) {
    const phase = phases.get(symbol) ?? openedBook;
    if (event.case === 'stateChanged') {
      phases.set(symbol, phaseAfter(phase, phaseOf(event.value.state) ?? 'halted'));
    } else if (event.case === 'uncrossed') {
      const { priceTicks } = event.value;
      const auction = { symbol, timeMs: Number(timeMs), kind: phase.kind, priceTicks, quantityLots: 0n };
      running.set(symbol, auction);
      auctions.push(auction);
    } else if (event.case === 'traded' && event.value.auction) {
      const { quantityLots } = event.value;
      const auction = running.get(symbol);
      if (auction === undefined) continued.set(symbol, (continued.get(symbol) ?? 0n) + quantityLots);
      else auction.quantityLots += quantityLots;
    }
  }
  return { auctions, continued };
}
