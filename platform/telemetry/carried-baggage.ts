/**
 * The members of the W3C `baggage` header that are carried on from call to call; nothing else of a caller's baggage is. `outcry-canary=<service>` asks
 * for the canary of a service, also of one behind the first. `outcry-mirrored=1` marks a copy of a call, which changes nothing.
 */

const canary = /^\s*outcry-canary=([a-z]{1,20})\s*(?:;.*)?$/;
const mirrored = /^\s*outcry-mirrored=1\s*(?:;.*)?$/;
const mark = 'outcry-mirrored=1';
const baggageLengthMax = 8_192;
const choicesMax = 4;
// Some proxies add this to the host of a copy that they send, before its port.
const shadowHost = /-shadow(?::\d+)?$/;

/**
 * The members that are carried on, as a `baggage` header; undefined when there are none. At most four choices. A header over 8 KiB counts as none
 * but for the mark, which no length may hide.
 */
export function carriedBaggageOf(baggage: string): string | undefined {
  const members = baggage.split(',');
  const isMarked = members.some((text) => mirrored.test(text));
  const choices = baggage.length > baggageLengthMax ? [] : members.flatMap((text) => canary.exec(text)?.[1] ?? []);
  const chosen = [...new Set(choices)].slice(0, choicesMax).map((service) => `outcry-canary=${service}`);
  const carried = isMarked ? [...chosen, mark] : chosen;
  return carried.length === 0 ? undefined : carried.join(',');
}

// Of the process, as its role is: proxies of some releases change nothing of a copy by which it could be recognised.
let getsCopiesOnly = false;

/** From now on each call that comes to this process has the mark: its role is `mirror`, and nothing but copies is sent to it. */
export function markAllCalls(): void {
  getsCopiesOnly = true;
}

/** The baggage of a call, with the mark when it was sent to the host of a copy, NAME-shadow, or to a process that gets copies only. */
export function withMirrorMark(baggage: string | undefined, host: string): string | undefined {
  if (!getsCopiesOnly && !shadowHost.test(host)) return baggage;
  return baggage === undefined ? mark : `${baggage},${mark}`;
}

/** Whether members that are carried on have the mark. */
export function hasMirrorMark(carried: string | undefined): boolean {
  return carried?.endsWith(mark) === true;
}
