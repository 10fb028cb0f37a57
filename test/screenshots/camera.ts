/** Pages of the web app in both themes, and the files of their pictures. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { findChromium, launchChromium, openPage } from '#platform/testing/browser.ts';
import { eventually } from '#platform/testing/eventually.ts';
import { pause } from '#platform/time/pause.ts';
import { logInAt } from '../support/trading-page.ts';
import { sizes, untilLive } from '../support/web-app.ts';

/** A window's size by its name. */
export type Size = keyof typeof sizes;

type Credentials = { email: string; password: string };

/** Takes pictures. */
export type Camera = {
  /** Whether a picture of this name is wanted. */
  wants(name: string): boolean;
  /** Opens the app at an address such as `/#/ACME`, live; logged in where a person is named. */
  open(url: string, size: Size, person?: Credentials): Promise<Page>;
  /** One picture in the theme that the page has. */
  take(page: Page, name: string): Promise<void>;
  /** One in each theme, `NAME-light` and `NAME-dark`. */
  takeBoth(page: Page, name: string): Promise<void>;
  /** How many there are. */
  taken(): number;
  close(): Promise<void>;
};

/** Starts the browser. Throws where none is installed. */
export async function openCamera({ folder, only }: { folder: string; only: RegExp }): Promise<Camera> {
  const path = findChromium();
  if (path === undefined) throw new Error('Chromium is not installed: put it on the PATH');
  const browser = await launchChromium(path);
  await mkdir(folder, { recursive: true });
  let count = 0;
  const take = async (page: Page, name: string) => {
    if (!only.test(name)) return;
    await page.screenshot({ path: join(folder, `${name}.png`) });
    count += 1;
  };
  return {
    wants: (name) => only.test(name),
    async open(url, size, person) {
      const touch = size === 'phone' && { hasTouch: true, isMobile: true };
      const options = { viewport: sizes[size], reducedMotion: 'reduce' as const, ...touch };
      const { page } = await openPage(browser, new URL(url).origin, options);
      await page.goto(url);
      await untilLive(page);
      if (person !== undefined) await logInAt(page, person);
      // No cross of the pointer on the chart.
      await page.mouse.move(0, 0);
      return page;
    },
    take,
    async takeBoth(page, name) {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await take(page, `${name}-${colorScheme}`);
      }
    },
    taken: () => count,
    close: () => browser.close(),
  };
}

// A chart is drawn and a column of figures has come to rest by then.
const restMs = 1_500;

/** Waits until no bars stand for what is being read. */
export async function untilRead(page: Page): Promise<void> {
  await page.locator('main h1, .floor, .phone-floor, .tablet-floor').first().waitFor();
  await pause(restMs);
  await eventually(
    async () => {
      if ((await page.locator('main .bars').count()) > 0) throw new Error('bars are shown for 40 s');
    },
    { timeoutMs: 40_000 },
  );
}
