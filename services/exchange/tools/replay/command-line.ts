import { CsvRow } from './csv-row.ts';

/** The columns of a command file; a file names those that it has in its first line, in any order. */
export const commandColumns = [
  ...(['command', 'order_id', 'account', 'side', 'type', 'time_in_force', 'price', 'quantity', 'symbol'] as const),
  ...(['post_only', 'slide', 'self_trade_group', 'self_trade', 'expected_revision', 'time_ms', 'stop_price'] as const),
  ...(['trail', 'trail_bps', 'display', 'minimum', 'expire_ms', 'session', 'list_id', 'list_type'] as const),
  ...(['state', 'numerator', 'denominator', 'ttl_ms', 'band_bps', 'reference_price'] as const),
  ...(['breaker_bps', 'breaker_halt_ms', 'breaker_auction_ms'] as const),
];

/** One column of a command file. */
export type CommandColumn = (typeof commandColumns)[number];

/** A column holds what no command can be made of; `line` stands for the line as a whole. */
export class FieldError extends Error {
  readonly column: string;

  constructor(column: string) {
    super(`${column} is malformed`);
    this.column = column;
  }
}

/** The lines of a command file, one at a time, by column. A column that the file does not have is empty. */
export class CommandLine {
  readonly #row = new CsvRow();
  readonly #fields: Record<CommandColumn, number>;
  readonly #columnCount: number;

  /** `columns` are those of the first line. Throws when one is not known or comes twice. */
  constructor(columns: readonly string[]) {
    const known: readonly string[] = commandColumns;
    const unknown = columns.filter((column) => !known.includes(column));
    if (unknown.length > 0) throw new Error(`the first line names columns that are not known: ${unknown.join(', ')}`);
    if (new Set(columns).size < columns.length) throw new Error('the first line names a column twice');
    const fields = commandColumns.map((column) => [column, columns.indexOf(column)]);
    this.#fields = Object.fromEntries(fields) as Record<CommandColumn, number>;
    this.#columnCount = columns.length;
  }

  /** Takes a line; false when it is none: its quotes do not close, or it has more fields than there are columns. */
  read(bytes: Buffer, start: number, end: number): boolean {
    return this.#row.read(bytes, start, end) && this.#row.count <= this.#columnCount;
  }

  /** Whether a column holds nothing. */
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

  /** A column as a whole number; `empty` where it holds nothing, -1 for what is no whole number. */
  number(column: CommandColumn, empty = -1): number {
    const field = this.#fields[column];
    return this.#row.length(field) === 0 ? empty : this.#row.number(field);
  }

  /** One of some words, or `empty` where the column holds nothing. Throws FieldError for any other word. */
  word<T>(column: CommandColumn, words: ReadonlyMap<string, T>, empty?: T): T {
    const text = this.text(column);
    const value = text === '' ? empty : words.get(text);
    if (value === undefined) throw new FieldError(column);
    return value;
  }

  /** `1` or `true`; `0`, `false` or nothing. Throws FieldError for any other word. */
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

/** The names of the first line of a file. */
export function readColumns(bytes: Buffer, start: number, end: number): string[] {
  const row = new CsvRow();
  if (!row.read(bytes, start, end)) throw new Error('the first line does not name columns');
  return Array.from({ length: row.count }, (_, field) => row.text(field));
}
