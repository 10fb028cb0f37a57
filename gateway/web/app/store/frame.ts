/**
 * Ingest is not painting: what streams bring waits in maps until the next frame, and is then written to signals in one batch, whose writes to
 * the page happen in that same frame.
 */

import { batch, signal } from '@preact/signals';
import { options } from 'preact';

type Flush = () => void;
// Preact's own hook, which its types leave out: signals schedule their writes with it.
type Scheduler = { requestAnimationFrame?: ((callback: () => void) => void) | undefined };

const due = new Set<Flush>();
// Figures that wait for the end of a freeze.
const frozen = new Set<Flush>();
let isScheduled = false;

/** Whether figures of the market stand still to be read. Own orders go on. */
export const isFrozen = signal(false);

/** Lets figures stand still, or go on with what has come meanwhile. */
export function setFrozen(next: boolean): void {
  isFrozen.value = next;
  if (next) return;
  for (const flush of frozen) onNextFrame(flush);
  frozen.clear();
}

/** Like `onNextFrame`, for figures of the market: while they are frozen it waits. */
export function onNextFigureFrame(flush: Flush): void {
  if (isFrozen.peek()) frozen.add(flush);
  else onNextFrame(flush);
}

/** Runs `flush` once in the next frame, however often it is asked for before. While the tab is hidden there is no frame. */
export function onNextFrame(flush: Flush): void {
  due.add(flush);
  if (isScheduled) return;
  isScheduled = true;
  requestAnimationFrame(runFrame);
}

function runFrame(): void {
  isScheduled = false;
  const flushes = [...due];
  due.clear();
  const writes: (() => void)[] = [];
  const scheduler = options as Scheduler;
  const previous = scheduler.requestAnimationFrame;
  // Else the signals would write in the frame after this one.
  scheduler.requestAnimationFrame = (write) => void writes.push(write);
  try {
    batch(() => {
      for (const flush of flushes) flush();
    });
  } finally {
    scheduler.requestAnimationFrame = previous;
  }
  for (const write of writes) write();
}
