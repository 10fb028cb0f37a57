import type { ListType, OrderType, Reason, SelfTrade, Side, TimeInForce, TradingState } from '../codes.ts';
import type { Listing, Outcome } from '../commands.ts';
import type { EngineEvent } from '../events.ts';

/** Where a live order is: being carried out, in the public book, or waiting outside of it. `pending`: an exit without lots. */
export type Whereabouts = 'arriving' | 'resting' | 'stop' | 'elected' | 'atClose' | 'pending';

/** An order of the oracle, live or remembered. */
export type ReferenceOrder = {
  orderId: string;
  accountId: string;
  symbol: string;
  side: Side;
  type: OrderType;
  /** IOC once a STOP or TRAILING_STOP has entered. */
  timeInForce: TimeInForce;
  postOnly: boolean;
  slide: boolean;
  group: string;
  selfTrade: SelfTrade;
  expireTimeMs: number;
  sessionId: string;
  priceTicks: number;
  totalLots: number;
  openLots: number;
  /** Lots that an iceberg shows at a time, and those of its present slice; 0 for all others. */
  displayLots: number;
  sliceLots: number;
  stopPriceTicks: number;
  trailTicks: number;
  trailBps: number;
  /** The price that a trailing stop follows; 0 before it arrived. */
  followedPrice: number;
  /** The price that elected it. */
  electedPrice: number;
  /** Lots of its trades so far. */
  tradedLots: number;
  revision: number;
  /** Its place in its queue: the lower is the earlier. */
  place: number;
  /** The number of its acceptance: the lower is the earlier. */
  acceptance: number;
  where: Whereabouts;
  status: 'live' | 'filled' | 'cancelled' | 'rejected' | 'voided';
  list: ReferenceList | undefined;
  finalTimeMs: number;
  /** Sequence of the event that ended it. */
  finalSequence: number;
  /** What it was submitted as, for the comparison with a repeat; empty when it was voided before it came. */
  body: string;
  outcome: ReferenceOutcome;
  /** The answer to the void that ended it. */
  voided: ReferenceOutcome | undefined;
};

/** Orders that depend on each other: two exits, or an entry and one or two exits. */
export type ReferenceList = {
  listId: string;
  type: ListType;
  entry: ReferenceOrder | undefined;
  exits: ReferenceOrder[];
  /** Lots that the entry traded and the exits did not grow by yet. */
  ungrownLots: number;
};

/** One symbol of the oracle. */
export type ReferenceBook = {
  listing: Listing;
  state: TradingState;
  /** 0: none. */
  listedPrice: number;
  lastPrice: number;
  breakerPrice: number;
  /** When the breaker's halt or the auction after it is over; undefined where none runs. */
  timerMs: number | undefined;
  /** All live orders, in no order. */
  orders: ReferenceOrder[];
  /** What follows the arriving order: lists whose entries traded, and elected stops, the first first. */
  growing: ReferenceList[];
  elected: ReferenceOrder[];
  /** The public levels as they were told last, by side and price. */
  told: Map<number, ReferenceLevel>;
};

/** One price level as the public sees it. */
export type ReferenceLevel = { side: Side; priceTicks: number; quantityLots: number; orderCount: number };

/** A session for cancel on disconnect. */
export type ReferenceSession = { accountId: string; endsMs: number; began: number };

/** The answer to a command: every number of it is one that the engine has to give. */
export type ReferenceOutcome = Outcome;

/** Numbers of an answer that are not 0. */
export type AnswerNumbers = Partial<Omit<Outcome, 'effective' | 'accepted' | 'reason'>>;

/** What the oracle knows. */
export type ReferenceState = {
  nowMs: number;
  ruleVersion: number;
  /** In the order of listing. */
  books: ReferenceBook[];
  orders: Map<string, ReferenceOrder>;
  keyed: Map<string, { body: string; outcome: ReferenceOutcome; timeMs: number }>;
  sessions: Map<string, ReferenceSession>;
  /** Whatever became final or was answered before this time is forgotten. */
  forgottenBeforeMs: number;
  placeNext: number;
  acceptanceNext: number;
  sessionNext: number;
  /** Sequence of the last event before the running command. */
  sequence: number;
  /** Events of the command that runs, or ran last. */
  events: EngineEvent[];
};

/** The outcome of a command that took effect. */
export function accept(numbers: AnswerNumbers = {}): ReferenceOutcome {
  return reject(0, numbers);
}

/** The outcome of a command that was refused and is remembered. */
export function reject(reason: Reason, numbers: AnswerNumbers = {}): ReferenceOutcome {
  const [details, lots] = [
    { detailA: 0, detailB: 0 },
    { tradedLots: 0, restingLots: 0 },
  ];
  const counts = { feedSequence: 0, ...lots, revision: 0, cancelledCount: 0 };
  return { effective: true, accepted: reason === 0, reason, ...details, ...counts, ...numbers };
}

/** The outcome of a command that leaves no trace. */
export function ignore(reason: Reason, numbers: AnswerNumbers = {}): ReferenceOutcome {
  return { ...reject(reason, numbers), effective: false };
}

/** What an answer says of orders: the lots that they traded beyond `tradedBefore`, and those that are open, of live ones (R22). */
export function lotsOf(orders: readonly ReferenceOrder[], tradedBefore = 0): AnswerNumbers {
  const sum = (lots: (order: ReferenceOrder) => number) => orders.reduce((all, order) => all + lots(order), 0);
  return {
    tradedLots: sum((order) => order.tradedLots) - tradedBefore,
    restingLots: sum((order) => (order.status === 'live' ? order.openLots : 0)),
  };
}

/** The sequence of the next event. */
export function nextSequence({ sequence, events }: ReferenceState): number {
  return sequence + events.length + 1;
}

/** The next place at the end of a queue (R16). */
export function nextPlace(state: ReferenceState): number {
  return state.placeNext++;
}

/** The book of a symbol. */
export function bookOf(state: ReferenceState, symbol: string): ReferenceBook | undefined {
  return state.books.find(({ listing }) => listing.symbol === symbol);
}
