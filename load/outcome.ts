/** What a tool reports of its run. */
export type Outcome = {
  /** The tool with how it speaks. */
  tool: string;
  /** Commands that were answered. */
  answered: number;
  /** Commands a second that were answered. */
  ratePerSecond: number;
  /** Of those, orders that were accepted, orders that were refused as they were meant to be, and cancels. */
  accepted: number;
  refused: number;
  cancels: number;
  /** Commands that failed, and those that the tool could not send when they were due. */
  failed: number;
  dropped: number;
  /** Latency of PlaceOrder, ms. */
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
  /** Messages of the streams that were read meanwhile. */
  streamed: number;
  /** What the tool said beside, such as reasons of failures. */
  notes: string[];
};

const failedShareMax = 0.001;
const droppedShareMax = 0.01;

/** Which thresholds a run has broken, one line each. */
export function brokenThresholds(outcome: Outcome, { p99MaxMs }: { p99MaxMs: number }): string[] {
  const { answered, failed, dropped, p99Ms } = outcome;
  const wanted = answered + failed + dropped;
  const problems: string[] = [];
  if (answered === 0) problems.push('nothing was answered');
  if (failed > failedShareMax * wanted) problems.push(`${failed} of ${wanted} commands failed`);
  if (dropped > droppedShareMax * wanted) problems.push(`${dropped} of ${wanted} commands were not sent in time`);
  if (p99Ms > p99MaxMs)
    problems.push(`the 99th percentile of PlaceOrder is ${p99Ms.toFixed(0)} ms, not ${p99MaxMs} ms`);
  return problems;
}

/** The run as a table of two columns. */
export function describeOutcome(outcome: Outcome, audit: string): string {
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  const share = (100 * outcome.failed) / Math.max(1, outcome.answered + outcome.failed);
  const rows = [
    ['tool', outcome.tool],
    ['answered', `${outcome.answered} (${outcome.ratePerSecond.toFixed(0)}/s)`],
    ['accepted, refused, cancels', `${outcome.accepted}, ${outcome.refused}, ${outcome.cancels}`],
    ['failed', `${outcome.failed} (${share.toFixed(2)} %)`],
    ['not sent in time', String(outcome.dropped)],
    ['PlaceOrder p50, p95, p99', [outcome.p50Ms, outcome.p95Ms, outcome.p99Ms].map(ms).join(', ')],
    ['stream messages', String(outcome.streamed)],
    ...outcome.notes.map((note) => ['', note]),
    ['audit', audit],
  ];
  return rows.map(([name = '', value = '']) => `${name.padEnd(28)} ${value}`).join('\n');
}
