import { CsvRow } from './csv-row.ts';

/** The columns of a command file. Its first line names the columns that it has, in any order. */
export const commandColumns = [
  ...(['command', 'order_id', 'account', 'side', 'type', 'time_in_force', 'price', 'quantity', 'symbol'] as const),
  ...(['post_only', 'slide', 'self_trade_group', 'self_trade', 'expected_revision', 'time_ms', 'stop_price'] as const),
  ...(['trail', 'trail_bps', 'display', 'minimum', 'expire_ms', 'session', 'list_id', 'list_type'] as const),
  ...(['state', 'numerator', 'denominator', 'ttl_ms', 'band_bps', 'reference_price'] as const),
  ...(['breaker_bps', 'breaker_halt_ms', 'breaker_auction_ms', 'within_band', 'value'] as const),
];

/** One column of a command file. */
export type CommandColumn = (typeof commandColumns)[number];

/** A column is malformed; `line` stands for the whole line. */
export class FieldError extends Error {
  readonly column: string;

  constructor(column: string) {
    super(`${column} is malformed`);
    this.column = column;
  }
}

/** Reads the lines of a command file by column, one line at a time. Missing columns are empty. */
export class CommandLine {
  readonly #row = new CsvRow();
  readonly #fields: Record<CommandColumn, number>;
  readonly #columnCount: number;

  /** `columns` are those of the first line. Throws for an unknown or repeated column. */
  constructor(columns: readonly string[]) {
    const known: readonly string[] = commandColumns;
    const unknown = columns.filter((column) => !known.includes(column));
    if (unknown.length > 0) throw new Error(`the first line names columns that are not known: ${unknown.join(', ')}`);
    if (new Set(columns).size < columns.length) throw new Error('the first line names a column twice');
    const fields = commandColumns.map((column) => [column, columns.indexOf(column)]);
    this.#fields = Object.fromEntries(fields) as Record<CommandColumn, number>;
    this.#columnCount = columns.length;
  }

  /** Reads a line. Returns false if its quotes do not close, or if it has more fields than there are columns. */
  read(bytes: Buffer, start: number, end: number): boolean {
    return this.#row.read(bytes, start, end) && this.#row.count <= this.#columnCount;
  }

  /** Whether a column is empty. */
  isEmpty(column: CommandColumn): boolean {
    return this.#row.length(this.#fields[column]) === 0;
  }

  /** A column as text. */
  text(column: CommandColumn): string {
    return this.#row.text(this.#fields[column]);
  }

  /** Bytes of a column. */
  length(column: CommandColumn): number {
    return this.#row.length(this.#fields[column]);
  }

  /** Copies a column as `CsvRow.copyAscii` does. */
  copyAscii(column: CommandColumn, to: Uint8Array): boolean {
    return this.#row.copyAscii(this.#fields[column], to);
  }

  /** A column as a whole number; `empty` if it is empty, -1 if it is not a whole number. */
  number(column: CommandColumn, empty = -1): number {
    const field = this.#fields[column];
    return this.#row.length(field) === 0 ? empty : this.#row.number(field);
  }

  /** The value of a column's word, or `empty` if it is empty. Throws FieldError for an unknown word. */
  word<T>(column: CommandColumn, words: ReadonlyMap<string, T>, empty?: T): T {
    const text = this.text(column);
    const value = text === '' ? empty : words.get(text);
    if (value === undefined) throw new FieldError(column);
    return value;
  }

  /** True for `1` and `true`, false for `0`, `false` and an empty column. Throws FieldError for any other word. */
  flag(column: CommandColumn): boolean {
    return this.isEmpty(column) ? false : this.word(column, flags);
  }
}

const flags = new Map([
  ['1', true],
  ['true', true],
  ['0', false],
  ['false', false],
]);

/** The column names in the first line of a file. */
export function readColumns(bytes: Buffer, start: number, end: number): string[] {
  const row = new CsvRow();
  if (!row.read(bytes, start, end)) throw new Error('the first line does not name columns');
  return Array.from({ length: row.count }, (_, field) => row.text(field));
}
