import type {
  ListType,
  OrderType,
  Reason,
  SelfTrade,
  Side,
  TimeInForce,
  TradingState,
} from '../../engine/model/codes.ts';
import type { Listing } from '../../engine/model/commands.ts';
import type { EngineEvent } from '../../engine/model/events.ts';

/** Where a live order is: being carried out, in the public book, or waiting outside of it. `pending`: an exit without lots. */
export type OrderLocation = 'arriving' | 'resting' | 'stop' | 'elected' | 'atClose' | 'pending';

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
  hasTraded: boolean;
  revision: number;
  /** Its place in its queue: the lower is the earlier. */
  place: number;
  /** The number of its acceptance: the lower is the earlier. */
  acceptance: number;
  where: OrderLocation;
  status: 'live' | 'filled' | 'cancelled' | 'rejected' | 'voided';
  list: ReferenceList | undefined;
  finalTimeMs: number;
  /** What it was submitted as, for the comparison with a repeat; empty when it was voided before it came. */
  body: string;
  outcome: ReferenceOutcome;
};

/** Orders that depend on each other: two exits, or an entry and one or two exits. */
export type ReferenceList = {
  listId: string;
  type: ListType;
  entry: ReferenceOrder | undefined;
  exits: ReferenceOrder[];
  /** Lots that the entry traded and the exits did not grow by yet. */
  pendingLots: number;
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

/** What became of a command, as far as the rules tell. */
export type ReferenceOutcome = { effective: boolean; accepted: boolean; reason: Reason };

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
  /** Events of the command that runs. */
  events: EngineEvent[];
};

/** The outcome of a command that took effect. */
export function accept(): ReferenceOutcome {
  return { effective: true, accepted: true, reason: 0 };
}

/** The outcome of a command that was refused and is remembered. */
export function reject(reason: Reason): ReferenceOutcome {
  return { effective: true, accepted: reason === 0, reason };
}

/** The outcome of a command that leaves no trace. */
export function ignore(reason: Reason): ReferenceOutcome {
  return { effective: false, accepted: reason === 0, reason };
}

/** The next place at the end of a queue (R16). */
export function nextPlace(state: ReferenceState): number {
  return state.placeNext++;
}

/** The book of a symbol. */
export function bookOf(state: ReferenceState, symbol: string): ReferenceBook | undefined {
  return state.books.find(({ listing }) => listing.symbol === symbol);
}
