/** One thing that is done to one row, which the audit must name. */

/** One change of one row. */
export type Corruption = {
  /** Database, without its prefix. */
  database: 'ledger' | 'order' | 'portfolio' | 'user' | 'notification' | 'exchange' | 'auto' | 'bus';
  table: string;
  /** Which row: the first of these. */
  where: string;
  /** What is changed: assignments; `remove`; the columns of a row that is added as a copy; or those of one that is added. */
  change: { set: string } | { remove: true } | { copyWith: Record<string, string> } | { add: Record<string, string> };
  /** Expression of what the finding must name. */
  key: string;
  /** The table that the finding names, where it is not the row's own. */
  namedAs?: string;
  /** Whether the audit can only know it once it has proved the row: nothing else says what it was. */
  provedOnly?: boolean;
};

/** An id that no row has. */
export const newId = `'01890000-0000-7000-8000-0000000000aa'`;

/** Nothing else says what the row was. */
export const proved = { provedOnly: true };

/** A row that is changed. */
export function change(
  place: string,
  where: string,
  set: string,
  key: string,
  options: { provedOnly?: boolean; namedAs?: string } = {},
): Corruption {
  const [database, table] = place.split(' ') as [Corruption['database'], string];
  return { database, table, where, change: { set }, key, ...options };
}

/** A row that is deleted. */
export function remove(
  place: string,
  where: string,
  key: string,
  options: { provedOnly?: boolean; namedAs?: string } = {},
): Corruption {
  const [database, table] = place.split(' ') as [Corruption['database'], string];
  return { database, table, where, change: { remove: true }, key, ...options };
}
