/** The fields that go with each type of the ticket. */
import { timeOf } from './draft-times.ts';
import { type DraftType, isList } from './draft-types.ts';
import type { Draft } from './draft-values.ts';

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

/** Fields that are still empty. */
export function missingFields(draft: Draft): (keyof Draft)[] {
  const empty = fieldsFor(draft).filter((name) => draft[name].trim() === '');
  return timeOf(draft) === 'GTD' && draft.expireTime === '' ? [...empty, 'expireTime'] : empty;
}
