/** What the ticket can be filled in with: types of order, the fields of each, and the terms that follow. */
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { OrderTermsSchema } from '#gen/outcry/order/v1/order_pb.ts';
import { OrderType, Side, TimeInForce } from '#gen/outcry/trading/v1/trading_pb.ts';
import { microsText, parseMicros } from '../../figures/decimal.ts';

/** Kinds of order that the ticket offers. */
export const draftTypes = ['market', 'limit', 'stop', 'stop limit', 'trailing', 'iceberg', 'OCO', 'bracket'] as const;

/** A kind of order. */
export type DraftType = (typeof draftTypes)[number];

/** Times in force by the word that the ticket has for them. */
export const draftTimes = {
  GTC: { text: 'Until cancelled', value: TimeInForce.GTC },
  DAY: { text: 'Today', value: TimeInForce.DAY },
  GTD: { text: 'Until a time', value: TimeInForce.GTD },
  IOC: { text: 'At once or cancel', value: TimeInForce.IOC },
  FOK: { text: 'All at once or not', value: TimeInForce.FOK },
  AT_OPEN: { text: 'At the open', value: TimeInForce.AT_OPEN },
  AT_CLOSE: { text: 'At the close', value: TimeInForce.AT_CLOSE },
} as const;

/** A time in force. */
export type DraftTime = keyof typeof draftTimes;

/** Fields of the ticket, as they were typed. */
export type Draft = {
  side: 'buy' | 'sell';
  type: DraftType;
  timeInForce: DraftTime;
  /** Shares, or cash where `sizedBy` says so. */
  quantity: string;
  sizedBy: 'shares' | 'cash';
  limitPrice: string;
  stopPrice: string;
  /** By what the loss of a list is limited. */
  exitBy: 'stop' | 'trail';
  /** Whether the exits of a bracket are prices, or money that is gained and lost. */
  exitsIn: 'price' | 'money';
  /** Price beyond which a stop never trades; empty: as the server sets it. */
  worstPrice: string;
  /** Distance of a trailing stop: in price, or in percent. */
  trail: string;
  trailBy: 'price' | 'percent';
  displayQuantity: string;
  targetPrice: string;
  /** Date and time at which it ends, in the zone of the page; for `termsOf` with its zone, as ISO 8601 has it. */
  expireTime: string;
  postOnly: boolean;
  minimumQuantity: string;
};

/** A ticket with nothing filled in. */
export const emptyDraft: Draft = {
  side: 'buy',
  type: 'limit',
  timeInForce: 'GTC',
  quantity: '',
  sizedBy: 'shares',
  limitPrice: '',
  stopPrice: '',
  exitBy: 'stop',
  exitsIn: 'price',
  worstPrice: '',
  trail: '',
  trailBy: 'percent',
  displayQuantity: '',
  targetPrice: '',
  expireTime: '',
  postOnly: false,
  minimumQuantity: '',
};

/** The draft with changes. Exits that were money are empty where they are prices then, and the other way: 100 of gain is no price of 100. */
export function changedDraft(draft: Draft, changes: Partial<Draft>): Draft {
  const changed = { ...draft, ...changes };
  const exitsIn = changed.type === 'bracket' && changed.exitBy === 'stop' ? changed.exitsIn : 'price';
  if (exitsIn === draft.exitsIn) return { ...changed, exitsIn };
  return { ...changed, exitsIn, targetPrice: '', stopPrice: '' };
}

const resting: readonly DraftTime[] = ['GTC', 'DAY', 'GTD'];
const auctions: readonly DraftTime[] = ['AT_OPEN', 'AT_CLOSE'];
const timesOf: Record<DraftType, readonly DraftTime[]> = {
  market: ['IOC', 'FOK'],
  limit: [...resting, 'IOC', 'FOK', ...auctions],
  stop: resting,
  'stop limit': [...resting, 'IOC', 'FOK'],
  trailing: resting,
  iceberg: [...resting, ...auctions],
  OCO: resting,
  bracket: resting,
};

/** Times in force that go with a type; the first is what it has by default. */
export function timesFor(type: DraftType): readonly DraftTime[] {
  return timesOf[type];
}

/** The time in force that a draft has: the chosen one where it goes with the type. */
export function timeOf({ type, timeInForce }: Pick<Draft, 'type' | 'timeInForce'>): DraftTime {
  const times = timesOf[type];
  return times.includes(timeInForce) ? timeInForce : (times[0] ?? 'GTC');
}

/** A field of the draft that is typed as a decimal. */
export type DecimalName =
  | 'quantity'
  | 'limitPrice'
  | 'stopPrice'
  | 'trail'
  | 'displayQuantity'
  | 'targetPrice'
  | 'minimumQuantity'
  | 'worstPrice';

const fieldsOf: Record<DraftType, readonly DecimalName[]> = {
  market: ['quantity'],
  limit: ['quantity', 'limitPrice'],
  stop: ['quantity', 'stopPrice'],
  'stop limit': ['quantity', 'stopPrice', 'limitPrice'],
  trailing: ['quantity', 'trail'],
  iceberg: ['quantity', 'limitPrice', 'displayQuantity'],
  OCO: ['quantity', 'targetPrice', 'stopPrice'],
  bracket: ['quantity', 'limitPrice', 'targetPrice', 'stopPrice'],
};

/** Decimal fields that a draft needs, in their sequence. */
export function fieldsFor({ type, exitBy }: Pick<Draft, 'type' | 'exitBy'>): readonly DecimalName[] {
  const fields = fieldsOf[type];
  return isList(type) && exitBy === 'trail' ? fields.map((name) => (name === 'stopPrice' ? 'trail' : name)) : fields;
}

/** Decimal fields that a type may have besides. */
export function optionalFieldsFor(type: DraftType): readonly DecimalName[] {
  if (type === 'limit') return ['minimumQuantity'];
  return type === 'stop' || type === 'trailing' ? ['worstPrice'] : [];
}

/** Whether it is several orders of which one ends the others. */
export function isList(type: DraftType): type is 'OCO' | 'bracket' {
  return type === 'OCO' || type === 'bracket';
}

/** Terms as the API takes them. */
export type Terms = MessageInitShape<typeof OrderTermsSchema>;

const orderTypes: Record<Exclude<DraftType, 'OCO' | 'bracket'>, OrderType> = {
  market: OrderType.MARKET,
  limit: OrderType.LIMIT,
  stop: OrderType.STOP,
  'stop limit': OrderType.STOP_LIMIT,
  trailing: OrderType.TRAILING_STOP,
  iceberg: OrderType.ICEBERG,
};

/** A decimal as the API takes it: with a point; what is no decimal as it was typed, for the server to refuse. */
export function plainDecimal(text: string): string {
  const micros = parseMicros(text);
  return micros === undefined ? text.trim() : microsText(micros);
}

/** Fields that are still empty. */
export function missingFields(draft: Draft): (keyof Draft)[] {
  const empty = fieldsFor(draft).filter((name) => draft[name].trim() === '');
  return timeOf(draft) === 'GTD' && draft.expireTime === '' ? [...empty, 'expireTime'] : empty;
}

/** The terms of each order of a draft: one, or those of a list with its entry first. */
export function termsOf(draft: Draft, symbol: string): Terms[] {
  if (draft.type === 'OCO') return exitsOf(draft, symbol, sideOf(draft.side));
  if (draft.type === 'bracket') {
    const opposite = draft.side === 'buy' ? Side.SELL : Side.BUY;
    const entry = {
      ...common(draft, symbol, sideOf(draft.side)),
      type: OrderType.LIMIT,
      limitPrice: plainDecimal(draft.limitPrice),
    };
    return [entry, ...exitsOf(draft, symbol, opposite)];
  }
  return [singleTerms(draft, symbol, orderTypes[draft.type])];
}

function singleTerms(draft: Draft, symbol: string, type: OrderType): Terms {
  const has = (name: DecimalName) => fieldsOf[draft.type].includes(name);
  const isByCash = draft.type === 'market' && draft.side === 'buy' && draft.sizedBy === 'cash';
  const mayAdd = draft.type === 'limit';
  return {
    ...common(draft, symbol, sideOf(draft.side)),
    type,
    ...(isByCash && { size: { case: 'amount', value: plainDecimal(draft.quantity) } as const }),
    ...(has('limitPrice') && { limitPrice: plainDecimal(draft.limitPrice) }),
    ...(optionalFieldsFor(draft.type).includes('worstPrice') &&
      draft.worstPrice.trim() !== '' && { limitPrice: plainDecimal(draft.worstPrice) }),
    ...(has('stopPrice') && { stopPrice: plainDecimal(draft.stopPrice) }),
    ...(has('trail') && trailOf(draft)),
    ...(has('displayQuantity') && { displayQuantity: plainDecimal(draft.displayQuantity) }),
    ...((mayAdd || draft.type === 'iceberg') && draft.postOnly && !isAtAuction(draft) && { postOnly: true }),
    ...(mayAdd &&
      !draft.postOnly &&
      draft.minimumQuantity !== '' && { minimumQuantity: plainDecimal(draft.minimumQuantity) }),
  };
}

// What takes part in an auction does not rest before.
function isAtAuction(draft: Draft): boolean {
  return auctions.includes(timeOf(draft));
}

function exitsOf(draft: Draft, symbol: string, side: Side): Terms[] {
  const base = common(draft, symbol, side);
  return [
    { ...base, type: OrderType.LIMIT, limitPrice: plainDecimal(draft.targetPrice) },
    draft.exitBy === 'trail'
      ? { ...base, type: OrderType.TRAILING_STOP, ...trailOf(draft) }
      : { ...base, type: OrderType.STOP, stopPrice: plainDecimal(draft.stopPrice) },
  ];
}

function trailOf({ trailBy, trail }: Draft) {
  const value = plainDecimal(trail);
  return { trail: { case: trailBy === 'percent' ? 'trailPercent' : 'trailAmount', value } as const };
}

function common(draft: Draft, symbol: string, side: Side) {
  const time = timeOf(draft);
  const expireMs = time === 'GTD' ? Date.parse(draft.expireTime) : Number.NaN;
  return {
    symbol,
    side,
    timeInForce: draftTimes[time].value,
    size: { case: 'quantity', value: plainDecimal(draft.quantity) } as const,
    ...(!Number.isNaN(expireMs) && { expireTime: { seconds: BigInt(Math.floor(expireMs / 1_000)), nanos: 0 } }),
  };
}

function sideOf(side: Draft['side']): Side {
  return side === 'buy' ? Side.BUY : Side.SELL;
}
