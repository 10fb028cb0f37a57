/** The generator's model of the books, derived from the events alone, so that most commands refer to something that exists. */
import {
  ListType,
  type OrderType,
  type Side,
  StateCause,
  type TimeInForce,
  TradingState,
} from '../../engine/model/codes.ts';
import type { EngineEvent } from '../../engine/model/events.ts';

/** A live order of the model. */
export type LiveOrder = {
  orderId: string;
  accountId: string;
  symbol: string;
  side: Side;
  type: OrderType;
  timeInForce: TimeInForce;
  revision: number;
  priceTicks: number;
  totalLots: number;
  openLots: number;
  stopPriceTicks: number;
  /** Whether it is the entry of a list. */
  isEntry: boolean;
};

/** A book of the model. */
export type ModelBook = {
  symbol: string;
  state: TradingState;
  /** The price around which prices are generated. */
  centre: number;
  /** Whether a timer of the circuit breaker is running. */
  timed: boolean;
};

/** The model; updated with the events of an engine. */
export class RandomModel {
  readonly books: ModelBook[] = [];
  /** Live orders, unordered. */
  readonly live: LiveOrder[] = [];
  /** Ids of at most 64 dead orders, the newest last. */
  readonly dead: LiveOrder[] = [];
  #placeOf = new Map<string, number>();

  /** Applies the events of a command. */
  observe(events: readonly EngineEvent[]): void {
    for (const event of events) this.#see(event);
  }

  /** The book of a symbol. */
  book(symbol: string): ModelBook | undefined {
    return this.books.find((book) => book.symbol === symbol);
  }

  #see(event: EngineEvent): void {
    const { symbol } = event;
    switch (event.kind) {
      case 'listed':
        this.books.push({ ...emptyBook(symbol), centre: event.listing.referencePriceTicks || 100 });
        break;
      case 'stateChanged': {
        const timed = event.cause !== StateCause.COMMAND && event.state !== TradingState.CONTINUOUS;
        Object.assign(this.book(symbol) as ModelBook, { state: event.state, timed });
        break;
      }
      case 'accepted': {
        const { orderId, accountId, side, type, timeInForce, priceTicks, quantityLots, stopPriceTicks } = event.order;
        const lots = { totalLots: quantityLots, openLots: quantityLots };
        const isEntry = event.list !== undefined && event.list.type !== ListType.OCO && event.list.place === 0;
        this.#add({
          isEntry,
          orderId,
          accountId,
          symbol,
          side,
          type,
          timeInForce,
          revision: 1,
          priceTicks,
          stopPriceTicks,
          ...lots,
        });
        break;
      }
      case 'traded':
        (this.book(symbol) as ModelBook).centre = event.priceTicks;
        for (const { orderId, remainingLots } of [event.maker, event.taker]) {
          if (remainingLots === 0) this.#remove(orderId);
          else this.#change(orderId, { openLots: remainingLots });
        }
        break;
      case 'replaced': {
        const { orderId, priceTicks, quantityLots, remainingLots, revision } = event;
        this.#change(orderId, { priceTicks, revision, totalLots: quantityLots, openLots: remainingLots });
        break;
      }
      case 'cancelled':
        this.#remove(event.orderId);
        break;
      case 'split':
        this.#split(symbol, event.denominator / event.numerator);
        break;
      default:
    }
  }

  #add(order: LiveOrder): void {
    this.#placeOf.set(order.orderId, this.live.length);
    this.live.push(order);
  }

  #change(orderId: string, change: Partial<LiveOrder>): void {
    const place = this.#placeOf.get(orderId);
    if (place !== undefined) Object.assign(this.live[place] as LiveOrder, change);
  }

  #remove(orderId: string): void {
    const place = this.#placeOf.get(orderId);
    if (place === undefined) return;
    this.#placeOf.delete(orderId);
    this.dead.push(this.live[place] as LiveOrder);
    if (this.dead.length > 64) this.dead.shift();
    const last = this.live.pop() as LiveOrder;
    if (last.orderId === orderId) return;
    this.live[place] = last;
    this.#placeOf.set(last.orderId, place);
  }

  #split(symbol: string, factor: number): void {
    const book = this.book(symbol) as ModelBook;
    book.centre = Math.min(2_000_000_000, Math.max(1, Math.round(book.centre * factor)));
    for (const order of this.live) {
      if (order.symbol === symbol) order.stopPriceTicks = Math.max(1, Math.round(order.stopPriceTicks * factor));
    }
  }
}

/** A book without information. */
export function emptyBook(symbol: string): ModelBook {
  return { symbol, state: TradingState.CONTINUOUS, centre: 100, timed: false };
}
