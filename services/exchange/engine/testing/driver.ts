/** Drives an engine in tests: one command a group, plain events out. */

import { Engine, ruleVersion } from '../engine.ts';
import { readEvents } from '../event-reader.ts';
import { SelfTrade, Side, TimeInForce } from '../model/codes.ts';
import {
  type Command,
  type Listing,
  noBreaker,
  type Outcome,
  plainTerms,
  type SubmitCommand,
} from '../model/commands.ts';
import type { EngineEvent } from '../model/events.ts';

/** The result of a command. */
export type Step = { outcome: Outcome; events: EngineEvent[] };

/** An engine with one listed book, ACME, that runs each command in a group of its own. */
export type Driver = {
  engine: Engine;
  /** Carries out a command; `timeMs` defaults to `startMs`. */
  run(command: Command, timeMs?: number): Step;
  /** Submits an order of ACME: 10 lots to buy at 100 by account `a`, but for `terms`. */
  submit(number: number, terms?: Partial<SubmitCommand>): Step;
};

/** Default journalled time of commands. */
export const startMs = 1_700_000_000_000;

/** A UUIDv7 with the time `timeMs`, unique for each number. */
export function orderId(number: number, timeMs = startMs): string {
  const time = timeMs.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${number.toString(16).padStart(12, '0')}`;
}

/** The terms of a book with a tick of a cent and a lot of one share. */
export function listing(terms: Partial<Listing> = {}): Listing {
  return {
    symbol: 'ACME',
    tickSize: '0.01',
    lotSize: '1',
    currency: 'USD',
    bandBps: 0,
    referencePriceTicks: 100,
    ...noBreaker,
    ...terms,
  };
}

/** An order of ACME: 10 lots to buy at 100 by account `a`, but for `terms`. */
export function order(number: number, terms: Partial<SubmitCommand> = {}): SubmitCommand {
  return {
    kind: 'submit',
    ...plainTerms,
    orderId: orderId(number),
    idTimeMs: startMs,
    accountId: 'a',
    symbol: 'ACME',
    side: Side.BUY,
    timeInForce: TimeInForce.GTC,
    priceTicks: 100,
    quantityLots: 10,
    postOnly: false,
    selfTradeGroup: '',
    selfTrade: SelfTrade.CANCEL_NEWEST,
    ...terms,
  };
}

/** Starts an engine with ACME listed. */
export function createDriver(terms: Partial<Listing> = {}): Driver {
  const engine = new Engine();
  const run = (command: Command, timeMs = startMs): Step => {
    engine.beginGroup(timeMs);
    const outcome = engine.apply(command);
    const events = readEvents(engine.state, engine.effective);
    engine.endGroup();
    return { outcome, events };
  };
  run({ kind: 'rules', version: ruleVersion });
  run({ kind: 'list', listing: listing(terms) });
  return { engine, run, submit: (number, change) => run(order(number, change)) };
}

/** Trades among events as "price x lots maker/taker", by the numbers of their order ids. */
export function tradesOf(events: EngineEvent[]): string[] {
  return events.flatMap((event) => {
    if (event.kind !== 'traded') return [];
    const { priceTicks, quantityLots, maker, taker } = event;
    return [`${priceTicks}x${quantityLots} ${numberOf(maker.orderId)}/${numberOf(taker.orderId)}`];
  });
}

/** Kinds of events, level changes left out. */
export function kindsOf(events: EngineEvent[]): string[] {
  return events.map(({ kind }) => kind).filter((kind) => kind !== 'levelChanged');
}

/** The first event of a kind. Throws when there is none. */
export function eventOf<K extends EngineEvent['kind']>(events: EngineEvent[], kind: K): EngineEvent & { kind: K } {
  const found = events.find((event): event is EngineEvent & { kind: K } => event.kind === kind);
  if (!found) throw new Error(`no ${kind} event`);
  return found;
}

function numberOf(id: string): number {
  return Number.parseInt(id.slice(-12), 16);
}
