/** Users who order, change and cancel at random while a feed lags behind. */

import { uuidV7Of } from '#platform/ids/uuid-v7.ts';
import { valueForAmount } from '#platform/money/fees.ts';
import type { Random } from '../../../bench/load/index.ts';
import { type ReplaceCommand, SelfTrade, type SubmitCommand, TradingState } from '../../../services/exchange/index.ts';
import { drawChange } from './draw-change.ts';
import { drawList } from './draw-list.ts';
import { type Ask, byValue, drawLots, drawOrder } from './draw-orders.ts';
import { House, type Opening, tickLotMicros } from './house.ts';
import { type TrueOrder, Truth } from './truth.ts';

const recentMax = 40;
const stepMsMax = 40;
const behindMax = 60;
const startTicks = 10_000;
const usualMode = SelfTrade.CANCEL_NEWEST;
const modes = Object.values(SelfTrade);
/** The states that a book goes through from time to time. */
const nextState = new Map<TradingState, TradingState>([
  [TradingState.CLOSING_AUCTION, TradingState.CLOSED],
  [TradingState.CLOSED, TradingState.OPENING_AUCTION],
  [TradingState.OPENING_AUCTION, TradingState.CONTINUOUS],
  [TradingState.HALTED, TradingState.CONTINUOUS],
]);

/** What was done how often. */
export type Tally = Record<string, number>;

/** A random life. */
export class Life {
  readonly house: House;
  readonly truth: Truth;
  readonly tally: Tally = {};
  readonly #random: Random;
  readonly #users: readonly Opening[];
  readonly #symbols: readonly string[];
  readonly #states = new Map<string, TradingState>();
  readonly #recent: TrueOrder[] = [];
  readonly #changes: ReplaceCommand[] = [];
  readonly #changeCounts = new Map<string, number>();
  readonly #sessions = new Set<string>();
  #mid = startTicks;
  #number = 0;
  #ordered = 0;

  constructor(random: Random, users: readonly Opening[], symbols: readonly string[]) {
    this.#random = random;
    this.#users = users;
    this.#symbols = symbols;
    this.truth = new Truth(users, symbols);
    this.house = new House({ symbols, users }, (event) => {
      this.truth.follow(event);
      if (event.kind === 'accepted') this.#remember(this.truth.orders.get(event.order.orderId));
    });
  }

  /** Orders that were asked for so far, each leg of a list by itself. */
  get ordered(): number {
    return this.#ordered;
  }

  /** One move. Changes that were paid for reach the exchange some moves later, and the feed reaches the ledger when it does. */
  move(): void {
    const { house } = this;
    const random = this.#random;
    house.nowMs += random.below(stepMsMax);
    this.#mid = Math.min(12_000, Math.max(8_000, this.#mid + random.below(11) - 5));
    if (random.below(3) === 0 || house.behind > behindMax) house.settle(random.below(house.behind + 1));
    if (this.#changes.length > 0 && random.below(2) === 0) this.#sendChange();
    const kind = random.below(1_000);
    if (kind < 620) this.#place();
    else if (kind < 700) this.#placeList();
    else if (kind < 830) this.#change();
    else if (kind < 950) this.#cancel();
    else if (kind < 955) this.#cancelAll();
    else if (kind < 975) this.#keepAlive();
    else if (kind < 977) this.#changeState();
    else this.#nextStates();
  }

  /** Sends what is on its way, and cancels everything. */
  end(): void {
    while (this.#changes.length > 0) this.#sendChange();
    for (const { accountId } of this.#users)
      this.house.run({ kind: 'cancelAll', commandId: this.#name('end'), accountId, symbol: '', side: 0 });
    this.house.settle();
  }

  #place(): void {
    const random = this.#random;
    const ask = this.#ask();
    this.#ordered += 1;
    if (random.below(12) === 0) {
      this.#placeByAmount(ask);
      return;
    }
    const drawn = drawOrder(random, ask);
    const command = { ...drawn, selfTrade: this.#mode(), sessionId: this.#sessionOf(ask.accountId, drawn) };
    this.#count(this.house.place({ command }) ? 'placed' : 'not held');
  }

  #placeByAmount(ask: Ask): void {
    const plan = this.#users.find(({ accountId }) => accountId === ask.accountId);
    if (plan === undefined) return;
    const amountMicros = BigInt(1 + this.#random.below(300_000)) * 10_000n;
    const valueMax = valueForAmount({ ...plan, tickLotMicros }, amountMicros);
    if (valueMax === 0n) return;
    const command = byValue(ask, valueMax);
    this.#count(this.house.place({ command, amountMicros }) ? 'by amount' : 'not held');
  }

  #placeList(): void {
    const shared = { quantityLots: drawLots(this.#random), selfTrade: this.#mode() };
    const { name, roles, ...list } = drawList(this.#random, (like) => this.#ask(like), shared);
    this.#ordered += list.orders.length;
    const listId = uuidV7Of(this.house.nowMs, this.#name('list'));
    const isHeld = this.house.placeList({ kind: 'submitList', listId, ...list }, roles);
    this.#count(isHeld ? name : 'not held');
  }

  /** Lets the ledger pay for a change; the exchange gets it later, when the order may have traded or ended. */
  #change(): void {
    const order = this.#pick();
    if (order === undefined) return;
    const { orderId, accountId } = order;
    // A number that was refused is not used again, as each change is one of its own.
    const number = (this.#changeCounts.get(orderId) ?? 0) + 1;
    this.#changeCounts.set(orderId, number);
    const commandId = `${orderId}:${number}`;
    const heldLots = Number(this.house.holds.get(orderId)?.terms.lots ?? 1n);
    const change = drawChange(this.#random, order, { ask: this.#ask(), commandId, heldLots });
    const [lots, priceTicks] = [BigInt(change.quantityLots), BigInt(change.priceTicks)];
    const request = { orderId, accountId, number, commandId, lots, priceTicks, positionMaxMicros: undefined };
    const isHeld = this.house.amend(request);
    this.#count(isHeld ? 'change held' : 'change not held');
    if (isHeld) this.#changes.push(change);
  }

  #sendChange(): void {
    const [change] = this.#changes.splice(this.#random.below(this.#changes.length), 1);
    if (change !== undefined) this.#count(this.house.run(change).accepted ? 'changed' : 'change refused');
  }

  #cancel(): void {
    const order = this.#pick();
    if (order === undefined) return;
    const { orderId, accountId, symbol } = order;
    const isDone = this.house.run({
      kind: 'cancel',
      commandId: this.#name('cancel'),
      orderId,
      accountId,
      symbol,
    }).accepted;
    this.#count(isDone ? 'cancelled' : 'cancel refused');
  }

  #cancelAll(): void {
    const { accountId, symbol } = this.#ask();
    const side = ([0, 1, 2] as const)[this.#random.below(3)] ?? 0;
    const filter = this.#random.below(2) === 0 ? { symbol, side } : { symbol: '', side };
    this.house.run({ kind: 'cancelAll', commandId: this.#name('all'), accountId, ...filter });
    this.#count('cancelled all');
  }

  #keepAlive(): void {
    const { accountId } = this.#ask();
    this.house.run({ kind: 'keepAlive', sessionId: accountId, accountId, ttlMs: 1_000 + this.#random.below(5_000) });
    this.#sessions.add(accountId);
    this.#count('session');
  }

  /** Halts a book, or begins its end of day. */
  #changeState(): void {
    const { symbol } = this.#ask();
    if (this.#states.has(symbol)) return;
    this.#setState(symbol, this.#random.below(2) === 0 ? TradingState.HALTED : TradingState.CLOSING_AUCTION);
  }

  #nextStates(): void {
    for (const [symbol, state] of [...this.#states])
      this.#setState(symbol, nextState.get(state) ?? TradingState.CONTINUOUS);
  }

  #setState(symbol: string, state: TradingState): void {
    this.house.run({ kind: 'setState', commandId: this.#name('state'), symbol, state });
    if (state === TradingState.CONTINUOUS) this.#states.delete(symbol);
    else this.#states.set(symbol, state);
    this.#count('state');
  }

  /** An order of anyone, or another one of the same account and book. */
  #ask(like?: Ask): Ask {
    const random = this.#random;
    const { accountId } = like ?? (this.#users[random.below(this.#users.length)] as Opening);
    const symbol = like?.symbol ?? (this.#symbols[random.below(this.#symbols.length)] as string);
    const isBuy = like?.isBuy ?? random.below(2) === 0;
    const idTimeMs = this.house.nowMs;
    const orderId = uuidV7Of(idTimeMs, this.#name('order'));
    return { accountId, symbol, isBuy, midTicks: this.#mid, idTimeMs, orderId };
  }

  #mode(): SelfTrade {
    return this.#random.below(3) === 0 ? (modes[this.#random.below(modes.length)] ?? usualMode) : usualMode;
  }

  #sessionOf(accountId: string, { timeInForce }: SubmitCommand): string {
    return timeInForce < 4 && this.#sessions.has(accountId) && this.#random.below(4) === 0 ? accountId : '';
  }

  #remember(order: TrueOrder | undefined): void {
    if (order?.isLive !== true) return;
    this.#recent.push(order);
  }

  /** A live order, most often; now and then one that has ended meanwhile. */
  #pick(): TrueOrder | undefined {
    const at =
      Math.max(0, this.#recent.length - recentMax) + this.#random.below(Math.min(recentMax, this.#recent.length) || 1);
    const order = this.#recent[at];
    if (order !== undefined && !order.isLive && this.#random.below(4) > 0) {
      this.#recent.splice(at, 1);
      return this.#pick();
    }
    return order;
  }

  #name(what: string): string {
    this.#number += 1;
    return `${what} ${this.#number}`;
  }

  #count(what: string): void {
    this.tally[what] = (this.tally[what] ?? 0) + 1;
  }
}
