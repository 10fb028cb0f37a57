/** Prints messages of the contracts: as tables for people, or for scripts as JSON, one object a line, and lists as CSV. */
import { type DescMessage, type MessageShape, toJson } from '@bufbuild/protobuf';
import { renderCsv } from './csv.ts';
import { printable, printableJson } from './printable.ts';
import { type Column, renderRecord, renderTable } from './table.ts';

/** Where it prints. */
export type PrintTarget = {
  isJson: boolean;
  /** Lists as comma-separated values; default false. */
  isCsv?: boolean;
  writeOut(text: string): void;
  writeError(text: string): void;
};

/** Prints results to the standard output, and notes to the standard error. */
export type Printer = {
  readonly isJson: boolean;
  /** A list; `empty` is what a person reads when there is nothing. */
  list<Schema extends DescMessage>(
    schema: Schema,
    rows: readonly MessageShape<Schema>[],
    options: { columns: readonly Column<MessageShape<Schema>>[]; empty: string },
  ): void;
  /** One thing, a name and a value a line. */
  one<Schema extends DescMessage>(
    schema: Schema,
    message: MessageShape<Schema>,
    fields: readonly (readonly [name: string, value: string])[],
  ): void;
  /** One line of a stream. */
  line<Schema extends DescMessage>(schema: Schema, message: MessageShape<Schema>, text: string): void;
  /** A message as JSON, for people too. */
  json<Schema extends DescMessage>(schema: Schema, message: MessageShape<Schema>): void;
  /** Plain facts that are no message of a contract. */
  plain(fields: Readonly<Record<string, unknown>>, text: string): void;
  /** For the person only: the standard error, made printable. */
  note(text: string): void;
};

/** A printer. */
export function createPrinter({ isJson, isCsv = false, writeOut, writeError }: PrintTarget): Printer {
  const json = <Schema extends DescMessage>(schema: Schema, message: MessageShape<Schema>) =>
    writeOut(`${printableJson(toJson(schema, message, { alwaysEmitImplicit: true }))}\n`);
  return {
    isJson,
    list(schema, rows, { columns, empty }) {
      if (isJson) for (const row of rows) json(schema, row);
      else if (isCsv) writeOut(`${renderCsv(schema, rows)}\r\n`);
      else writeOut(`${rows.length === 0 ? empty : renderTable(rows, columns)}\n`);
    },
    one(schema, message, fields) {
      if (isJson) json(schema, message);
      else writeOut(`${renderRecord(fields)}\n`);
    },
    line(schema, message, text) {
      if (isJson) json(schema, message);
      else writeOut(`${printable(text)}\n`);
    },
    json,
    plain(fields, text) {
      writeOut(isJson ? `${printableJson(fields)}\n` : `${text}\n`);
    },
    note(text) {
      writeError(`outcry: ${printable(text)}\n`);
    },
  };
}
