/**
 * What it costs to be watched: the same load on the same data, turn by turn on the system as it is, with its spans recorded and sent, and with all
 * that `--observe` starts. Each turn is a start of its own, and each round has one of each form.
 */
import { startOtlpReceiver } from '#platform/telemetry/collector/otlp-receiver.ts';
import { medianOf } from '../load/median.ts';
import type { Report } from '../report/report.ts';
import type { OrdersContext } from './flags.ts';
import type { LoadOutcome } from './measure-load.ts';
import type { PhaseContext } from './phase-context.ts';
import { closedLoop } from './phases.ts';

/** How a system is started, beside what is common. */
export type Start = { env?: Readonly<Record<string, string>>; flags?: readonly string[] };

/** Starts the system again on its data, warms it up, and runs `run` on it. */
export type MeasureAgain = (
  keyPrefix: string,
  run: (context: PhaseContext) => Promise<void>,
  how?: Start & { takesIdleOff?: boolean },
) => Promise<void>;

const forms = ['plain', 'traced', 'observed'] as const;
type Form = (typeof forms)[number];
/** Those of each form, by round. */
type Outcomes = Record<Form, LoadOutcome[]>;

const targets = { traced: { rate: 0.97, processor: 1.03 }, observed: { rate: 0.95, processor: 1.05 } };
// A pass of the audit would fall into some turns and not into others: the next is an hour away.
const withoutPasses = { AUDIT_EVERY_MS: '3600000' };

/** Measures the rounds, and reports the medians of their ratios. */
export async function measureWatched({ flags, report }: OrdersContext, measureAgain: MeasureAgain): Promise<void> {
  let spans = 0;
  const onSpans = (received: readonly unknown[]) => {
    spans += received.length;
  };
  await using collector = await startOtlpReceiver({ host: '127.0.0.1', port: 0, onSpans });
  const starts: Record<Form, Start> = {
    plain: {},
    traced: { env: { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collector.port}` } },
    observed: { flags: ['--observe'] },
  };
  const outcomes: Outcomes = { plain: [], traced: [], observed: [] };
  for (let round = 1; round <= flags.rounds; round++) {
    // None is always the first, or always after the same one.
    const first = round % forms.length;
    for (const form of [...forms.slice(first), ...forms.slice(0, first)]) {
      const { env, flags: flagsOf = [] } = starts[form];
      const name = `${form}_${round}`;
      const run = async (context: PhaseContext) => {
        outcomes[form].push(await closedLoop(context, name, {}));
      };
      await measureAgain(name, run, { env: { ...withoutPasses, ...env }, flags: flagsOf, takesIdleOff: false });
    }
  }
  report.figure({ metric: 'watched.traced_spans', value: spans, unit: 'received in all' });
  for (const form of ['traced', 'observed'] as const) reportRatios(report, form, outcomes);
}

function reportRatios(report: Report, form: keyof typeof targets, { plain, ...outcomes }: Outcomes): void {
  const ratio = (metric: string, key: keyof LoadOutcome, against: { what: string; value: number }) =>
    report.figure({
      metric: `watched.${form}_${metric}`,
      value: medianOf(plain.map((outcome, round) => (outcomes[form][round]?.[key] ?? Number.NaN) / outcome[key])),
      unit: `of plain, median of ${plain.length}`,
      against,
    });
  const { rate, processor } = targets[form];
  ratio('rate', 'ordersPerSecond', { what: 'target, at least', value: rate });
  ratio('processor', 'processorUsEach', { what: 'target, at most', value: processor });
}
