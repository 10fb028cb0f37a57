/** What the engine is told. Everything is well-formed here: the edge refuses the rest before it becomes a command. */
import type { Reason, SelfTrade, Side, TimeInForce, TradingState } from './codes.ts';

/** Brings an order to its book. Keyed by `orderId`. */
export type SubmitCommand = {
  kind: 'submit';
  /** Canonical lower-case UUID. */
  orderId: string;
  /** The creation time inside the order id, Unix milliseconds. */
  idTimeMs: number;
  accountId: string;
  symbol: string;
  side: Side;
  timeInForce: TimeInForce;
  /** Ticks, 1 to 2^31 - 1. */
  priceTicks: number;
  /** Lots, 1 to 2^31 - 1. */
  quantityLots: number;
  /** Never together with IOC or FOK. */
  postOnly: boolean;
  /** Empty: the account id. */
  selfTradeGroup: string;
  selfTrade: SelfTrade;
};

/** Cancels one order. Keyed by `commandId`. */
export type CancelCommand = {
  kind: 'cancel';
  commandId: string;
  orderId: string;
  accountId: string;
  symbol: string;
};

/** Changes price or total quantity of a resting order. Keyed by `commandId`. */
export type ReplaceCommand = {
  kind: 'replace';
  commandId: string;
  orderId: string;
  accountId: string;
  symbol: string;
  expectedRevision: number;
  priceTicks: number;
  /** New total in lots, traded ones included. */
  quantityLots: number;
};

/** Cancels all that match. Keyed by `commandId`. */
export type CancelAllCommand = {
  kind: 'cancelAll';
  commandId: string;
  /** Empty: every account's; then `symbol` is not empty. */
  accountId: string;
  /** Empty: all symbols. */
  symbol: string;
  /** 0: both sides. */
  side: Side | 0;
};

/** Cancels an order, known or not, and refuses its id ever after. Keyed by `orderId`. */
export type VoidCommand = { kind: 'void'; orderId: string; idTimeMs: number; accountId: string; symbol: string };

/** The terms of a book. Decimals are canonical text. */
export type Listing = {
  symbol: string;
  tickSize: string;
  lotSize: string;
  currency: string;
  /** Greatest distance of a price from the reference, in basis points; 0: no band. */
  bandBps: number;
  /** Reference in ticks before the first trade; 0: none, then `bandBps` is 0. */
  referencePriceTicks: number;
};

/** Opens a book. Keyed by its terms. */
export type ListCommand = { kind: 'list'; listing: Listing };

/** Changes the trading state of a book. Keyed by `commandId`. */
export type SetStateCommand = { kind: 'setState'; commandId: string; symbol: string; state: TradingState };

/** States the version of the rules that all later commands are carried out by. */
export type RulesCommand = { kind: 'rules'; version: number };

/** All that the engine can be told. */
export type Command =
  | SubmitCommand
  | CancelCommand
  | ReplaceCommand
  | CancelAllCommand
  | VoidCommand
  | ListCommand
  | SetStateCommand
  | RulesCommand;

/** What became of one command. */
export type Outcome = {
  /** Whether it belongs in the journal: false for what only repeats an answer or leaves no trace. */
  effective: boolean;
  accepted: boolean;
  reason: Reason;
  /** Numbers of the reason: band low and high, revision, order status, trading state. */
  detailA: number;
  detailB: number;
  /** Sequence of the command's last event; 0 for a command that names nothing known. */
  feedSequence: number;
  tradedLots: number;
  restingLots: number;
  revision: number;
  cancelledCount: number;
};
