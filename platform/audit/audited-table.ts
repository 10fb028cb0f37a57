/** How a service describes a table to the audit. The texts are SQL and constants of the program. */
export type AuditedTable = {
  /** What FROM names. */
  from: string;
  /** Expression of the row's key, unique in the table. */
  key: string;
  /** What of the key counts for the row's hash, as plain columns that are not among `columns`. */
  keyColumns: readonly string[];
  /** Columns that the audit compares; one that is no plain column as `expression AS name`. */
  columns: readonly string[];
  /** Columns that never change once the row is final, beside the plain ones of `columns`: they count for its hash. */
  hashed?: readonly string[];
  /** What counts for the hash in place of a column of `columns` or `hashed`, by its name there: an expression. */
  hashedAs?: Readonly<Record<string, string>>;
  /** Columns of `columns` that may change in a final row. */
  changing?: readonly string[];
  /** Whether a row is final; absent: all are. */
  final?: string;
  /** Expression of the block of rows that a row belongs to; absent: the table has no final rows. */
  block?: string;
  /** Rows of the block $1 (text), by an index. */
  inBlock?: string;
  /** Expression of the first block of which no row was deleted by retention; absent: none is ever. */
  oldestBlock?: string;
  /** Rows that may still change, by an index. */
  live?: string;
  /** Rows that belong to $1 (text[]), by an index. */
  ids?: string;
  /** Rows after $1 (bigint) and up to $2, by an index. */
  range?: string;
  /** Order of the rows of a range. */
  order?: string;
};

/** The tables of a service, by name. */
export type AuditedTables = Readonly<Record<string, AuditedTable>>;

/**
 * Block and predicate of a table whose key is a UUID of version 7: the rows of about 65 s are a block. Ids name times, so a block is read by
 * the index of the ids.
 */
export function blocksOfUuid(column: string): Pick<AuditedTable, 'block' | 'inBlock'> {
  return {
    block: `substring(${column}::text FOR 8)`,
    inBlock: `${column} >= ($1::text || '-0000-0000-0000-000000000000')::uuid
      AND ${column} <= ($1::text || '-ffff-ffff-ffff-ffffffffffff')::uuid`,
  };
}

/** Block and predicate of a table with a sequence, and its range: 1,000 sequences are a block. */
export function blocksOfSequence(column: string): Pick<AuditedTable, 'block' | 'inBlock' | 'range' | 'order'> {
  return {
    block: `${column} / 1000`,
    inBlock: `${column} >= $1::text::bigint * 1000 AND ${column} < $1::text::bigint * 1000 + 1000`,
    range: `${column} > $1::bigint AND ${column} <= $2::bigint`,
    order: column,
  };
}

/** Block of a table with a time: a minute, counted from 1970. */
export function blocksOfMinute(column: string): Pick<AuditedTable, 'block' | 'inBlock'> {
  return {
    block: `floor(extract(epoch FROM ${column}) / 60)::bigint`,
    inBlock: `${column} >= to_timestamp($1::text::bigint * 60) AND ${column} < to_timestamp($1::text::bigint * 60 + 60)`,
  };
}

/** Range of a table with a time: after one and up to another, in Unix milliseconds. */
export function timesBetween(column: string): Pick<AuditedTable, 'range' | 'order'> {
  const at = (parameter: string) => `to_timestamp(${parameter}::bigint / 1000.0)`;
  return { range: `${column} > ${at('$1')} AND ${column} <= ${at('$2')}`, order: column };
}

/** Range of a table whose key is a UUID of version 7: those whose times are after one and up to another, in Unix milliseconds. */
export function uuidsBetween(column: string): Pick<AuditedTable, 'range' | 'order'> {
  const digits = (parameter: string) => `lpad(to_hex(${parameter}::bigint + 1), 12, '0')`;
  // PostgreSQL reads 32 hexadecimal digits as a UUID.
  const at = (parameter: string) => `rpad(${digits(parameter)}, 32, '0')::uuid`;
  return { range: `${column} >= ${at('$1')} AND ${column} < ${at('$2')}`, order: column };
}

/** `oldestBlock` of a table in minutes of which rows are deleted when they are older than an interval of SQL. */
export function minuteBefore(interval: string): string {
  return `floor(extract(epoch FROM now() - interval '${interval}') / 60)::bigint + 2`;
}

/** `oldestBlock` of a table in UUIDs of version 7, likewise. */
export function uuidBlockBefore(interval: string): string {
  return `lpad(to_hex((floor(extract(epoch FROM now() - interval '${interval}') * 1000)::bigint >> 16) + 2), 8, '0')`;
}

/**
 * `hashedAs` of columns of cash in micros: whole cents are hashed as cents, so that rows of the releases which counted cash in cents have the
 * hashes that they were sealed with. Any other amount is moved to where no number of cents can be (bit 62), so that no two have one hash.
 */
export function hashedInCents(columns: readonly string[], condition = 'true'): Record<string, string> {
  return Object.fromEntries(
    columns.map((column) => [
      column,
      `CASE WHEN NOT ${condition} THEN ${column} WHEN ${column} % 10000 = 0 THEN ${column} / 10000
        ELSE ${column} # 4611686018427387904 END`,
    ]),
  );
}
