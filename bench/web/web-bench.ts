import getPort from 'get-port';
import { findChromium, launchChromium, openPage } from '#platform/testing/browser.ts';
import { startSystem } from '../../supervisor/testing/index.ts';
import { type BenchContext, defineBench } from '../bench.ts';
import { reportMachine } from '../system/machine.ts';
import { fakeQuotesScript } from './fake-quotes.ts';
import { type LighthouseFigures, lighthouseFigures } from './lighthouse-figures.ts';
import { measureTicks } from './measure-ticks.ts';

const flags = {
  rate: { kind: 'count', default: 500, min: 1, max: 5_000, help: 'quotes a second that the page gets' },
  seconds: { kind: 'count', default: 60, min: 5, max: 3_600, help: 'how long' },
} as const;

const scoreMin = 95;

/** The web app in Chromium: what Lighthouse says, and what it does with hundreds of quotes a second. */
export const webBench = defineBench({
  name: 'web',
  summary:
    'scores of Lighthouse for the served app, desktop and phone; time of a price to the screen, frames and heap at 500 quotes a second',
  flags,
  timeLimitMs: 75 * 60_000,
  run: measureWeb,
});

type Report = BenchContext['report'];

async function measureWeb({ flags: { rate, seconds }, report, signal }: BenchContext<typeof flags>) {
  const path = findChromium();
  if (path === undefined) throw new Error('no Chromium is installed');
  reportMachine(report);
  report.progress('starting the system');
  await using system = await startSystem({ signal });
  const [url = ''] = system.gatewayUrls;
  const port = await getPort();
  const browser = await launchChromium(path, [`--remote-debugging-port=${port}`]);
  try {
    for (const formFactor of ['desktop', 'phone'] as const) {
      report.progress(`Lighthouse, ${formFactor}`);
      reportLighthouse(await lighthouseFigures(`${url}/`, { port, formFactor }), formFactor, report);
    }
    report.progress(`${rate} quotes a second for ${seconds} s`);
    const { page } = await openPage(browser, url, { viewport: { width: 1_440, height: 900 } });
    await page.addInitScript(fakeQuotesScript(['ACME', 'BOLT', 'KITE', 'FERN', 'OPAL']));
    await page.goto(`${url}/#/ACME`);
    await page.locator('.strip .last').filter({ hasText: /\d/ }).waitFor();
    const ticks = await measureTicks(page, { perSecond: rate, seconds });
    const figure = (metric: string, value: number, unit: string) =>
      report.figure({ metric: `ticks.${metric}`, value, unit });
    figure('quotes', ticks.quotes / seconds, 'quotes/s');
    figure('to_screen.median', ticks.toScreenMs.median, 'ms');
    figure('to_screen.p99', ticks.toScreenMs.p99, 'ms');
    figure('frame.median', ticks.frameMs.median, 'ms');
    figure('frame.p99', ticks.frameMs.p99, 'ms');
    figure('script_of_a_frame', ticks.scriptMs, 'ms');
    figure('layout_of_a_frame', ticks.layoutMs, 'ms');
    figure('heap_growth', ticks.heapGrowth / 1_024, 'KiB');
  } finally {
    await browser.close();
  }
}

function reportLighthouse(figures: LighthouseFigures, formFactor: string, report: Report): void {
  const score = (metric: string, value: number) =>
    report.figure({
      metric: `${formFactor}.${metric}`,
      value,
      unit: 'of 100',
      against: { what: 'target, at least', value: scoreMin },
    });
  score('performance', figures.performance);
  score('accessibility', figures.accessibility);
  score('best_practices', figures.bestPractices);
  report.figure({
    metric: `${formFactor}.layout_shift`,
    value: figures.layoutShift,
    unit: '',
    against: { what: 'target, below', value: 0.02 },
  });
  report.figure({ metric: `${formFactor}.largest_paint`, value: figures.largestPaintMs, unit: 'ms' });
  report.figure({ metric: `${formFactor}.transferred`, value: figures.transferredBytes / 1_000, unit: 'kB' });
  if (figures.failed.length > 0) report.progress(`${formFactor}: not passed: ${figures.failed.join(', ')}`);
}
