/** What the form of an automation holds, and what stands in the way of it. */
import { parseMicros } from '../../figures/decimal.ts';
import { cronOf, type DaysName } from './schedule-words.ts';

/** The texts and choices of the form. */
export type RuleDraft = {
  kind: 'recurring' | 'price' | 'slice';
  symbol: string;
  side: 'buy' | 'sell';
  /** Whether the size is shares or cash to spend. */
  sizeBy: 'quantity' | 'amount';
  size: string;
  type: 'market' | 'limit';
  limitPrice: string;
  days: DaysName;
  time: string;
  direction: 'above' | 'below';
  price: string;
  /** What a price does. */
  action: 'alert' | 'order';
  note: string;
  algorithm: 'even' | 'volume';
  minutes: string;
  orderCount: string;
  maxPercent: string;
};

/** An empty form. */
export const emptyDraft: RuleDraft = {
  kind: 'recurring',
  symbol: '',
  side: 'buy',
  sizeBy: 'quantity',
  size: '',
  type: 'market',
  limitPrice: '',
  days: 'monday',
  time: '09:45',
  direction: 'above',
  price: '',
  action: 'alert',
  note: '',
  algorithm: 'even',
  minutes: '60',
  orderCount: '',
  maxPercent: '',
};

/** A field with what is wrong with it. */
export type DraftProblems = Partial<Record<keyof RuleDraft, string>>;

/** Whether the draft places an order, at once or in slices. */
export function placesOrder({ kind, action }: Pick<RuleDraft, 'kind' | 'action'>): boolean {
  return kind !== 'price' || action === 'order';
}

/** Whether cash to spend can be the size: of recurring and conditional market buys. */
export function mayUseAmount({ kind, side, type }: Pick<RuleDraft, 'kind' | 'side' | 'type'>): boolean {
  return kind !== 'slice' && side === 'buy' && type === 'market';
}

/** What is missing or wrong, by field; none: it can be arranged. What the server alone knows is left to it. */
export function draftProblems(draft: RuleDraft): DraftProblems {
  const problems: DraftProblems = {};
  if (draft.symbol === '') problems.symbol = 'Choose a symbol.';
  if (placesOrder(draft)) {
    if (!isPositive(draft.size)) problems.size = 'How much: a number above 0.';
    if (draft.type === 'limit' && !isPositive(draft.limitPrice)) problems.limitPrice = 'A price above 0.';
  }
  if (draft.kind === 'recurring' && cronOf(draft.days, draft.time) === undefined)
    problems.time = 'A time such as 09:45.';
  if (draft.kind === 'price' && !isPositive(draft.price)) problems.price = 'A price above 0.';
  if (draft.kind === 'slice') {
    if (!isWithin(draft.minutes, 1, 1_440)) problems.minutes = 'Whole minutes, 1 to 1,440.';
    if (draft.orderCount !== '' && !isWithin(draft.orderCount, 2, 500)) problems.orderCount = '2 to 500, or empty.';
    if (draft.maxPercent !== '' && !isShare(draft.maxPercent)) problems.maxPercent = '0.01 to 50, or empty.';
  }
  return problems;
}

function isPositive(text: string): boolean {
  return (parseMicros(text) ?? 0n) > 0n;
}

function isWithin(text: string, min: number, max: number): boolean {
  return /^\d{1,5}$/.test(text.trim()) && Number(text) >= min && Number(text) <= max;
}

function isShare(text: string): boolean {
  const micros = parseMicros(text) ?? 0n;
  return micros >= 10_000n && micros <= 50_000_000n && micros % 10_000n === 0n;
}
