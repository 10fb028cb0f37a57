import { TimeInForce as EngineTimeInForce, SelfTrade } from '../../services/exchange/domain/codes.ts';
import { type Command, noBreaker, type Outcome, plainTerms } from '../../services/exchange/domain/commands.ts';
import { Engine } from '../../services/exchange/domain/engine.ts';
import { EventKind, eventWords } from '../../services/exchange/domain/event-buffer.ts';
import type { BookMaker, BookUnderTest, Totals } from './book-under-test.ts';
import { accountCount, type CommandStream, Kind, OrderType, TimeInForce } from './command-stream.ts';

const groupSizeMax = 100;
const startMs = 1_700_000_000_000;
const symbol = 'ACME';

/** The exchange's engine, as the service runs it: commands in groups of at most 100, events written to its buffer. */
export const engine: BookMaker = {
  name: 'engine',
  takesRicherTypes: false,
  create: (stream) => new EngineUnderTest(stream),
};

class EngineUnderTest implements BookUnderTest {
  readonly #stream: CommandStream;
  readonly #engine = new Engine();
  readonly #accounts = Array.from({ length: accountCount }, (_, account) => `account-${account}`);
  #inGroup = 0;

  constructor(stream: CommandStream) {
    this.#stream = stream;
    this.#engine.beginGroup(startMs);
    this.#engine.apply({ kind: 'rules', version: 1 });
    const terms = { tickSize: '0.01', lotSize: '1', currency: 'USD', bandBps: 0, ...noBreaker };
    this.#engine.apply({ kind: 'list', listing: { symbol, referencePriceTicks: 10_000, ...terms } });
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
    const { events } = this.#engine.state;
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
    return this.#engine.apply(this.#command(at));
  }

  #endFullGroup(): void {
    if (this.#inGroup < groupSizeMax) return;
    this.#inGroup = 0;
    this.#engine.endGroup();
  }

  #addTrades(first: number, { trades }: Totals): void {
    const { events, orders } = this.#engine.state;
    // The number of an order is in the last word of its id.
    const numberOf = (slot: number) => orders.index.words[slot * 4 + 3]!;
    for (let event = first; event < events.count; event++) {
      const [kind, , , maker, taker, price, lots] = events.words.subarray(event * eventWords, (event + 1) * eventWords);
      if (kind === EventKind.TRADED) trades.add(numberOf(maker!), numberOf(taker!), price!, lots!);
    }
  }

  #command(at: number): Command {
    const { kind, order, account, side, price, quantity, timeInForce, revision } = this.#stream;
    const orderId = uuidOf(order[at]!);
    const accountId = this.#accounts[account[at]!]!;
    const priceTicks = price[at]!;
    const quantityLots = quantity[at]!;
    const commandId = uuidOf(at + 2 ** 32);
    if (kind[at] === Kind.CANCEL) return { kind: 'cancel', commandId, orderId, accountId, symbol };
    const terms = { orderId, accountId, symbol, priceTicks, quantityLots };
    if (kind[at] === Kind.REPLACE) {
      return { kind: 'replace', commandId, expectedRevision: revision[at]!, stopPriceTicks: 0, ...terms };
    }
    return {
      kind: 'submit',
      ...plainTerms,
      idTimeMs: startMs,
      side: side[at] as 1 | 2,
      timeInForce: timeInForce[at] === TimeInForce.IOC ? EngineTimeInForce.IOC : EngineTimeInForce.GTC,
      postOnly: false,
      selfTradeGroup: '',
      selfTrade: SelfTrade.CANCEL_NEWEST,
      ...terms,
    };
  }
}

function uuidOf(number: number): string {
  const time = startMs.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${number.toString(16).padStart(12, '0')}`;
}
