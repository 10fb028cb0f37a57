/** ghz: PlaceOrder and CancelOrder side by side, each at its share of the rate. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Outcome } from '../outcome.ts';
import { type Scene, writeJson } from '../scene.ts';
import { findTool } from './find-tool.ts';
import { runTool } from './run-tool.ts';

const configurations = fileURLToPath(new URL('../ghz/', import.meta.url));
const protoDirectory = fileURLToPath(new URL('../../proto', import.meta.url));
const cancelsShare = 0.1;
const refusedLots = 5_000_000;
// Of 18 orders, which are 90 of 100 commands: 9 rest, 8 cross the spread, 1 is refused.
const kinds = ['rests', 'crosses', 'rests', 'crosses', 'rests', 'crosses', 'refused', 'crosses', 'rests'] as const;
const ordersOfData = 180;
const usersMax = 8;

/** ghz's report, as far as it is read. Times are in nanoseconds. */
type GhzReport = {
  count: number;
  rps: number;
  statusCodeDistribution?: Record<string, number>;
  errorDistribution?: Record<string, number>;
  latencyDistribution?: { percentage: number; latency: number }[] | null;
};

/** Cancels that a run sends; so many orders must rest beforehand. */
export function cancelsOf({ rate, seconds }: { rate: number; seconds: number }): number {
  return Math.max(1, Math.ceil(rate * seconds * cancelsShare));
}

/** Runs ghz for as many accounts as it can have processes: one of them speaks for one account. */
export async function runGhz(scene: Scene): Promise<Outcome> {
  const { rate, seconds, users } = scene.flags;
  const processes = Math.min(usersMax, users - 1, rate);
  const cancels = cancelsOf(scene.flags);
  const placed = Math.max(processes, rate * seconds - cancels);
  const orders = Array.from({ length: processes }, (_, index) =>
    // The first trader has the orders that are cancelled.
    runOne(scene, {
      configuration: 'place-order',
      trader: index + 1,
      total: Math.ceil(placed / processes),
      data: orderData(scene, index + 1),
    }),
  );
  const cancelData = scene.restingIds.map((orderId) => ({ orderId }));
  const cancelling = runOne(scene, { configuration: 'cancel-order', trader: 0, total: cancels, data: cancelData });
  const [reports, cancelled] = [await Promise.all(orders), await cancelling];
  return toOutcome(reports, cancelled);
}

type Run = { configuration: string; trader: number; total: number; data: unknown[] };

async function runOne(scene: Scene, { configuration, trader, total, data }: Run): Promise<GhzReport> {
  const program = findTool('ghz');
  const { protocol, host } = new URL(scene.url);
  const { seconds } = scene.flags;
  const given = JSON.parse(await readFile(`${configurations}${configuration}.json`, 'utf8')) as Record<string, unknown>;
  const full = {
    ...given,
    insecure: protocol === 'http:',
    host: host.includes(':') ? host : `${host}:${protocol === 'https:' ? 443 : 80}`,
    'import-paths': [protoDirectory],
    total,
    rps: Math.max(1, Math.round(total / seconds)),
    metadata: { authorization: `Bearer ${scene.place.traders[trader]?.token}` },
    data,
    format: 'json',
  };
  const path = await writeJson(scene, `${configuration}-${trader}.json`, full);
  const { output } = await runTool(program, ['--config', path], { secondsMax: seconds });
  try {
    return JSON.parse(output.slice(output.indexOf('{'))) as GhzReport;
  } catch {
    throw new Error(`ghz wrote no report:\n${output.slice(0, 2_000)}`);
  }
}

// ghz takes the entries in turn; {{.UUID}} is a new key for each call.
function orderData({ place }: Scene, trader: number): unknown[] {
  const symbols = place.symbolsOf(trader);
  return Array.from({ length: ordersOfData }, (_, index) => {
    const kind = index % 18 < 9 ? kinds[index % 9] : kinds[index % 9] === 'refused' ? 'rests' : kinds[index % 9];
    const isBuy = kind === 'refused' || index % 2 === 0;
    const ticks = kind === 'crosses' ? 100 : -1 - (index % 50);
    const terms = {
      symbol: symbols[Math.floor(index / 18) % symbols.length],
      side: isBuy ? 'SIDE_BUY' : 'SIDE_SELL',
      type: 'ORDER_TYPE_LIMIT',
      timeInForce: kind === 'crosses' ? 'TIME_IN_FORCE_IOC' : 'TIME_IN_FORCE_GTC',
      quantity: String(kind === 'refused' ? refusedLots : 5),
      limitPrice: ((10_000 + (isBuy ? ticks : -ticks)) / 100).toFixed(2),
    };
    return { clientOrderId: '{{.UUID}}', terms };
  });
}

function toOutcome(reports: readonly GhzReport[], cancelled: GhzReport): Outcome {
  const codes = (report: GhzReport, code: string) => report.statusCodeDistribution?.[code] ?? 0;
  const sum = (of: (report: GhzReport) => number) => reports.reduce((total, report) => total + of(report), 0);
  const accepted = sum((report) => codes(report, 'OK'));
  const refused = sum((report) => codes(report, 'FailedPrecondition'));
  const cancels = codes(cancelled, 'OK') + codes(cancelled, 'FailedPrecondition');
  const answered = accepted + refused + cancels;
  // Of several processes the slowest counts.
  const percentile = (wanted: number) =>
    Math.max(
      ...reports.map(
        ({ latencyDistribution }) => latencyDistribution?.find(({ percentage }) => percentage === wanted)?.latency ?? 0,
      ),
    ) / 1e6;
  const reasons = [...reports, cancelled].flatMap(({ errorDistribution = {} }) => Object.entries(errorDistribution));
  return {
    tool: `ghz (grpc, ${reports.length} processes)`,
    answered,
    ratePerSecond: sum(({ rps }) => rps) + cancelled.rps,
    accepted,
    refused,
    cancels,
    failed: sum(({ count }) => count) + cancelled.count - answered,
    dropped: 0,
    p50Ms: percentile(50),
    p95Ms: percentile(95),
    p99Ms: percentile(99),
    streamed: 0,
    notes: reasons
      .filter(([reason]) => !reason.includes('FailedPrecondition'))
      .map(([reason, count]) => `${count} x ${reason}`),
  };
}
