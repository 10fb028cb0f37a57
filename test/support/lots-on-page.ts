/** The lots of a position that is opened in the web app, and what was sold of them. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { lastFigure, micros, savedBy } from './figures-on-page.ts';
import type { Investor } from './investor.ts';
import { textOnce } from './trading-page.ts';

/** Of ten KITE four were sold: lots tie to the average, their CSV to the sales; and another method is chosen. */
export async function expectLots(page: Page, investor: Investor): Promise<void> {
  const lots = page.getByRole('region', { name: 'Lots of KITE' });
  const text = await textOnce(lots, /under a day[\s\S]*By lots\s+6\s[\s\S]*By average cost\s+6\s/);
  const [byLots, byAverage] = text.split('By lots')[1]?.split('By average cost').map(lastFigure) ?? [];
  expect(byLots).toMatch(/\d/);
  expect(byLots).toBe(byAverage);

  const [, ...rows] = (await savedBy(page, 'CSV of sales by lot')).trim().split('\r\n');
  const pieces = rows.map((row) => row.split(',').slice(4, 8).map(micros));
  const sum = (column: number) => pieces.reduce((total, row) => total + (row[column] ?? 0), 0);
  for (const [, proceeds = 0, cost = 0, gain] of pieces) expect(gain).toBe(proceeds - cost);
  const answer = await investor.call('PortfolioService/ListRealizedGains');
  const proceeds = (answer.gains as { proceeds: string }[]).map((gain) => micros(gain.proceeds));
  expect([sum(0), sum(1)]).toEqual([4_000_000, proceeds.reduce((total, one) => total + one, 0)]);

  await page.getByRole('radio', { name: 'Dearest first' }).check();
  await page.getByRole('button', { name: 'Use it for later sales' }).click();
  await textOnce(page.getByRole('form', { name: 'Method of lots' }), /Sales from now on: Dearest first/);
  expect(await investor.call('PortfolioService/GetLotMethod')).toMatchObject({ method: 'LOT_METHOD_HIFO' });
}
