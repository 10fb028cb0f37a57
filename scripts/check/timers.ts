import { isTestFile, type SourceFile } from '../source-files.ts';

const SYSTEM = /^(platform|services|gateway)\/.*\.(tsx?|mjs)$/;
// The helpers themselves, and what runs in a browser.
const HELPERS = /^platform\/time\/|^gateway\/web\//;
// Parts that have timers of their own still; this list only shrinks.
const EXCEPTIONS = /^services\/user\/|^gateway\/port\//;
const TIMER = /\b(?:setTimeout|setInterval|AbortSignal\.timeout|timers\/promises)\b/;

/**
 * Finds timers of Node outside of `platform/time`. They fire at once for what is longer than 24.8 days, and each place had its own way
 * to cancel them. One line for each, with its place.
 */
export function findTimers(files: readonly SourceFile[]): string[] {
  const bound = files.filter(({ path }) => SYSTEM.test(path) && !HELPERS.test(path) && !EXCEPTIONS.test(path));
  return bound
    .filter(({ path }) => !isTestFile(path))
    .flatMap(({ path, text }) =>
      text.split('\n').flatMap((line, index) => {
        const found = TIMER.exec(line.replace(/\/\/.*$|^\s*\*.*$/, ''))?.[0];
        return found === undefined ? [] : [`${path}:${index + 1} uses ${found}: timers come from #platform/time`];
      }),
    );
}
