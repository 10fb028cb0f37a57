/** Writes figures: one JSON object a line for programs, or a table for people. */

/** What a figure is compared with. */
export type Against = { what: string; value: number };

/** One measured or stated value. `metric` is `phase.name` or `name`; `unit` is empty for a text. */
export type Figure = { metric: string; value: number | string; unit: string; against?: Against };

/** Figures of several things of one kind: `metric.row.column`. */
export type FigureTable = {
  metric: string;
  columns: readonly { name: string; unit: string }[];
  /** One value for each column. */
  rows: readonly { name: string; values: readonly number[] }[];
};

/** Receives the figures of one bench. */
export type Report = {
  figure(figure: Figure): void;
  /** Figures side by side. */
  table(table: FigureTable): void;
  /** Shows what the bench does at the moment; never among the figures. */
  progress(text: string): void;
};

/** Where lines are written. */
export type ReportOutput = { out: (line: string) => void; err: (line: string) => void };

/** One object a line: `{bench, metric, value, unit}`, and `against` with `what` and `value` where the figure is compared. */
export function createJsonReport(bench: string, { out, err }: ReportOutput): Report {
  const figure = ({ metric, value, unit, against }: Figure) =>
    out(JSON.stringify({ bench, metric, value: rounded(value), unit, against }));
  return {
    figure,
    table: ({ metric, columns, rows }) => {
      for (const { name: row, values } of rows) {
        for (const [index, { name, unit }] of columns.entries())
          figure({ metric: `${metric}.${row}.${name}`, value: values[index] ?? 0, unit });
      }
    },
    progress: err,
  };
}

/** Lines in columns, with a heading where the phase changes. */
export function createTableReport(bench: string, { out, err }: ReportOutput): Report {
  let phase = bench;
  out(bench);
  const nameUnderHeading = (metric: string) => {
    const dot = metric.indexOf('.');
    const heading = dot < 0 ? bench : metric.slice(0, dot);
    if (heading !== phase) out(`\n${heading}`);
    phase = heading;
    return metric.slice(dot + 1);
  };
  return {
    figure: (figure) => out(tableLine(nameUnderHeading(figure.metric), figure)),
    table({ metric, columns, rows }) {
      out(
        cellLine(
          nameUnderHeading(metric),
          columns.map(({ name }) => name),
        ),
      );
      for (const { name, values } of rows)
        out(
          cellLine(
            `  ${name}`,
            values.map((value) => String(rounded(value))),
          ),
        );
    },
    progress: err,
  };
}

function cellLine(name: string, cells: readonly string[]): string {
  return `  ${name.padEnd(16)} ${cells.map((cell) => cell.padStart(cellWidth)).join(' ')}`;
}

const cellWidth = 11;

function tableLine(name: string, { value, unit, against }: Figure): string {
  const text = typeof value === 'number' ? String(rounded(value)) : value;
  const comparison = against ? `(${against.what} ${rounded(against.value)}${ratio(value, against.value)})` : '';
  return `  ${name.padEnd(34)} ${text.padStart(12)} ${unit.padEnd(12)} ${comparison}`.trimEnd();
}

function ratio(value: number | string, reference: number): string {
  return typeof value === 'number' && reference !== 0 ? `: ${(value / reference).toFixed(2)}x` : '';
}

// Three significant digits below 100, whole numbers above: more would be noise.
function rounded(value: number | string): number | string {
  if (typeof value === 'string') return value;
  if (Number.isInteger(value)) return value;
  return Math.abs(value) < 100 ? Number(value.toPrecision(3)) : Math.round(value);
}
