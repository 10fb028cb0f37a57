import type { HoldItem } from '#gen/outcry/ledger/v1/internal_pb.ts';
import { ListType } from '#gen/outcry/trading/v1/trading_pb.ts';
import { isUuidV7 } from '#platform/ids/uuid-v7.ts';
import type { HoldRequest } from '../../domain/admit-hold.ts';
import type { LegRequest, ListRequest } from '../../domain/admit-list.ts';
import type { ListRole } from '../../domain/hold.ts';
import { isExit } from '../../domain/list-hold.ts';
import { type MalformedHold, readHoldItem } from './hold-item.ts';

/** What an item or a run of items asks for, and how many items it is. */
export type ReadHold =
  | { kind: 'hold'; items: 1; hold: HoldRequest }
  | { kind: 'list'; items: number; list: ListRequest }
  | { kind: 'malformed'; items: number; malformed: MalformedHold };

const roles: Partial<Record<ListType, readonly ListRole[]>> = {
  [ListType.OCO]: ['first-exit', 'second-exit'],
  [ListType.OTO]: ['entry', 'first-exit'],
  [ListType.BRACKET]: ['entry', 'first-exit', 'second-exit'],
};

/** Reads items: the legs of a list, which stand together, as one. */
export function readHolds(items: readonly HoldItem[]): ReadHold[] {
  const read: ReadHold[] = [];
  for (let at = 0; at < items.length; at += read.at(-1)?.items ?? 1) {
    const item = items[at] as HoldItem;
    if (item.listId !== '') read.push(readList(legsAt(items, at)));
    else read.push(readOne(item));
  }
  return read;
}

function readOne(item: HoldItem): ReadHold {
  if (item.listType !== ListType.UNSPECIFIED || item.listIndex !== 0) return malformed('list_id', 1);
  const hold = readHoldItem(item);
  return 'malformed' in hold ? { kind: 'malformed', items: 1, malformed: hold } : { kind: 'hold', items: 1, hold };
}

function legsAt(items: readonly HoldItem[], at: number): HoldItem[] {
  const rest = items.slice(at);
  const end = rest.findIndex(({ listId }) => listId !== items[at]?.listId);
  return end === -1 ? rest : rest.slice(0, end);
}

/** Reads the legs of one list, in their order. */
export function readList(items: readonly HoldItem[]): ReadHold {
  const count = Math.max(1, items.length);
  const [first] = items;
  const expected = first && roles[first.listType];
  if (!first || !isUuidV7(first.listId)) return malformed('list_id', count);
  if (expected === undefined || items.some(({ listType }) => listType !== first.listType)) {
    return malformed('list_type', count);
  }
  if (items.length !== expected.length || items.some(({ listIndex }, index) => listIndex !== index)) {
    return malformed('list_index', count);
  }
  const legs: LegRequest[] = [];
  for (const [index, item] of items.entries()) {
    const hold = readHoldItem(item);
    if ('malformed' in hold) return { kind: 'malformed', items: count, malformed: hold };
    if (hold.terms.amountMicros !== undefined) return malformed('amount_micros', count);
    legs.push({ ...hold, role: expected[index] as ListRole });
  }
  const field = findMismatch(legs);
  if (field) return malformed(field, count);
  return {
    kind: 'list',
    items: count,
    list: { listId: first.listId, legs: legs.map((leg) => withoutLimit(leg, legs)) },
  };
}

/** An exit buys back what its entry has sold: with it the account has no more than it had. */
function withoutLimit(leg: LegRequest, legs: readonly LegRequest[]): LegRequest {
  const buysBack = isExit(leg.role) && legs.some(({ role }) => !isExit(role));
  return buysBack ? { ...leg, positionMaxMicros: undefined } : leg;
}

const shared = [
  ['accountId', 'account_id'],
  ['symbol', 'symbol'],
  ['lots', 'quantity_lots'],
  ['tickLotMicros', 'tick_lot_micros'],
  ['lotMicros', 'lot_micros'],
  ['makerBps', 'maker_bps'],
  ['takerBps', 'taker_bps'],
] as const;

function findMismatch(legs: readonly LegRequest[]): string | undefined {
  const [first] = legs as [LegRequest, ...LegRequest[]];
  if (new Set(legs.map(({ orderId }) => orderId)).size < legs.length) return 'order_id';
  const differing = shared.find(([name]) => legs.some(({ terms }) => terms[name] !== first.terms[name]));
  if (differing) return differing[1];
  const sides = (exits: boolean) =>
    new Set(legs.filter(({ role }) => isExit(role) === exits).map(({ terms }) => terms.side));
  const [entrySide] = sides(false);
  const exitSides = sides(true);
  return exitSides.size > 1 || (entrySide !== undefined && exitSides.has(entrySide)) ? 'side' : undefined;
}

function malformed(field: string, items: number): ReadHold {
  const description = 'does not fit the legs of a list';
  return { kind: 'malformed', items, malformed: { malformed: { field, description } } };
}
