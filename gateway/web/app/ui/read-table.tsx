import type { ComponentChildren } from 'preact';
import './ui.css';

/** A column of a table. */
export type ReadColumn<Row> = {
  name: string;
  kind?: 'number' | 'acts' | 'wide' | undefined;
  cell: (row: Row) => ComponentChildren;
};

type ReadTableProps<Row> = {
  label: string;
  columns: readonly ReadColumn<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  isSelected?: (row: Row) => boolean;
  isEnded?: (row: Row) => boolean;
};

/** A table to read, with at most some hundred rows; cards on a phone. */
export function ReadTable<Row>({ label, columns, rows, keyOf, isSelected, isEnded }: ReadTableProps<Row>) {
  return (
    <table class="read" aria-label={label}>
      <thead>
        <tr>
          {columns.map(({ name, kind }) => (
            <th key={name} scope="col" class={kind}>
              {kind === 'acts' ? <span class="hidden">{name}</span> : name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)} data-selected={isSelected?.(row) || undefined} data-ended={isEnded?.(row) || undefined}>
            {columns.map(({ name, kind, cell }) => (
              <td key={name} class={kind} data-label={name}>
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
