import type { OptionSpec } from '../command/command.ts';
import type { Input } from '../input/input.ts';
import { UsageError } from '../input/usage-error.ts';

/** A page of a list. */
export type Page<Row> = { rows: readonly Row[]; nextPageToken: string };

/** The option of lists that says how many rows. */
export const limitOption: OptionSpec = {
  name: 'limit',
  value: 'COUNT',
  help: 'rows at most, 1 to 100000 (default 50)',
};

const rowsMax = 100_000;
const rowsDefault = 50;
const pageSizeMax = 200;

/** Reads pages until there are as many rows as the command line asks for, or no more. */
export async function readPages<Row>(
  input: Input,
  read: (page: { pageSize: number; pageToken: string }) => Promise<Page<Row>>,
  pageSizeLimit = pageSizeMax,
): Promise<Row[]> {
  const limit = input.whole('limit', { min: 1, max: rowsMax }) ?? rowsDefault;
  const rows: Row[] = [];
  for (let pageToken = ''; ; ) {
    const pageSize = Math.min(pageSizeLimit, limit - rows.length);
    const page = await read({ pageSize, pageToken });
    rows.push(...page.rows);
    pageToken = page.nextPageToken;
    if (pageToken === '' || rows.length >= limit) return rows;
  }
}

/** One of several words as the number of an enum; undefined when the option was not given. Throws UsageError. */
export function readChoice<Value extends number>(
  input: Input,
  name: string,
  numbers: Readonly<Record<string, Value>>,
): Value | undefined {
  const text = input.text(name);
  if (text === undefined) return undefined;
  const number = numbers[text];
  if (number === undefined) throw new UsageError(`--${name} is one of ${Object.keys(numbers).join(', ')}`);
  return number;
}
