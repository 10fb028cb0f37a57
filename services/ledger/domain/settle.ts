import { endAmendment, neededAmount } from './amended-amount.ts';
import { cashAsset, feeAccount, formatAmount, issuerAccount } from './asset.ts';
import { BalanceError, type BalanceSheet } from './balance-sheet.ts';
import { balancedEntry, type Entry, type Posting, type SettledSide } from './entry.ts';
import type { ExchangeEvent, TradedOrder } from './exchange-event.ts';
import { applyFill, type Fill, type FillEffect, type Hold, heldAsset, withinTerms } from './hold.ts';
import {
  balanceList,
  followTrade,
  isExitHold,
  isLeg,
  type LegHold,
  type ListHolds,
  takeComingLots,
} from './settle-list.ts';

/** An event that contradicts the ledger. Settlement halts before it until an operator has lifted the halt. */
export class SettlementFault extends Error {
  override name = 'SettlementFault';
  readonly sequence: bigint;

  constructor(sequence: bigint, message: string) {
    super(message);
    this.sequence = sequence;
  }
}

/** The locked balances and holds that settlement changes in place. */
export type SettlementState = {
  sheet: BalanceSheet;
  holds: Map<string, Hold>;
  /** All legs of each list that one of the holds belongs to, by list id. */
  lists: ReadonlyMap<string, ListHolds>;
};

/** The result of a run of events. */
export type SettlementResult = {
  entries: Entry[];
  /** Holds that differ from before. */
  changedHolds: Hold[];
  /** Orders that ended and never had a hold: their ids are to be closed, so that they never get one. */
  endedUnknown: string[];
};

/** Settles events in order. Throws SettlementFault at the first that cannot be settled; the state must be discarded then. */
export function settle(events: readonly ExchangeEvent[], state: SettlementState): SettlementResult {
  const entries: Entry[] = [];
  const changed = new Set<Hold>();
  const endedUnknown: string[] = [];
  for (const event of events) {
    try {
      if (event.kind === 'traded') entries.push(settleTrade(event, state, changed));
      else if (event.kind === 'split') refuseSplit(event, state.sheet);
      else {
        const hold = state.holds.get(event.orderId);
        if (hold === undefined) {
          if (event.kind === 'ended') endedUnknown.push(event.orderId);
        } else if (hold.state === 'open') {
          changed.add(hold);
          if (event.kind === 'ended') endHold(hold, state.sheet);
          else if (event.kind === 'replaced') reshapeHold(hold, event, state.sheet);
          else refuseAmendment(hold, event, state.sheet);
          if (isLeg(hold)) for (const leg of balanceLegs(hold, state)) changed.add(leg);
        }
      }
    } catch (error) {
      if (error instanceof BalanceError) throw new SettlementFault(event.sequence, error.message);
      throw error;
    }
  }
  return { entries, changedHolds: [...changed], endedUnknown };
}

/**
 * This release splits no holdings, and the exchange refuses every split. A split of shares that someone owns, should one come, is named here,
 * and not by the first order that does not fit its hold any more.
 */
function refuseSplit(event: Extract<ExchangeEvent, { kind: 'split' }>, sheet: BalanceSheet): void {
  const { symbol, numerator, denominator } = event;
  const issued = -sheet.read({ accountId: issuerAccount, asset: symbol }).available;
  if (issued === 0n) return;
  const owned = `${formatAmount(symbol, issued)} shares of it are owned`;
  fault(
    event,
    `${symbol} was split ${numerator}:${denominator} and ${owned}: holdings cannot be split in this release`,
  );
}

type Traded = Extract<ExchangeEvent, { kind: 'traded' }>;
type FilledSide = { hold: Hold; effect: FillEffect };

function settleTrade(event: Traded, state: SettlementState, changed: Set<Hold>): Entry {
  if (event.maker.side === event.taker.side) fault(event, `${event.tradeId} has two sides of one kind`);
  const maker = fillSide(event, event.maker, 'maker', state);
  const taker = fillSide(event, event.taker, 'taker', state);
  changed.add(maker.hold).add(taker.hold);
  const [buyer, seller] = event.maker.side === 'buy' ? [maker, taker] : [taker, maker];
  if (buyer.effect.valueMicros !== seller.effect.valueMicros || buyer.effect.micros !== seller.effect.micros) {
    fault(event, `the orders of ${event.tradeId} disagree on tick or lot`);
  }
  const entry = bookTrade(event, buyer, seller, state.sheet);
  for (const side of [maker, taker]) {
    if (isLeg(side.hold)) for (const leg of followSide(side.hold, side.effect, event, state)) changed.add(leg);
  }
  return entry;
}

/** Follows a trade of one leg through its list; returns all legs. */
function followSide(hold: LegHold, effect: FillEffect, event: Traded, state: SettlementState): ListHolds {
  followTrade(legsOf(hold, state), { hold, effect }, event.lots, state.sheet);
  return balanceLegs(hold, state);
}

function balanceLegs(hold: LegHold, state: SettlementState): ListHolds {
  const legs = legsOf(hold, state);
  balanceList(legs, state.sheet);
  return legs;
}

function legsOf({ leg }: LegHold, { lists }: SettlementState): ListHolds {
  const legs = lists.get(leg.listId);
  if (legs === undefined) throw new Error(`the legs of list ${leg.listId} were not read`);
  return legs;
}

/** Applies the fill to one order: pays from its hold and frees what the order cannot cost any more. */
function fillSide(
  event: Traded,
  order: TradedOrder,
  role: Fill['role'],
  { sheet, holds }: SettlementState,
): FilledSide {
  const hold = holds.get(order.orderId);
  if (hold?.state !== 'open') fault(event, `order ${order.orderId} has no open hold`);
  const { terms } = hold;
  if (terms.accountId !== order.accountId || terms.symbol !== event.symbol || terms.side !== order.side) {
    fault(event, `order ${order.orderId} was held for another account, symbol or side`);
  }
  const fill: Fill = { lots: event.lots, priceTicks: event.priceTicks, role };
  if (!withinTerms(terms, hold.progress, fill))
    fault(event, `${event.tradeId} is outside of what ${order.orderId} may do`);
  const effect = applyFill(terms, hold.progress, fill);
  const key = { accountId: terms.accountId, asset: heldAsset(terms) };
  const leaves = terms.side === 'buy' ? effect.valueMicros + effect.feeMicros : effect.micros;
  sheet.debitHeld(key, leaves);
  hold.progress = effect.progress;
  hold.amount -= leaves;
  shrinkTo(hold, order.remainingLots, event, sheet);
  if (order.remainingLots === 0n) closeHold(hold);
  return { hold, effect };
}

/**
 * Reduces lots and amount of a hold to what is left by the exchange's count, which is never more than by the ledger's. What an exit of a list
 * holds depends on the other legs: see `balanceList`.
 */
function shrinkTo(hold: Hold, remainingLots: bigint, event: ExchangeEvent, sheet: BalanceSheet): void {
  const { terms, progress } = hold;
  const lots = progress.filledLots + remainingLots;
  if (remainingLots < 0n || lots > terms.lots) fault(event, `order ${hold.orderId} has more left than it ordered`);
  if (lots < terms.lots) {
    hold.terms = { ...terms, lots };
    hold.revision += 1;
  }
  if (isExitHold(hold)) return;
  const needed = neededAmount(hold.terms, progress, hold.amendment);
  if (needed > hold.amount) fault(event, `order ${hold.orderId} needs more than it holds`);
  sheet.release({ accountId: terms.accountId, asset: heldAsset(terms) }, hold.amount - needed);
  hold.amount = needed;
}

function reshapeHold(hold: Hold, event: Extract<ExchangeEvent, { kind: 'replaced' }>, sheet: BalanceSheet): void {
  if (event.lots - hold.progress.filledLots !== event.remainingLots) {
    fault(event, `order ${hold.orderId} was replaced with another filled quantity than the ledger knows`);
  }
  if (isExitHold(hold)) takeComingLots(hold, event.lots - hold.terms.lots);
  hold.terms = { ...hold.terms, priceTicks: event.priceTicks, lots: event.lots };
  hold.revision += 1;
  if (event.commandId === hold.amendment?.commandId) endAmendment(hold);
  shrinkTo(hold, event.remainingLots, event, sheet);
  // An exit that waits for its entry has no lots and is open all the same.
  if (event.remainingLots === 0n && !isExitHold(hold)) closeHold(hold);
}

/** The exchange has refused the change: what was held for it becomes available. It never accepts it afterwards. */
function refuseAmendment(
  hold: Hold,
  event: Extract<ExchangeEvent, { kind: 'command-rejected' }>,
  sheet: BalanceSheet,
): void {
  if (event.commandId !== hold.amendment?.commandId) return;
  endAmendment(hold);
  shrinkTo(hold, hold.terms.lots - hold.progress.filledLots, event, sheet);
}

function closeHold(hold: Hold): void {
  hold.state = 'settled';
  endAmendment(hold);
}

function endHold(hold: Hold, sheet: BalanceSheet): void {
  closeHold(hold);
  // What an exit held may be held for the other one: see `balanceList`.
  if (isExitHold(hold)) return;
  sheet.release({ accountId: hold.terms.accountId, asset: heldAsset(hold.terms) }, hold.amount);
  hold.amount = 0n;
}

function bookTrade(event: Traded, buyer: FilledSide, seller: FilledSide, sheet: BalanceSheet): Entry {
  const { symbol } = event;
  const { valueMicros, micros } = buyer.effect;
  const [buys, sells] = [settledSide(buyer), settledSide(seller)];
  sheet.credit({ accountId: buys.accountId, asset: symbol }, micros);
  sheet.credit({ accountId: sells.accountId, asset: cashAsset }, valueMicros - sells.feeMicros);
  sheet.credit({ accountId: feeAccount, asset: cashAsset }, buys.feeMicros + sells.feeMicros);
  const postings: Posting[] = [
    leg(buys, cashAsset, -valueMicros, 'trade'),
    leg(buys, symbol, micros, 'trade'),
    leg(buys, cashAsset, -buys.feeMicros, 'fee'),
    leg(sells, symbol, -micros, 'trade'),
    leg(sells, cashAsset, valueMicros, 'trade'),
    leg(sells, cashAsset, -sells.feeMicros, 'fee'),
    { accountId: feeAccount, asset: cashAsset, amount: buys.feeMicros + sells.feeMicros, kind: 'fee' },
  ];
  const takerSide = event.taker.side;
  return balancedEntry(
    { kind: 'trade', tradeId: event.tradeId, symbol, micros, valueMicros, buyer: buys, seller: sells, takerSide },
    postings,
  );
}

function settledSide({ hold, effect }: FilledSide): SettledSide {
  return { accountId: hold.terms.accountId, orderId: hold.orderId, feeMicros: effect.feeMicros };
}

function leg(side: SettledSide, asset: string, amount: bigint, kind: Posting['kind']): Posting {
  return { accountId: side.accountId, asset, amount, kind, orderId: side.orderId };
}

function fault(event: ExchangeEvent, message: string): never {
  throw new SettlementFault(event.sequence, message);
}
