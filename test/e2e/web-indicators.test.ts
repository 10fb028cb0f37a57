/** The indicators of the chart in a browser: chosen, drawn, read as a table, and the same as analytics gives. */

import type { Page } from 'playwright-core';
import { describe, expect, inject, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { createTestClient } from '../support/clients.ts';
import { registerInvestor } from '../support/investor.ts';
import { logInAt, seenText, textOnce } from '../support/trading-page.ts';
import { axeFindings, picture, sizes, untilLive, useChromium } from '../support/web-app.ts';

const { gatewayUrl } = inject('sharedSystem');
const client = createTestClient('fetch', gatewayUrl);
const open = useChromium();

type Row = { startTime: string; values: string[]; running?: boolean };

async function openChart(path: string, viewport = sizes.desktop, prepare = async (_: Page) => {}) {
  const watched = await open(path, { viewport, bypassCSP: true, prepare });
  await untilLive(watched.page);
  return watched;
}

async function readRows(request: object): Promise<Row[]> {
  const answer = await client.call('AnalyticsService/GetIndicators', { symbol: 'ACME', ...request });
  return (answer as { rows?: Row[] }).rows ?? [];
}

const legend = (page: Page) => page.getByRole('list', { name: 'Indicators' });
const pressedFrame = (page: Page) => page.locator('.chart .panel-head [aria-pressed=true]').first();

// Averages are written to two places more than the tick, what is beyond cut off.
function written(value: string, places = 4): string {
  if (value === '') return '\u2013';
  const [whole, fraction = ''] = value.split('.');
  return `${whole}.${fraction.slice(0, places).padEnd(places, '0')}`;
}

async function choose(page: Page, nth: 'First' | 'Second' | 'Third', kind: string): Promise<void> {
  await page
    .getByRole('group', { name: `${nth} indicator` })
    .getByLabel('Kind')
    .selectOption(kind);
}

describe('the indicators of the chart, without an account', { timeout: 180_000 }, () => {
  it('are chosen by keys, named with their values, the same as those of analytics, and found again after a reload', async () => {
    const { page, faults } = await openChart('/#/ACME?tf=1s');
    await textOnce(legend(page), /SMA 20 *[\d–][\s\S]*EMA 20[\s\S]*VWAP 20/);
    await page.getByRole('button', { name: 'Indicators' }).focus();
    await page.keyboard.press('Enter');
    const first = page.getByRole('group', { name: 'First indicator' });
    await first.getByLabel('Candles').fill('201');
    await textOnce(first, /Not drawn: 1 to 200/);
    await first.getByLabel('Candles').fill('3');
    await choose(page, 'Second', 'bollinger');
    await page.getByRole('group', { name: 'Second indicator' }).getByLabel('Candles').fill('2');
    await choose(page, 'Third', 'rsi');
    await page.getByRole('group', { name: 'Third indicator' }).getByLabel('Candles').fill('1');
    expect(await axeFindings(page)).toEqual([]);
    await picture(page, 'indicators-dialog');
    await page.keyboard.press('Escape');
    await textOnce(page.locator(':focus'), /^Indicators$/);
    const named =
      /SMA 3[\s\S]*\d+\.\d{4}[\s\S]*Bollinger 2, 2\.0[\s\S]*upper \d+\.\d{4}[\s\S]*lower \d+\.\d{4}[\s\S]*RSI 1[\s\S]*\d+\.\d\d/;
    await textOnce(legend(page), named);

    await page.getByRole('button', { name: 'Table' }).click();
    const indicators = [
      { length: 3 },
      { kind: 'INDICATOR_KIND_BOLLINGER', length: 2 },
      { kind: 'INDICATOR_KIND_RSI', length: 1 },
    ];
    await eventually(async () => {
      const rows = await readRows({ indicators, interval: 'CANDLE_INTERVAL_1S', rowCount: 4 });
      const shown = (await page.locator('.chart-table tbody tr').allInnerTexts()).slice(1, 4);
      const cells = shown.map((row) => row.split('\t').map((cell) => cell.trim()));
      const expected = rows
        .slice(1)
        .map(({ startTime, values }) => [
          startTime.slice(14, 19),
          ...values.slice(0, -1).map((value) => written(value)),
          written(values.at(-1) ?? '', 2),
        ]);
      expect(expected).toHaveLength(3);
      expect(cells.map(([time = '', ...rest]) => [time.slice(-5), ...rest.slice(5)])).toEqual(expected);
    });
    await picture(page, 'indicators-table');

    await page.reload();
    await untilLive(page);
    await textOnce(legend(page), named);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      expect(await axeFindings(page)).toEqual([]);
      await picture(page, `indicators-${colorScheme}`);
    }
    expect(faults).toEqual([]);
  });

  it('have the bars of a quarter of an hour, and say where there are too few', async () => {
    const { page } = await openChart('/#/ACME?tf=15m');
    await page.getByRole('button', { name: 'Indicators' }).click();
    await page.getByRole('group', { name: 'First indicator' }).getByLabel('Candles').fill('1');
    await choose(page, 'Second', 'macd');
    await choose(page, 'Third', 'none');
    await page.keyboard.press('Escape');
    await textOnce(legend(page), /SMA 1[\s\S]*MACD 12, 26, 9[\s\S]*signal –[\s\S]*distance –[\s\S]*too few candles/);
    await eventually(async () => {
      const request = { indicators: [{ length: 1 }], interval: 'CANDLE_INTERVAL_1M', multiple: 15, rowCount: 1 };
      const [newest] = await readRows(request);
      expect(newest?.startTime).toMatch(/:(00|15|30|45):00/);
      expect(await seenText(legend(page))).toContain(written(newest?.values[0] ?? ''));
    });
  });

  it('are followed by a stream while the chart is in sight, and by none when it is not', async () => {
    const opened: string[] = [];
    const ended: string[] = [];
    const isStream = (url: string) => url.endsWith('/StreamIndicators');
    const { page } = await openChart('/#/ACME?tf=1s', sizes.phone, async (watched) => {
      watched.on('request', (request) => isStream(request.url()) && opened.push(request.url()));
      watched.on('requestfailed', (request) => isStream(request.url()) && ended.push(request.url()));
    });
    expect(opened).toEqual([]);
    await page.getByRole('tab', { name: 'Chart' }).click();
    await eventually(() => expect(opened).toHaveLength(1));
    await textOnce(legend(page), /SMA 20/);
    await page.getByRole('tab', { name: 'Pit' }).click();
    await eventually(() => expect(ended).toHaveLength(1));
    await page.getByRole('tab', { name: 'Chart' }).click();
    await eventually(() => expect(opened).toHaveLength(2));
    await page.getByRole('button', { name: 'Indicators' }).click();
    await picture(page, 'indicators-phone-dialog');
    await choose(page, 'First', 'atr');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(sizes.phone.width);
    await page.keyboard.press('Escape');
    await textOnce(legend(page), /ATR 14/);
    await eventually(() => expect([opened.length, ended.length]).toEqual([3, 2]));
    await picture(page, 'indicators-phone');
  });

  it('come by calls once somebody is logged in, whose orders have the stream', async () => {
    const investor = await registerInvestor(client);
    const calls: string[] = [];
    const { page } = await openChart('/#/ACME?tf=1s', sizes.desktop, async (watched) => {
      watched.on('request', (request) => {
        const name = request.url().split('/').at(-1) ?? '';
        if (name.endsWith('Indicators')) calls.push(name);
      });
    });
    await eventually(() => expect(calls).toEqual(['StreamIndicators']));
    await logInAt(page, investor);
    await eventually(() => expect(calls.length).toBeGreaterThan(3));
    await page.getByRole('button', { name: 'Indicators' }).click();
    await page.getByRole('group', { name: 'First indicator' }).getByLabel('Candles').fill('1');
    await page.keyboard.press('Escape');
    await textOnce(legend(page), /SMA 1 *\d+\.\d{4}/);
    expect(new Set(calls.slice(1))).toEqual(new Set(['GetIndicators']));
  });
});

describe('the time frame of a chart', { timeout: 120_000 }, () => {
  it('is one with bars where no address names one, and stays as it was chosen', async () => {
    const frameNow = async () => {
      const { candles = [] } = (await client.call('MarketService/ListCandles', { symbol: 'ACME', pageSize: 20 })) as {
        candles?: object[];
      };
      return candles.length < 20 ? '1s' : '1m';
    };
    const before = await frameNow();
    const { page } = await openChart('/#/ACME');
    const shown = await textOnce(pressedFrame(page), /^1[sm]$/);
    expect([before, await frameNow()]).toContain(shown);
    await page.getByRole('button', { name: '1m', exact: true }).click();
    await textOnce(pressedFrame(page), /^1m$/);
    expect(page.url()).toMatch(/\?tf=1m$/);
    await page.reload();
    await untilLive(page);
    await textOnce(pressedFrame(page), /^1m$/);
  });
});
