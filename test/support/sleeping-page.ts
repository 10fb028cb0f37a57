/** A page that sleeps: the process that runs it is stopped, as all of them are on a machine that sleeps. */
import type { Page } from 'playwright-core';
import { pause } from '#platform/time/pause.ts';

/** One frame after the page woke, as it was painted. */
export type WakingFrame = { afterMs: number; connection: string; isDimmed: boolean; last: string; book: string };

/** A script that notes frames once the page has woken from more than 3 s. */
export const wakingFramesScript = `(() => {
  const frames = (window.wakingFrames = []);
  const painted = new MessageChannel();
  let seenMs = Date.now();
  let wokeMs;
  painted.port1.onmessage = () => {
    const text = (selector) => document.querySelector(selector)?.innerText ?? '';
    if (frames.length < 600) frames.push({
      afterMs: Date.now() - wokeMs,
      connection: text('#connection'),
      isDimmed: document.querySelector('.strip')?.classList.contains('stale') ?? false,
      last: text('.strip .last'),
      book: text('[role=listbox][aria-label^="Depth of"]'),
    });
  };
  requestAnimationFrame(function note() {
    const nowMs = Date.now();
    if (nowMs - seenMs > 3_000) wokeMs ??= nowMs;
    seenMs = nowMs;
    if (wokeMs !== undefined) painted.port2.postMessage(undefined);
    requestAnimationFrame(note);
  });
})()`;

/** Stops the page for a time at least, and lets something happen meanwhile. */
export async function sleepWhile(
  page: Page,
  { sleepMs }: { sleepMs: number },
  meanwhile: () => Promise<void>,
): Promise<void> {
  const pids = await rendererPids(page);
  const endMs = performance.now() + sleepMs;
  try {
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    await meanwhile();
    await pause(Math.max(0, endMs - performance.now()));
  } finally {
    for (const pid of pids) process.kill(pid, 'SIGCONT');
  }
}

async function rendererPids(page: Page): Promise<number[]> {
  const browser = page.context().browser();
  if (browser === null) throw new Error('the page has no browser of its own');
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
}
