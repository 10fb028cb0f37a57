/**
 * Sleep of the machine or of this page. What waits to be read on waking is old, and what was open may be dead without a sign: it is dropped, and
 * opened anew.
 */

const beatEveryMs = 250;
/** As long as prices are called live without a message; the page itself is never busy for as long. */
const sleepMsMin = 5_000;

let awake = new AbortController();
let beatTimeMs = Date.now();

/** Aborts when the page wakes that did not run for 5 s. */
export function awakeSignal(): AbortSignal {
  return awake.signal;
}

/** Looks whether the page has slept since the last look, as what came meanwhile may be read before a timer that is due. */
export function noticeSleep(): void {
  const nowMs = Date.now();
  const hasSlept = nowMs - beatTimeMs > sleepMsMin;
  beatTimeMs = nowMs;
  if (!hasSlept) return;
  const ended = awake;
  awake = new AbortController();
  ended.abort();
}

setInterval(noticeSleep, beatEveryMs);
