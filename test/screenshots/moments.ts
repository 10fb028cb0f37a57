/** Moments on the Floor: a review, an armed Pit, a bracket, a halt, a sheet on a phone, a printed statement. */
import type { Page } from 'playwright-core';
import { pause } from '#platform/time/pause.ts';
import { fillTicket, quantityOf, textOnce, untilReviewed } from '../support/trading-page.ts';
import { goTo } from '../support/web-app.ts';
import { type Camera, type Size, untilRead } from './camera.ts';
import { priceBeside, type Scene } from './scene.ts';

/** What is shown of the Floor, and in which theme. */
type Moment = {
  name: string;
  size: Size;
  symbol: string;
  theme: 'light' | 'dark';
  show: (page: Page, scene: Scene) => Promise<void>;
};

const moments: readonly Moment[] = [
  { name: 'ticket-review', size: 'desktop', symbol: 'ACME', theme: 'dark', show: review },
  { name: 'pit-armed', size: 'wide', symbol: 'ACME', theme: 'dark', show: arm },
  { name: 'floor-bracket', size: 'wide', symbol: 'BOLT', theme: 'light', show: async () => {} },
  { name: 'halted', size: 'wide', symbol: 'GALE', theme: 'light', show: async () => {} },
  { name: 'ticket-phone', size: 'phone', symbol: 'KITE', theme: 'light', show: sheet },
  { name: 'statement-printed', size: 'desktop', symbol: 'ACME', theme: 'light', show: print },
];

/** Takes them all. */
export async function takeMoments(scene: Scene, camera: Camera): Promise<void> {
  for (const moment of moments.filter(({ name }) => camera.wants(name))) await takeMoment(scene, camera, moment);
}

/** Takes one picture of a moment on the Floor. */
export async function takeMoment(
  scene: Scene,
  camera: Camera,
  { name, size, symbol, theme, show }: Moment,
): Promise<void> {
  const page = await camera.open(`${scene.gatewayUrl}/#/${symbol}`, size, scene.alice);
  await page.emulateMedia({ colorScheme: theme });
  await untilRead(page);
  await show(page, scene);
  await camera.take(page, name);
  await page.context().close();
}

async function review(page: Page, scene: Scene): Promise<void> {
  await fillTicket(page, { side: 'Buy', quantity: '40', price: await priceBeside(scene, 'ACME', -0.3) });
  await textOnce(page.locator('.receipt'), /Holds USD\s+\d/);
  await quantityOf(page).focus();
  await page.keyboard.press('Enter');
  await untilReviewed(page);
}

async function arm(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Arm', exact: true }).click();
  await page.getByLabel('Size of a press').fill('5');
  await page.keyboard.press('Enter');
  await textOnce(page.locator('.armed'), /^ARMED 5/);
  const rows = page.getByRole('listbox', { name: 'Depth of ACME' }).locator('.bids .pit-row');
  await rows.nth(3).click();
  await textOnce(page.getByRole('list', { name: 'Sent from here' }), /Buy 5 ACME at .*open/);
}

async function sheet(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Pit' }).tap();
  await page.getByRole('listbox', { name: 'Depth of KITE' }).locator('.bids .pit-row').nth(1).tap();
  const dialog = page.getByRole('dialog', { name: 'Ticket' });
  await dialog.locator('#ticket-quantity').fill('400');
  await textOnce(dialog.locator('.receipt'), /Holds USD\s+\d/);
  await dialog.locator('.ticket-send').tap();
  await untilReviewed(page);
}

async function print(page: Page): Promise<void> {
  await goTo(page, 'money/statement');
  await untilRead(page);
  await page.evaluate(
    `window.print = () => { printed = document.querySelector('.print-sheet').cloneNode(true); }; var printed`,
  );
  await page.getByRole('button', { name: 'Print', exact: true }).click();
  await pause(1_000);
  // The margins of the paper, which a window has not.
  await page.evaluate("printed.style.padding = '56px'; document.body.append(printed)");
  await page.emulateMedia({ media: 'print' });
  await page.setViewportSize({ width: 794, height: 1_123 });
}
