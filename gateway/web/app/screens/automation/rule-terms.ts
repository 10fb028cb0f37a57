/** The terms that a draft asks for. */
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { PriceDirection, type RuleTerms, RuleTermsSchema, SliceAlgorithm } from '#gen/outcry/auto/v1/auto_pb.ts';
import { OrderType, Side } from '#gen/outcry/trading/v1/trading_pb.ts';
import { microsText, parseMicros } from '../../figures/decimal.ts';
import { mayUseAmount, type RuleDraft } from './rule-draft.ts';
import { cronOf } from './schedule-words.ts';

type Init = Exclude<MessageInitShape<typeof RuleTermsSchema>, RuleTerms>;

/** The terms of a draft without problems. `zoneName` is the IANA name of the zone of its times. */
export function termsOf(draft: RuleDraft, zoneName: string): RuleTerms {
  return create(RuleTermsSchema, { name: nameOf(draft), trigger: triggerOf(draft, zoneName), action: actionOf(draft) });
}

function nameOf({ kind, symbol, side, action }: RuleDraft): string {
  if (kind === 'price' && action === 'alert') return `Alert ${symbol}`;
  const verb = side === 'buy' ? 'Buy' : 'Sell';
  return `${verb} ${symbol} ${kind === 'recurring' ? 'regularly' : kind === 'price' ? 'at a price' : 'in slices'}`;
}

function triggerOf(draft: RuleDraft, timeZone: string): Init['trigger'] {
  if (draft.kind === 'recurring')
    return { case: 'schedule' as const, value: { cron: cronOf(draft.days, draft.time) ?? '', timeZone } };
  if (draft.kind === 'slice') return { case: 'once' as const, value: {} };
  const direction = draft.direction === 'above' ? PriceDirection.AT_OR_ABOVE : PriceDirection.AT_OR_BELOW;
  return { case: 'condition' as const, value: { symbol: draft.symbol, direction, price: plain(draft.price) } };
}

function actionOf(draft: RuleDraft): Init['action'] {
  if (draft.kind === 'price' && draft.action === 'alert')
    return { case: 'alert' as const, value: { note: draft.note.trim() } };
  const order = orderOf(draft);
  if (draft.kind !== 'slice') return { case: 'order' as const, value: order };
  const algorithm = draft.algorithm === 'even' ? SliceAlgorithm.TWAP : SliceAlgorithm.VWAP;
  const duration = { seconds: BigInt(Number(draft.minutes) * 60), nanos: 0 };
  const bounds = {
    orderCount: draft.orderCount === '' ? 0 : Number(draft.orderCount),
    maxPercent: draft.maxPercent === '' ? '' : plain(draft.maxPercent),
  };
  return { case: 'slice' as const, value: { order, algorithm, duration, ...bounds } };
}

function orderOf(draft: RuleDraft) {
  const isAmount = draft.sizeBy === 'amount' && mayUseAmount(draft);
  return {
    symbol: draft.symbol,
    side: draft.side === 'buy' ? Side.BUY : Side.SELL,
    type: draft.type === 'market' ? OrderType.MARKET : OrderType.LIMIT,
    size: { case: isAmount ? ('amount' as const) : ('quantity' as const), value: plain(draft.size) },
    limitPrice: draft.type === 'limit' ? plain(draft.limitPrice) : '',
  };
}

function plain(text: string): string {
  return microsText(parseMicros(text) ?? 0n);
}
