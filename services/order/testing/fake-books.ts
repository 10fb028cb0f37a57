import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import {
  type CancelItemSchema,
  type CommandResult,
  type NewOrder,
  NewOrderSchema,
  OrderListSchema,
  type ReplaceItemSchema,
  type VoidItemSchema,
} from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { CancelReason } from '#gen/outcry/exchange/v1/feed_pb.ts';
import { ListType, OrderType } from '#gen/outcry/trading/v1/trading_pb.ts';
import { lesser } from '#platform/money/extremes.ts';
import { FakeJournal, ineffective } from './fake-journal.ts';
import { FakeLists, type FakeOrder } from './fake-lists.ts';
import { isStop, makersFor, mayRest, refusalOf, sideOf, tradedBy } from './fake-matching.ts';
import { mostLots } from './fake-value.ts';

type Resting = FakeOrder;

/** Order books in the simplest way: it matches limit orders by price, then by time; stops wait until a test triggers them. */
export class FakeBooks {
  /** Symbols without a book. */
  readonly unlisted = new Set<string>();
  /** Times to live of the sessions, by their names at the exchange, in ms. */
  readonly sessions = new Map<string, bigint>();
  readonly #voided = new Set<string>();
  readonly #journal: FakeJournal;
  readonly #onChange: () => void;
  #resting: Resting[] = [];
  #waiting: Resting[] = [];
  #tradeCount = 0;
  readonly #lists = new FakeLists({
    replaced: ({ order, openLots: remainingLots, revision }) => {
      const { orderId, accountId, symbol, priceTicks, quantityLots } = order;
      const value = { orderId, accountId, priceTicks, quantityLots, remainingLots, revision };
      this.#journal.emit(symbol, { case: 'replaced', value });
    },
    enter: (exit) => void (isStop(exit.order) ? this.#waiting : this.#resting).push(exit),
    remove: (order, reason) => this.#remove(order, reason),
  });

  constructor(onChange: () => void) {
    this.#onChange = onChange;
    this.#journal = new FakeJournal(onChange);
  }

  get feed() {
    return this.#journal.feed;
  }

  /** Whether the order rests or waits. */
  isOpen(orderId: string): boolean {
    return this.#find(orderId) !== undefined;
  }

  /** Submits an order; a repeat of its id gets the first outcome. */
  submit(init: MessageInitShape<typeof NewOrderSchema>): CommandResult {
    const order = create(NewOrderSchema, init);
    const { orderId } = order;
    if (this.unlisted.has(order.symbol)) return ineffective(orderId, ErrorReason.SYMBOL_UNKNOWN);
    if (this.#voided.has(orderId)) return this.#journal.result(orderId, ErrorReason.ORDER_VOIDED);
    return this.#journal.once(orderId, () => this.#match(order));
  }

  /** Submits a list as a whole; a repeat of its id gets the first outcome. */
  submitList(init: MessageInitShape<typeof OrderListSchema>): CommandResult {
    const { listId, type: listType, orders } = create(OrderListSchema, init);
    if (orders.some(({ symbol }) => this.unlisted.has(symbol))) return ineffective(listId, ErrorReason.SYMBOL_UNKNOWN);
    if (orders.some(({ orderId }) => this.#voided.has(orderId))) return ineffective(listId, ErrorReason.ORDER_VOIDED);
    return this.#journal.once(listId, () => {
      const legs = orders.map((order) => ({ order, openLots: order.quantityLots, revision: 1 }));
      for (const [listPlace, { order }] of legs.entries()) {
        this.#journal.once(order.orderId, () => this.#journal.result(order.orderId));
        this.#journal.emit(order.symbol, { case: 'accepted', value: { order, listId, listType, listPlace } });
      }
      const entry = listType === ListType.OCO ? undefined : legs[0];
      this.#lists.add(entry, entry ? legs.slice(1) : legs);
      if (entry) this.#enter(entry, mayRest(entry.order));
      else this.#resting.push(...legs);
      return this.#journal.result(listId);
    });
  }

  /** Lets an order that waits enter the book. */
  trigger(orderId: string): void {
    const waiting = this.#waiting.find(({ order }) => order.orderId === orderId);
    if (waiting === undefined) throw new Error('no such order waits');
    const { symbol, accountId } = waiting.order;
    this.#waiting = this.#waiting.filter((other) => other !== waiting);
    this.#journal.emit(symbol, { case: 'triggered', value: { orderId, accountId } });
    this.#enter(waiting, waiting.order.type === OrderType.STOP_LIMIT);
    this.#onChange();
  }

  /** The answer that a new order would get; nothing changes. */
  preview(init: MessageInitShape<typeof NewOrderSchema>): CommandResult {
    const order = create(NewOrderSchema, init);
    if (this.unlisted.has(order.symbol)) return ineffective(order.orderId, ErrorReason.SYMBOL_UNKNOWN);
    const reason = refusalOf(order, makersFor(this.#resting, order));
    return reason === undefined ? this.#journal.result(order.orderId) : ineffective(order.orderId, reason);
  }

  /** Cancels an order; a repeat of the command id gets the first outcome. */
  cancel({ commandId = '', orderId = '' }: MessageInitShape<typeof CancelItemSchema>): CommandResult {
    return this.#journal.once(commandId, () => {
      const resting = this.#find(orderId);
      if (resting === undefined) return this.#journal.result(commandId, ErrorReason.ORDER_ALREADY_FINAL);
      this.#remove(resting, CancelReason.REQUESTED);
      return this.#journal.result(commandId);
    });
  }

  /** Changes an order; a repeat of the command id gets the first outcome. */
  replace(item: MessageInitShape<typeof ReplaceItemSchema>): CommandResult {
    const { commandId = '' } = item;
    return this.#journal.once(commandId, () => {
      const resting = this.#find(item.orderId ?? '');
      if (resting === undefined) return this.#rejectCommand(item, ErrorReason.ORDER_ALREADY_FINAL);
      if (resting.revision !== item.expectedRevision)
        return this.#rejectCommand(item, ErrorReason.ORDER_REVISION_STALE);
      if (item.stopPriceTicks && this.#resting.includes(resting))
        return this.#rejectCommand(item, ErrorReason.INVALID_FIELD);
      const isExit = this.#lists.isExit(resting.order.orderId);
      const { priceTicks = 0n, quantityLots = 0n } = isExit
        ? { ...item, quantityLots: resting.order.quantityLots }
        : item;
      const openLots = quantityLots - (resting.order.quantityLots - resting.openLots);
      if (openLots <= 0n && !isExit) this.#remove(resting, CancelReason.REQUESTED, commandId);
      else this.#reshape(resting, { priceTicks, quantityLots, openLots, commandId });
      return { ...this.#journal.result(commandId), revision: resting.revision, restingLots: resting.openLots };
    });
  }

  /** Opens or renews a session, which never ends by itself here. */
  keepAlive(sessionId: string, ttlMs: bigint): CommandResult {
    this.sessions.set(sessionId, ttlMs);
    return this.#journal.result(sessionId);
  }

  /** Ends an order, and refuses its id from then on when it is not known. */
  void({ orderId = '', accountId = '', symbol = '' }: MessageInitShape<typeof VoidItemSchema>): CommandResult {
    if (this.unlisted.has(symbol)) return ineffective(orderId, ErrorReason.SYMBOL_UNKNOWN);
    return this.#journal.once(`void:${orderId}`, () => {
      const resting = this.#find(orderId);
      if (resting !== undefined) this.#remove(resting, CancelReason.VOIDED);
      else if (!this.#journal.has(orderId)) {
        this.#voided.add(orderId);
        this.#journal.emit(symbol, { case: 'cancelled', value: { orderId, accountId, reason: CancelReason.VOIDED } });
      }
      return this.#journal.result(orderId);
    });
  }

  #match(order: NewOrder): CommandResult {
    if (order.expireTimeMs !== 0n && order.expireTimeMs <= BigInt(Date.now())) {
      return this.#reject(order, ErrorReason.EXPIRE_TIME_PAST);
    }
    const taker: Resting = { order, openLots: order.quantityLots, revision: 1, valueLeft: order.valueMax || undefined };
    const refusal = refusalOf(order, makersFor(this.#resting, order));
    if (refusal !== undefined) return this.#reject(order, refusal);
    this.#journal.emit(order.symbol, { case: 'accepted', value: { order } });
    if (isStop(order)) {
      this.#waiting.push(taker);
      return { ...this.#journal.result(order.orderId), restingLots: order.quantityLots };
    }
    const restingLots = this.#enter(taker, mayRest(order));
    return { ...this.#journal.result(order.orderId), ...tradedBy(this.feed, order.orderId), restingLots };
  }

  /** Trades what it can; the lots that rest then. */
  #enter(taker: Resting, mayRest: boolean): bigint {
    this.#trades(taker);
    const rests = taker.openLots > 0n && mayRest;
    if (rests) this.#resting.push(taker);
    else if (taker.openLots > 0n) this.#remove(taker, CancelReason.IMMEDIATE);
    return rests ? taker.openLots : 0n;
  }

  #reshape(
    resting: Resting,
    change: { priceTicks: bigint; quantityLots: bigint; openLots: bigint; commandId: string },
  ): void {
    const { openLots, commandId, ...terms } = change;
    const { orderId, accountId, symbol } = resting.order;
    resting.order = create(NewOrderSchema, { ...resting.order, ...terms });
    resting.openLots = openLots;
    resting.revision += 1;
    const value = { orderId, accountId, ...terms, remainingLots: openLots, revision: resting.revision, commandId };
    this.#journal.emit(symbol, { case: 'replaced', value });
    if (!this.#waiting.includes(resting)) this.#trades(resting);
  }

  #trades(taker: Resting): void {
    const makers = makersFor(this.#resting, taker.order);
    for (const [i, maker] of makers.entries())
      if (mostLots(taker, maker) > 0n) this.#trade(maker, taker, makers[i + 1]);
    this.#resting = this.#resting.filter(({ openLots }) => openLots > 0n);
  }

  #rejectCommand(item: MessageInitShape<typeof ReplaceItemSchema>, reason: ErrorReason): CommandResult {
    const { commandId = '', orderId = '', accountId = '', symbol = '' } = item;
    this.#journal.emit(symbol, { case: 'commandRejected', value: { commandId, orderId, accountId, reason } });
    return { ...this.#journal.result(commandId, reason), metadata: { of: 'the answer' } };
  }

  #trade(maker: Resting, taker: Resting, next: Resting | undefined): void {
    const quantityLots = lesser(maker.openLots, mostLots(taker, maker));
    maker.openLots -= quantityLots;
    taker.openLots -= quantityLots;
    if (taker.valueLeft !== undefined) {
      taker.valueLeft -= quantityLots * maker.order.priceTicks;
      const nextPrice = (maker.openLots > 0n ? undefined : next?.order.priceTicks) ?? maker.order.priceTicks;
      if (taker.valueLeft < nextPrice) taker.openLots = 0n;
    }
    this.#tradeCount += 1;
    const { priceTicks, symbol } = maker.order;
    const value = {
      tradeId: `0-${this.#tradeCount}`,
      priceTicks,
      quantityLots,
      maker: sideOf(maker),
      taker: sideOf(taker),
    };
    this.#journal.emit(symbol, { case: 'traded', value });
    for (const side of [maker, taker]) this.#lists.traded(side, quantityLots);
  }

  #reject({ orderId, accountId, symbol }: NewOrder, reason: ErrorReason): CommandResult {
    this.#journal.emit(symbol, { case: 'rejected', value: { orderId, accountId, reason } });
    return this.#journal.result(orderId, reason);
  }

  #remove(resting: Resting, reason: CancelReason, commandId = ''): void {
    const { orderId, accountId, symbol } = resting.order;
    this.#resting = this.#resting.filter((other) => other !== resting);
    this.#waiting = this.#waiting.filter((other) => other !== resting);
    const value = { orderId, accountId, reason, remainingLots: resting.openLots, commandId };
    this.#journal.emit(symbol, { case: 'cancelled', value });
    this.#lists.ended(resting);
  }

  #find(orderId: string): Resting | undefined {
    const live = [...this.#resting, ...this.#waiting].find(({ order }) => order.orderId === orderId);
    return live ?? this.#lists.find(orderId);
  }
}
