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
  await watched.page.goto(`${gatewayUrl}/#/${screen}`);
  return watched;
}

/** Goes to another screen without a new load of the page. */
export async function goTo(page: Page, screen: string): Promise<void> {
  await page.evaluate(`location.hash = ${JSON.stringify(`#/${screen}`)}`);
}
