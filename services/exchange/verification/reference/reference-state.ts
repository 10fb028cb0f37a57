import type {
  ListType,
  OrderType,
  Reason,
  SelfTrade,
  Side,
  TimeInForce,
  TradingState,
} from '../../engine/model/codes.ts';
import type { Listing, Outcome } from '../../engine/model/commands.ts';
import type { EngineEvent } from '../../engine/model/events.ts';
import type { MemoryLimits } from '../../engine/state/engine-state.ts';

/** Location of a live order: being carried out, in the public book, or waiting outside of it. `pending`: an exit without lots. */
export type OrderLocation = 'arriving' | 'resting' | 'stop' | 'elected' | 'atClose' | 'pending';

/** An order of the reference engine, live or remembered. */
export type ReferenceOrder = {
  orderId: string;
  /** The time inside its id. */
  idTimeMs: number;
  accountId: string;
  symbol: string;
  /** Whether there was no book of its symbol when it came. */
  isBookless: boolean;
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
  /** Whether its limit is the band's edge where it lies beyond it. */
  withinBand: boolean;
  /** Greatest sum of lots x price of its trades; 0: lots alone bound it. */
  valueMax: number;
  priceTicks: number;
  totalLots: number;
  openLots: number;
  /** Lots of an iceberg's slices, and of its present slice; 0 for all others. */
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
  /** Sum of lots x price of its trades so far. */
  tradedValue: bigint;
  revision: number;
  /** Time priority; lower is earlier. */
  priority: number;
  /** Number of its acceptance; lower is earlier. */
  acceptance: number;
  where: OrderLocation;
  status: 'live' | 'filled' | 'cancelled' | 'rejected' | 'voided';
  list: ReferenceList | undefined;
  finalTimeMs: number;
  /** Sequence of the event that ended it. */
  finalSequence: number;
  /** The submitted terms, for the comparison with a repetition; empty if it was voided before it was submitted. */
  body: string;
  outcome: ReferenceOutcome;
  /** The outcome of the void that ended it. */
  voided: ReferenceOutcome | undefined;
};

/** A list: two exits, or an entry and one or two exits. */
export type ReferenceList = {
  listId: string;
  type: ListType;
  entry: ReferenceOrder | undefined;
  exits: ReferenceOrder[];
  /** Lots that the entry traded and by which the exits are not increased yet. */
  pendingLots: number;
};

/** The book of one symbol. */
export type ReferenceBook = {
  listing: Listing;
  state: TradingState;
  /** 0: none. */
  listedPrice: number;
  lastPrice: number;
  breakerPrice: number;
  /** End of the breaker's halt or of the auction after it; undefined without a timer. */
  timerMs: number | undefined;
  /** All live orders, unordered. */
  orders: ReferenceOrder[];
  /** Follow-ups in order: lists whose entries traded, and elected stops. */
  activating: ReferenceList[];
  elected: ReferenceOrder[];
  /** The public levels as they were emitted last, by side and price. */
  emittedLevels: Map<number, ReferenceLevel>;
};

/** A public price level. */
export type ReferenceLevel = { side: Side; priceTicks: number; quantityLots: number; orderCount: number };

/** A session for cancel on disconnect. */
export type ReferenceSession = { accountId: string; endsMs: number; began: number };

/** The outcome of a command: the engine's must be equal in every number. */
export type ReferenceOutcome = Outcome;

/** The numbers of an outcome that are not 0. */
export type AnswerNumbers = Partial<Omit<Outcome, 'effective' | 'accepted' | 'reason'>>;

/** A remembered command. */
export type ReferenceCommand = { body: string; outcome: ReferenceOutcome; timeMs: number; isOperators: boolean };

/** The state of the reference engine. */
export type ReferenceState = {
  nowMs: number;
  ruleVersion: number;
  /** In the order of listing. */
  books: ReferenceBook[];
  orders: Map<string, ReferenceOrder>;
  /** Those of them whose ids were from the future when they came. */
  fromFuture: ReferenceOrder[];
  /** In the order of arrival. */
  keyed: Map<string, ReferenceCommand>;
  limits: MemoryLimits;
  /** Unknown ids of this time or before are refused; 0: none. */
  closedIdTimeMs: number;
  sessions: Map<string, ReferenceSession>;
  /** Orders and commands that became final or were answered before this time are forgotten. */
  forgottenBeforeMs: number;
  priorityNext: number;
  acceptanceNext: number;
  sessionNext: number;
  /** Sequence of the last event before the running command. */
  sequence: number;
  /** Events of the running, or the last command. */
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
    { tradedLots: 0, tradedValue: 0n, restingLots: 0 },
  ];
  const counts = { feedSequence: 0, ...lots, revision: 0, cancelledCount: 0, timeMs: 0 };
  return { effective: true, accepted: reason === 0, reason, ...details, ...counts, ...numbers };
}

/** The outcome of a command that changes no state. */
export function ignore(reason: Reason, numbers: AnswerNumbers = {}): ReferenceOutcome {
  return { ...reject(reason, numbers), effective: false };
}

/** What orders traded: lots, and the sum of lots x price. */
export type Traded = { tradedLots: number; tradedValue: bigint };

const untraded: Traded = { tradedLots: 0, tradedValue: 0n };

/** The lots and value of orders in an outcome: those traded beyond `before`, and the open lots of live orders (R22). */
export function lotsOf(orders: readonly ReferenceOrder[], before = untraded): AnswerNumbers {
  const sum = (lots: (order: ReferenceOrder) => number) => orders.reduce((all, order) => all + lots(order), 0);
  return {
    tradedLots: sum((order) => order.tradedLots) - before.tradedLots,
    tradedValue: orders.reduce((all, order) => all + order.tradedValue, 0n) - before.tradedValue,
    restingLots: sum((order) => (order.status === 'live' ? order.openLots : 0)),
  };
}

/** The sequence of the next event. */
export function nextSequence({ sequence, events }: ReferenceState): number {
  return sequence + events.length + 1;
}

/** The next time priority (R16). */
export function nextPriority(state: ReferenceState): number {
  return state.priorityNext++;
}

/** The book of a symbol. */
export function bookOf(state: ReferenceState, symbol: string): ReferenceBook | undefined {
  return state.books.find(({ listing }) => listing.symbol === symbol);
}
