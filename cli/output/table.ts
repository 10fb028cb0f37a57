import { printable } from './printable.ts';

/** A column of a table over rows of one kind. */
export type Column<Row> = {
  title: string;
  value(row: Row): string;
  /** Numbers stand on the right. */
  isNumber?: boolean;
};

const widthMax = 60;
const gap = '  ';

/** A table with its titles, a line for each row; texts are made printable and cut at 60 characters, except in the last column. */
export function renderTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const last = columns.length - 1;
  const cells = rows.map((row) =>
    columns.map(({ value }, index) => cut(printable(value(row)), index === last ? Number.POSITIVE_INFINITY : widthMax)),
  );
  const titles = columns.map(({ title }) => title);
  const widths = titles.map((title, index) =>
    Math.max(...[title, ...cells.map((row) => row[index] ?? '')].map(widthOf)),
  );
  return [titles, ...cells].map((line) => renderLine(line, columns, widths)).join('\n');
}

/** A name and a value a line, empty values left out; further lines of a value are indented. */
export function renderRecord(fields: readonly (readonly [name: string, value: string])[]): string {
  const shown = fields.filter(([, value]) => value !== '');
  const width = Math.max(0, ...shown.map(([name]) => name.length));
  const indent = `\n${' '.repeat(width)}${gap}`;
  const linesOf = (value: string) => value.split(/\r?\n/).map(printable).join(indent);
  return shown.map(([name, value]) => `${name.padEnd(width)}${gap}${linesOf(value)}`).join('\n');
}

function renderLine<Row>(cells: readonly string[], columns: readonly Column<Row>[], widths: readonly number[]): string {
  const padded = cells.map((cell, index) => {
    const space = ' '.repeat(Math.max(0, (widths[index] ?? 0) - widthOf(cell)));
    return columns[index]?.isNumber ? space + cell : cell + space;
  });
  return padded.join(gap).trimEnd();
}

function cut(text: string, lengthMax: number): string {
  const characters = [...text];
  return characters.length <= lengthMax ? text : `${characters.slice(0, lengthMax - 1).join('')}…`;
}

function widthOf(text: string): number {
  return [...text].length;
}
