/** A screen reader in the page: it reads by roles, names and live regions, as their standards define, and notes what it would speak. */
import { createRequire } from 'node:module';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';

let bundled: Promise<string> | undefined;

function readerScript(): Promise<string> {
  bundled ??= bundle();
  return bundled;
}

async function bundle(): Promise<string> {
  const path = createRequire(import.meta.url).resolve('@guidepup/virtual-screen-reader');
  const contents = `import { virtual } from ${JSON.stringify(path)}; window.reader = virtual;`;
  const options = { bundle: true, write: false, format: 'iife', platform: 'browser', logLevel: 'silent' } as const;
  const { outputFiles } = await build({ ...options, stdin: { contents, resolveDir: import.meta.dirname } });
  return outputFiles[0]?.text ?? '';
}

/** Starts the reader on a part of the page, by default all of it. The page was opened with `bypassCSP`, as its policy lets no other script in. */
export async function startReader(page: Page, selector = 'body'): Promise<void> {
  await page.evaluate(await readerScript());
  await page.evaluate(`reader.start({ container: document.querySelector(${JSON.stringify(selector)}) })`);
}

/** Ends it. */
export async function stopReader(page: Page): Promise<void> {
  await page.evaluate('reader.stop()');
}

/** What it has spoken since it was started or cleared. */
export async function spoken(page: Page): Promise<string[]> {
  return (await page.evaluate('reader.spokenPhraseLog()')) as string[];
}

/** Reads a part of the page in order, from its begin to its end, at most so many phrases. */
export async function readPart(page: Page, selector: string, phrasesMax = 200): Promise<string[]> {
  await startReader(page, selector);
  const phrases = await page.evaluate(`(async () => {
    const read = [await reader.lastSpokenPhrase()];
    while (read.length < ${phrasesMax}) {
      await reader.next();
      const phrase = await reader.lastSpokenPhrase();
      // After the end it begins again.
      if (phrase === read[0]) break;
      read.push(phrase);
    }
    return read;
  })()`);
  await stopReader(page);
  return phrases as string[];
}
