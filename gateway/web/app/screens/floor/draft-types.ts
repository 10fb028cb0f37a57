/** The kinds of order that the ticket offers. */

/** Kinds of order that the ticket offers. */
export const draftTypes = ['market', 'limit', 'stop', 'stop limit', 'trailing', 'iceberg', 'OCO', 'bracket'] as const;

/** A kind of order. */
export type DraftType = (typeof draftTypes)[number];

/** Whether it is several orders of which one ends the others. */
export function isList(type: DraftType): type is 'OCO' | 'bracket' {
  return type === 'OCO' || type === 'bracket';
}
