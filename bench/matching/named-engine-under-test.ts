import {
  type Command,
  Engine,
  EventKind,
  eventWords,
  type Outcome,
  plainChange,
  plainTerms,
  ruleVersion,
  SelfTrade,
  type Side,
  type TimeInForce,
} from '../../services/exchange/index.ts';
import type { BookMaker, BookUnderTest, Totals } from './book-under-test.ts';
import { accountCount, type CommandStream, Kind, OrderType } from './command-stream.ts';
import { groupSizeMax, listing, startMs } from './listing.ts';

const { symbol } = listing;

/**
 * The whole engine around the matching engine: commands with UUIDs and names as they come from the wire, the memory of ids and
 * answers, outcomes as objects, and a state hash for each group. It passes over the richer types.
 */
export const namedEngine: BookMaker = {
  name: 'engine with names',
  takesRicherTypes: false,
  create: (stream) => new NamedEngineUnderTest(stream),
};

class NamedEngineUnderTest implements BookUnderTest {
  readonly #stream: CommandStream;
  readonly #commands: Command[];
  readonly #engine = new Engine();
  #inGroup = 0;

  constructor(stream: CommandStream) {
    this.#stream = stream;
    const accounts = Array.from({ length: accountCount }, (_, account) => uuidOf(account));
    this.#commands = Array.from({ length: stream.count }, (_, at) => commandOf(stream, at, accounts));
    this.#engine.beginGroup(startMs);
    this.#engine.apply({ kind: 'rules', version: ruleVersion });
    this.#engine.apply({ kind: 'list', listing });
    this.#engine.endGroup();
  }

  run(from: number, to: number): void {
    const { type } = this.#stream;
    for (let at = from; at < to; at++) {
      if (type[at] !== OrderType.PLAIN) continue;
      this.#apply(at);
      this.#endFullGroup();
    }
  }

  observe(from: number, to: number, totals: Totals): void {
    const { type, kind } = this.#stream;
    const { events } = this.#engine.state.matching.state;
    for (let at = from; at < to; at++) {
      if (type[at] !== OrderType.PLAIN) continue;
      const first = events.count;
      const { accepted } = this.#apply(at);
      if (!accepted) totals.rejected++;
      else if (kind[at] === Kind.CANCEL) totals.cancelled++;
      else if (kind[at] === Kind.REPLACE) totals.replaced++;
      else totals.accepted++;
      this.#addTrades(first, totals);
      this.#endFullGroup();
    }
  }

  fingerprint(): string {
    return this.#engine.stateHash();
  }

  #apply(at: number): Outcome {
    if (this.#inGroup++ === 0) this.#engine.beginGroup(startMs);
    return this.#engine.apply(this.#commands[at]!);
  }

  #endFullGroup(): void {
    if (this.#inGroup < groupSizeMax) return;
    this.#inGroup = 0;
    this.#engine.endGroup();
    this.#engine.stateHash();
  }

  #addTrades(first: number, { trades }: Totals): void {
    const { matching, records } = this.#engine.state;
    const { count, words } = matching.state.events;
    // The number of an order is in the last word of its id.
    const numberOf = (key: number) => records.index.words[key * 4 + 3]!;
    for (let event = first; event < count; event++) {
      const [kind, , , maker, taker, price, lots] = words.subarray(event * eventWords, (event + 1) * eventWords);
      if (kind === EventKind.TRADED) trades.add(numberOf(maker!), numberOf(taker!), price!, lots!);
    }
  }
}

function commandOf(stream: CommandStream, at: number, accounts: readonly string[]): Command {
  const { kind, order, account, side, price, quantity, timeInForce, revision } = stream;
  const accountId = accounts[account[at]!]!;
  const names = { orderId: uuidOf(order[at]!), accountId, symbol };
  const commandId = `c${at}`;
  if (kind[at] === Kind.CANCEL) return { kind: 'cancel', commandId, ...names };
  const terms = { ...names, priceTicks: price[at]!, quantityLots: quantity[at]! };
  if (kind[at] === Kind.REPLACE) {
    return { kind: 'replace', commandId, expectedRevision: revision[at]!, ...plainChange, ...terms };
  }
  return {
    kind: 'submit',
    ...plainTerms,
    idTimeMs: startMs,
    side: side[at] as Side,
    timeInForce: timeInForce[at] as TimeInForce,
    postOnly: false,
    selfTradeGroup: '',
    selfTrade: SelfTrade.CANCEL_NEWEST,
    ...terms,
  };
}

function uuidOf(number: number): string {
  const time = startMs.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${number.toString(16).padStart(12, '0')}`;
}
