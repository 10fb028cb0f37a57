/** The web app as a person uses it. */
import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, inject } from 'vitest';
import { findChromium, launchChromium, openPage, type WatchedPage } from '#platform/testing/browser.ts';
import { requireOrSkip } from '#platform/testing/require-or-skip.ts';
import { textOnce } from './trading-page.ts';

const chromiumPath = findChromium();
// Pictures are taken where their folder is named, so that a usual run leaves the committed ones as they are.
const pictures = process.env.OUTCRY_SCREENSHOTS;

/** Windows in which the app is looked at. */
export const sizes = {
  wide: { width: 1600, height: 900 },
  desktop: { width: 1280, height: 800 },
  tablet: { width: 1024, height: 768 },
  narrow: { width: 768, height: 1024 },
  phone: { width: 360, height: 740 },
};

type OpenOptions = BrowserContextOptions & {
  /** What is done with the page before the app is loaded. */
  prepare?: (page: Page) => Promise<unknown>;
};

/** Opens the app at an address such as `/#/ACME`, in a profile of its own. */
export type OpenApp = (path?: string, options?: OpenOptions) => Promise<WatchedPage>;

/** One Chromium for the tests of a file, which are skipped where none is installed. After each test its pages are closed. */
export function useChromium(): OpenApp {
  const { gatewayUrl } = inject('sharedSystem');
  let browser: Browser | undefined;
  beforeAll(async () => {
    if (chromiumPath !== undefined) browser = await launchChromium(chromiumPath);
    if (pictures !== undefined) await mkdir(pictures, { recursive: true });
  });
  afterAll(async () => {
    await browser?.close();
  });
  afterEach(async () => {
    for (const context of browser?.contexts() ?? []) {
      // A handler of a call that is under way fails once its page is gone, which would be an error outside of tests.
      for (const page of context.pages()) await page.unrouteAll({ behavior: 'ignoreErrors' });
      await context.close();
    }
  });
  beforeEach((context) => requireOrSkip(context, chromiumPath !== undefined, 'no Chromium is installed'));
  return async (path = '/#/ACME', { prepare, ...options } = {}) => {
    if (browser === undefined) throw new Error('there is no browser');
    const watched = await openPage(browser, gatewayUrl, { viewport: sizes.desktop, ...options });
    await prepare?.(watched.page);
    await watched.page.goto(`${gatewayUrl}${path}`);
    return watched;
  };
}

/** Resolves once prices are live. */
export const untilLive = (page: Page) => textOnce(page.locator('#connection'), /^Live$/);

/** Goes to another screen without a new load of the page. */
export async function goTo(page: Page, screen: string): Promise<void> {
  await page.evaluate(`location.hash = ${JSON.stringify(`#/${screen}`)}`);
}

/** Takes a picture of the page, or of a part of it, where pictures are asked for. */
export async function picture(page: Page, name: string): Promise<void> {
  if (pictures !== undefined) await page.screenshot({ path: join(pictures, `${name}.png`) });
}

/**
 * What axe finds on the page by these rules (undefined: all), one line a rule; the page was opened with `bypassCSP`, as its policy lets no
 * script in but its own files.
 */
export async function axeFindings(page: Page, rules?: readonly string[]): Promise<string[]> {
  await page.evaluate(`if (!window.axe) { ${axeSource()} }`);
  const options = { resultTypes: ['violations'], ...(rules && { runOnly: rules }) };
  const found = await page.evaluate(`axe.run(${JSON.stringify(options)}).then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map(({ html }) => html.slice(0, 160)).join(' | ')))`);
  return found as string[];
}

let source: string | undefined;

function axeSource(): string {
  source ??= readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  return source;
}
