/** What a page does with many quotes a second: how long a price takes to the screen, how long frames take, and whether memory grows. */
import type { CDPSession, Page } from 'playwright-core';

/** Figures of one run. */
export type TickFigures = {
  /** Quotes that were handed to the app. */
  quotes: number;
  /** Prices of the watched symbol that reached the page; the newest of a frame does. */
  shown: number;
  /** From the app's receiving of a price to its writing into the page, in the frame that shows it, in milliseconds. */
  toScreenMs: { median: number; p99: number };
  /** From frame to frame, in milliseconds. */
  frameMs: { median: number; p99: number };
  /** Time of scripts, of style and layout in a frame, in milliseconds. */
  scriptMs: number;
  layoutMs: number;
  /** Growth of the used heap after its collection, in bytes. */
  heapGrowth: number;
};

const settleMs = 3_000;

/** Watches a page of which `fakeQuotesScript` is a part: quotes at `perSecond` for `seconds`, after three seconds of the same to warm up. */
export async function measureTicks(
  page: Page,
  { perSecond, seconds }: { perSecond: number; seconds: number },
): Promise<TickFigures> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable');
  await page.evaluate(`quotes.start(${perSecond})`);
  await page.waitForTimeout(settleMs);
  const heapBefore = await usedHeap(devtools);
  const before = await metricsOf(devtools);
  await page.evaluate(watchScript);
  const sentBefore = (await page.evaluate('quotes.sent()')) as number;
  await page.waitForTimeout(seconds * 1_000);
  const seen = (await page.evaluate('ticks.end()')) as { delays: number[]; frames: number[] };
  const sentAfter = (await page.evaluate('quotes.sent()')) as number;
  const after = await metricsOf(devtools);
  const heapAfter = await usedHeap(devtools);
  await page.evaluate('quotes.stop()');
  const perFrame = (name: string) =>
    (((after.get(name) ?? 0) - (before.get(name) ?? 0)) * 1_000) / Math.max(1, seen.frames.length);
  return {
    quotes: sentAfter - sentBefore,
    shown: seen.delays.length,
    toScreenMs: { median: quantile(seen.delays, 0.5), p99: quantile(seen.delays, 0.99) },
    frameMs: { median: quantile(seen.frames, 0.5), p99: quantile(seen.frames, 0.99) },
    scriptMs: perFrame('ScriptDuration'),
    layoutMs: perFrame('LayoutDuration') + perFrame('RecalcStyleDuration'),
    heapGrowth: heapAfter - heapBefore,
  };
}

// A write to the page is seen in the frame in which it happens.
const watchScript = `(() => {
  const delays = [], frames = [];
  let last = performance.now(), isOver = false;
  const observer = new MutationObserver(() => {
    const price = document.querySelector('.strip .last').textContent;
    const sentAt = quotes.sentAt.get(price);
    if (sentAt !== undefined) delays.push(performance.now() - sentAt);
    quotes.sentAt.clear();
  });
  observer.observe(document.querySelector('.strip'), { childList: true, characterData: true, subtree: true });
  const frame = (now) => {
    frames.push(now - last);
    last = now;
    if (!isOver) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  window.ticks = { end() { isOver = true; observer.disconnect(); return { delays, frames }; } };
})()`;

async function usedHeap(devtools: CDPSession): Promise<number> {
  await devtools.send('HeapProfiler.collectGarbage');
  return (await devtools.send('Runtime.getHeapUsage')).usedSize;
}

async function metricsOf(devtools: CDPSession): Promise<Map<string, number>> {
  const { metrics } = await devtools.send('Performance.getMetrics');
  return new Map(metrics.map(({ name, value }) => [name, value]));
}

function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}
