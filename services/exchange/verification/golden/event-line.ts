import { CancelReason, ListType, Reason, Side, StateCause, TradingState } from '../../engine/model/codes.ts';
import type { Command } from '../../engine/model/commands.ts';
import type { EngineEvent } from '../../engine/model/events.ts';
import { type CaseNames, defaultSymbol } from './case-names.ts';

type EventOf<K extends EngineEvent['kind']> = EngineEvent & { kind: K };

const nameIn = (codes: Record<string, number>, code: number): string =>
  Object.keys(codes).find((name) => codes[name] === code) ?? `${code}`;

/**
 * An event as a line. Of a book other than ACME the line begins with its symbol.
 *
 *     accepted b1 | accepted x1 in L1 OCO 0         the list, its type and the order's index in it
 *     rejected b1 FILL_OR_KILL_UNFILLED             PRICE_OUT_OF_BAND with the band: 95..105
 *     trade 101 x 4 s1/b1 open 6/0                  price x lots maker/taker, open lots of each afterwards; `auction` for `trade`
 *     cancelled b1 REQUESTED open 6
 *     replaced b1 10@101 open 6 rev 2 kept          by the owner; `changed` if by the engine
 *     triggered x1 stop 95 last 94
 *     refreshed i1 shows 3
 *     uncrossed 101 x 30
 *     state HALTED | state HALTED by BREAKER
 *     split 2:1
 *     command rejected b1 ORDER_NOT_FOUND
 *     bid 100 = 10 x 2 | ask 101 gone               lots x orders of a level
 *
 * Accounts, sides, command ids and the terms of an accepted order are checked in every event, and written only if they are wrong.
 */
export function formatEvent(event: EngineEvent, command: Command, names: CaseNames): string {
  const line = `${describe(event, names)}${oddities(event, command, names)}`;
  return event.symbol === defaultSymbol ? line : `${event.symbol} ${line}`;
}

function describe(event: EngineEvent, names: CaseNames): string {
  switch (event.kind) {
    case 'listed':
      return `listed ${event.listing.symbol}`;
    case 'stateChanged':
      return `state ${nameIn(TradingState, event.state)}${event.cause ? ` by ${nameIn(StateCause, event.cause)}` : ''}`;
    case 'accepted':
      return `accepted ${names.nameOf(event.order.orderId)}${describeList(event, names)}`;
    case 'rejected':
      return `rejected ${names.nameOf(event.orderId)} ${nameIn(Reason, event.reason)}${describeBand(event)}`;
    case 'traded':
      return describeTrade(event, names);
    case 'cancelled':
      return `cancelled ${names.nameOf(event.orderId)} ${nameIn(CancelReason, event.reason)} open ${event.remainingLots}`;
    case 'replaced':
      return describeReplaced(event, names);
    case 'triggered':
      return `triggered ${names.nameOf(event.orderId)} stop ${event.stopPriceTicks} last ${event.lastPriceTicks}`;
    case 'refreshed':
      return `refreshed ${names.nameOf(event.orderId)} shows ${event.shownLots}`;
    case 'uncrossed':
      return `uncrossed ${event.priceTicks} x ${event.quantityLots}`;
    case 'split':
      return `split ${event.numerator}:${event.denominator}`;
    case 'levelChanged':
      return describeLevel(event);
    case 'commandRejected':
      return `command rejected ${names.nameOf(event.orderId)} ${nameIn(Reason, event.reason)}`;
    default:
      return event satisfies never;
  }
}

function describeList({ list }: EventOf<'accepted'>, names: CaseNames): string {
  return list ? ` in ${names.nameOf(list.listId)} ${nameIn(ListType, list.type)} ${list.place}` : '';
}

function describeBand({ reason, detailA, detailB }: EventOf<'rejected'>): string {
  return reason === Reason.PRICE_OUT_OF_BAND ? ` ${detailA}..${detailB}` : '';
}

function describeTrade(event: EventOf<'traded'>, names: CaseNames): string {
  const { maker, taker, priceTicks, quantityLots } = event;
  const who = `${names.nameOf(maker.orderId)}/${names.nameOf(taker.orderId)}`;
  const open = `${maker.remainingLots}/${taker.remainingLots}`;
  return `${event.auction ? 'auction' : 'trade'} ${priceTicks} x ${quantityLots} ${who} open ${open}`;
}

function describeReplaced(event: EventOf<'replaced'>, names: CaseNames): string {
  const { orderId, priceTicks, quantityLots, remainingLots, revision, commandId, priorityKept } = event;
  const verb = commandId === '' ? 'changed' : 'replaced';
  const terms = `${quantityLots}@${priceTicks} open ${remainingLots} rev ${revision}`;
  return `${verb} ${names.nameOf(orderId)} ${terms}${priorityKept ? ' kept' : ''}`;
}

function describeLevel({ side, priceTicks, quantityLots, orderCount }: EventOf<'levelChanged'>): string {
  const level = `${side === Side.BUY ? 'bid' : 'ask'} ${priceTicks}`;
  return quantityLots === 0 && orderCount === 0 ? `${level} gone` : `${level} = ${quantityLots} x ${orderCount}`;
}

function oddities(event: EngineEvent, command: Command, names: CaseNames): string {
  const odd: string[] = [];
  if (event.kind === 'accepted' && !names.hasTermsOf(event.order)) odd.push(`terms ${JSON.stringify(event.order)}`);
  if (event.kind === 'cancelled' || event.kind === 'replaced') {
    const asked = event.kind === 'replaced' ? event.commandId !== '' : isAskedFor(event.reason);
    const expected = asked && 'commandId' in command ? command.commandId : '';
    if (event.commandId !== expected) odd.push(`command "${event.commandId}"`);
  }
  const sides = event.kind === 'traded' ? [event.maker, event.taker] : [];
  for (const { orderId, side } of sides) {
    if (side !== names.sideOf(orderId)) odd.push(`${names.nameOf(orderId)} on side ${side}`);
  }
  for (const { orderId, accountId } of [...sides, ...('accountId' in event ? [event] : [])]) {
    const account = names.accountOf(orderId);
    if (account && account !== accountId) odd.push(`of ${accountId}`);
  }
  return odd.length > 0 ? ` (${odd.join(', ')})` : '';
}

function isAskedFor(reason: CancelReason): boolean {
  return reason === CancelReason.REQUESTED || reason === CancelReason.OPERATOR;
}
