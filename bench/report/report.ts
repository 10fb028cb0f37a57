/** Writes figures: one JSON object a line for programs, or a table for people. */

/** What a figure is compared with. */
export type Against = { what: string; value: number };

/** One measured or stated value. `metric` is `phase.name` or `name`; `unit` is empty for a text. */
export type Figure = { metric: string; value: number | string; unit: string; against?: Against };

/** Receives the figures of one bench. */
export type Report = {
  figure(figure: Figure): void;
  /** Shows what the bench does at the moment; never among the figures. */
  progress(text: string): void;
};

/** Where lines are written. */
export type ReportOutput = { out: (line: string) => void; err: (line: string) => void };

/** One object a line: `{bench, metric, value, unit}`, and `against` with `what` and `value` where the figure is compared. */
export function createJsonReport(bench: string, { out, err }: ReportOutput): Report {
  return {
    figure: ({ metric, value, unit, against }) =>
      out(JSON.stringify({ bench, metric, value: rounded(value), unit, against })),
    progress: err,
  };
}

/** Lines in columns, with a heading where the phase changes. */
export function createTableReport(bench: string, { out, err }: ReportOutput): Report {
  let phase = bench;
  out(bench);
  return {
    figure(figure) {
      const dot = figure.metric.indexOf('.');
      const heading = dot < 0 ? bench : figure.metric.slice(0, dot);
      const name = figure.metric.slice(dot + 1);
      if (heading !== phase) out(`\n${heading}`);
      phase = heading;
      out(tableLine(name, figure));
    },
    progress: err,
  };
}

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
