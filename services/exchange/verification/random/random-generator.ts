/**
 * Random commands that have effects: few accounts and prices, books with different terms, and a model of the live orders, derived from
 * the events. Each generator has a random mixture of commands, so that many generators together cover more than one would.
 */
import { ruleVersion } from '../../engine/engine.ts';
import { OrderType, Side, TimeInForce, TradingState } from '../../engine/model/codes.ts';
import type { Command } from '../../engine/model/commands.ts';
import type { EngineEvent } from '../../engine/model/events.ts';
import { listing, orderId, startMs } from '../../engine/testing/driver.ts';
import { randomAuction } from './random-auction.ts';
import { alterBody, randomKeepAlive, randomReplace, randomTime, splitRatios } from './random-changes.ts';
import { randomList } from './random-lists.ts';
import { emptyBook, type LiveOrder, type ModelBook, RandomModel } from './random-model.ts';
import { type OrderName, type RandomProfile, randomOrder } from './random-orders.ts';
import { type CommandKind, openingCommands, randomMixture, randomProfile, symbolSets } from './random-profile.ts';
import { RandomSource } from './random-source.ts';

/**
 * A command and its journalled time, Unix milliseconds. `continues`: it belongs to the group of the command before it, if that has the
 * same time.
 */
export type TimedCommand = { command: Command; timeMs: number; continues: boolean };

const liveMax = 120;
const dayMs = 86_400_000;

/** Generates commands one by one; `observe` the events of each before the next. */
export class CommandGenerator {
  readonly model = new RandomModel();
  #random: RandomSource;
  #flavour: RandomProfile;
  #weights: (readonly [number, CommandKind])[];
  #symbols: readonly string[];
  #opening: Command[] = openingCommands();
  #recent: Command[] = [];
  #number = 0;
  // An id that was voided before its order was submitted.
  #voided: OrderName | undefined;
  #timeMs = startMs;

  /** `seed`: any integer. */
  constructor(seed: number) {
    const random = new RandomSource(seed);
    this.#random = random;
    this.#weights = randomMixture(random);
    this.#symbols = random.pick(symbolSets);
    this.#flavour = randomProfile(random);
    if (random.percent(50)) this.#opening.push(...randomAuction(random, () => this.#name()));
  }

  /** The next command. With a `seed` it depends on the seed and the model only. */
  next(seed?: number): TimedCommand {
    if (seed !== undefined) this.#random = new RandomSource(seed);
    const timeBefore = this.#timeMs;
    const continues = this.#random.percent(40);
    if (!continues) this.#passTime();
    const command = this.#opening.shift() ?? this.#command();
    this.#recent.push(command);
    if (this.#recent.length > 40) this.#recent.shift();
    return { command, timeMs: this.#timeMs, continues: continues && this.#timeMs === timeBefore };
  }

  /** Updates the model with the events of the last command. */
  observe(events: readonly EngineEvent[]): void {
    this.model.observe(events);
  }

  #passTime(): void {
    const random = this.#random;
    this.#timeMs += random.below(4) * random.below(10);
    if (random.percent(1)) this.#timeMs += random.below(3_000);
    if (random.percent(0.03)) this.#timeMs += dayMs + random.below(1_300_000);
  }

  #command(): Command {
    const kind = this.model.live.length > liveMax ? 'cancelAll' : this.#random.weighted(this.#weights);
    switch (kind) {
      case 'submit':
        return this.#submit();
      case 'submitList':
        return randomList(this.#random, this.#flavour, this.#book(), this.#uuid(), () => this.#name(), this.#timeMs);
      case 'cancel': {
        const { orderId, accountId, symbol } = this.#someOrder();
        return { kind, commandId: this.#commandId(), orderId, accountId, symbol };
      }
      case 'replace':
        return this.#replace();
      case 'void':
        return this.#void();
      case 'cancelAll':
        return this.#cancelAll();
      case 'bookState':
      case 'setState':
        return this.#setState(kind === 'bookState', kind === 'bookState' ? this.#bookAway() : this.#book());
      case 'keepAlive':
        return randomKeepAlive(this.#random, this.#flavour.accounts, this.#timeMs);
      case 'split':
        return this.#split();
      case 'time':
        this.#timeMs = randomTime(this.#random, this.#timeMs);
        return { kind };
      case 'rules':
        return { kind, version: ruleVersion };
      case 'list':
        return { kind, listing: listing({ symbol: this.#random.pick(['PLAIN', 'FRESH', 'LATER']) }) };
      case 'repeat':
        return this.#repeat();
      default:
        return kind satisfies never;
    }
  }

  #submit(): Command {
    const book = this.#book();
    const takesNone = book.state === TradingState.HALTED || book.state === TradingState.CLOSED;
    if (takesNone && this.#random.percent(40)) {
      if (!book.timed) return this.#setState(true, book);
      this.#timeMs += this.#random.below(80);
      return { kind: 'time' };
    }
    const command = randomOrder(this.#random, this.#flavour, book, this.#name(), this.#timeMs);
    return this.#random.percent(0.3) ? { ...command, symbol: 'NONE' } : command;
  }

  #replace(): Command {
    const random = this.#random;
    // With entries whose exits are live, orders can meet their own list.
    const entries = random.percent(15)
      ? this.model.live.filter((each) => each.isEntry && each.openLots < each.totalLots)
      : [];
    const order = entries.length > 0 ? random.pick(entries) : this.#someOrder();
    const book = this.model.book(order.symbol) ?? this.#book();
    return randomReplace(random, this.#flavour, book, order, { commandId: this.#commandId(), nowMs: this.#timeMs });
  }

  #void(): Command {
    const { accountId, symbol } = this.#someOrder();
    if (this.#random.percent(25)) {
      this.#voided = this.#name();
      return { kind: 'void', ...this.#voided, accountId, symbol };
    }
    const [{ orderId }, idTimeMs] = [this.#someOrder(), this.#timeMs];
    const owner = this.model.live.find((order) => order.orderId === orderId);
    return {
      kind: 'void',
      orderId,
      idTimeMs,
      accountId: owner?.accountId ?? accountId,
      symbol: owner?.symbol ?? symbol,
    };
  }

  #cancelAll(): Command {
    const random = this.#random;
    const isFull = this.model.live.length > liveMax;
    const accountId = isFull || random.percent(30) ? '' : this.#account();
    const anywhere = accountId !== '' && random.percent(30);
    const symbol = anywhere ? '' : isFull ? random.pick(this.model.live).symbol : this.#book().symbol;
    const side = isFull ? 0 : random.pick([0, 0, Side.BUY, Side.SELL] as const);
    return { kind: 'cancelAll', commandId: this.#commandId(), accountId, symbol, side };
  }

  #setState(leadsBack: boolean, book: ModelBook): Command {
    const random = this.#random;
    const mayGo = book.symbol !== this.#symbols[0] && random.percent(25);
    const state = random.weighted([
      [leadsBack ? 60 : 12, TradingState.CONTINUOUS],
      [leadsBack ? 4 : 20, TradingState.PRE_OPEN],
      [leadsBack ? 8 : 20, TradingState.OPENING_AUCTION],
      [leadsBack ? 4 : 18, TradingState.HALTED],
      [leadsBack ? 6 : 25, TradingState.CLOSING_AUCTION],
      [leadsBack ? 8 : 10, TradingState.CLOSED],
      [mayGo ? 5 : 0, TradingState.DELISTED],
    ]);
    return { kind: 'setState', commandId: this.#commandId(), symbol: book.symbol, state };
  }

  #split(): Command {
    const [numerator, denominator] = this.#random.pick(splitRatios);
    return { kind: 'split', commandId: this.#commandId(), symbol: this.#book().symbol, numerator, denominator };
  }

  #repeat(): Command {
    const command = this.#random.pick(this.#recent);
    if (this.#random.percent(60)) return command;
    const { orderId } = this.#someOrder();
    return alterBody(command, { orderId, symbol: this.#book().symbol, listId: this.#uuid() });
  }

  #someOrder(): LiveOrder {
    const random = this.#random;
    const { live, dead } = this.model;
    const fromDead = dead.length > 0 && random.percent(live.length > 0 ? 6 : 60);
    const order = fromDead ? random.pick(dead) : live.length > 0 ? random.pick(live) : undefined;
    const chance = random.below(100);
    const named = { accountId: this.#account(), symbol: this.#book().symbol, side: Side.BUY };
    const codes = { type: OrderType.LIMIT, timeInForce: TimeInForce.GTC };
    const numbers = { isEntry: false, revision: 1, priceTicks: 100, totalLots: 5, openLots: 5, stopPriceTicks: 0 };
    if (!order) return { orderId: orderId(999_999), ...named, ...codes, ...numbers };
    if (chance === 0) return { ...order, accountId: this.#account() };
    if (chance === 1) return { ...order, symbol: random.pick(['PLAIN', 'BAND', 'NONE']) };
    return chance === 2 ? { ...order, orderId: orderId(999_999) } : order;
  }

  #book(): ModelBook {
    if (this.#random.percent(0.2)) return emptyBook('NONE');
    const symbol = this.#random.percent(70) ? (this.#symbols[0] as string) : this.#random.pick(this.#symbols);
    return this.model.book(symbol) ?? emptyBook(symbol);
  }

  #bookAway(): ModelBook {
    const away = this.model.books.filter(({ state, timed }) => state !== TradingState.CONTINUOUS && !timed);
    return away.length > 0 ? this.#random.pick(away) : this.#book();
  }

  #account(): string {
    return this.#random.pick(this.#flavour.accounts);
  }

  #name(): OrderName {
    const random = this.#random;
    if (this.#voided && random.percent(10)) {
      const voided = this.#voided;
      this.#voided = undefined;
      return voided;
    }
    const off = random.percent(99)
      ? -random.below(2_000)
      : random.pick([-dayMs - 10, -dayMs + 10_000, 700_000, 500_000]);
    const idTimeMs = this.#timeMs + off;
    return { orderId: orderId(++this.#number, idTimeMs), idTimeMs };
  }

  #commandId(): string {
    return this.#random.percent(50) ? `c${++this.#number}` : this.#uuid();
  }

  #uuid(): string {
    return orderId(++this.#number, 1_600_000_000_000);
  }
}
