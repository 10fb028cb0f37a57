/** Figures that the web app shows, and files that it gives to save. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

/** Millionths of a figure, as text has it or the API. */
export const micros = (figure: string) => Math.round(Number(figure.replaceAll(',', '').replace('\u2212', '-')) * 1e6);

/** The last figure of a text; undefined where it has none. */
export const lastFigure = (text: string) => text.match(/\u2212?[\d,]+\.\d\d/g)?.at(-1);

/** The file that a button gives to save, as text. */
export async function savedBy(page: Page, name: string): Promise<string> {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name, exact: true }).click();
  return readFileSync(await (await download).path(), 'utf8');
}
