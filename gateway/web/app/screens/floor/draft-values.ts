/** What the ticket can be filled in with. */
import type { DraftTime } from './draft-times.ts';
import type { DraftType } from './draft-types.ts';

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
