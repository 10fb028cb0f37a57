/** The web app as a person uses it. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { openPage, type WatchedPage } from './browser.ts';

/** Opens the app at a screen, such as `money/statement`, in a profile of its own. */
export async function openApp(
  browser: Browser,
  gatewayUrl: string,
  screen = '',
  options: BrowserContextOptions = { viewport: { width: 1440, height: 900 } },
): Promise<WatchedPage> {
  const watched = await openPage(browser, gatewayUrl, options);
  await watched.page.goto(`${gatewayUrl}/app#/${screen}`);
  return watched;
}

/** Logs in over the page, which stays at its screen. */
export async function logInOver(page: Page, { email, password }: { email: string; password: string }): Promise<void> {
  await page.getByRole('button', { name: 'Log in', exact: true }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Log in' });
  await dialog.getByLabel('E-mail').fill(email);
  await dialog.getByLabel('Password').fill(password);
  await dialog.getByLabel('Password').press('Enter');
  await dialog.waitFor({ state: 'detached' });
}

/** Goes to another screen without a new load of the page. */
export async function goTo(page: Page, screen: string): Promise<void> {
  await page.evaluate(`location.hash = ${JSON.stringify(`#/${screen}`)}`);
}
