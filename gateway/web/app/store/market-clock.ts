/** The market's clock: what it shows now, by the answer of the server and this machine's passing of time. */
import { computed, signal } from '@preact/signals';
import type { GetClockResponse } from '#gen/outcry/market/v1/market_pb.ts';
import { millisOf, offsetSeconds, type Zone } from '../figures/time-text.ts';
import { market } from '../rpc/clients.ts';
import { preferences } from './preferences.ts';
import { selectedInstrument } from './selected-instrument.ts';

const readEveryMs = 30_000;
/** While the clock stands still it may be moved at any time, as by the player of a tape. */
const stillReadEveryMs = 1_000;
const tickEveryMs = 250;

/** The last answer; undefined until there is one. */
export const clockAnswer = signal<GetClockResponse | undefined>(undefined);

/** The market's time in Unix milliseconds, in steps of a quarter of a second. */
export const nowMs = signal(Date.now());

let readAtMs = Date.now();

/** The calendar of the selected instrument. */
export const calendar = computed(() => {
  const calendars = clockAnswer.value?.calendars ?? [];
  return calendars.find((one) => one.calendar === selectedInstrument.value?.calendar) ?? calendars[0];
});

/** Apart from the calendar, which each answer of the clock replaces: what is drawn in a zone is drawn anew when it changes. */
const marketZone = computed(() => calendar.value?.timeZone || 'UTC');

/** The zone of all times, as preferred. */
export const zone = computed<Zone>(() => {
  const preferred = preferences.value.zone;
  if (preferred === 'utc') return { name: 'UTC', label: 'UTC' };
  if (preferred === 'local') return { name: undefined, label: 'local' };
  const name = marketZone.value;
  return { name, label: name.split('/').pop()?.replaceAll('_', ' ') ?? name };
});

/** Seconds that the zone is ahead of UTC at the market's time. */
export const zoneSeconds = computed(() => offsetSeconds(nowMs.value, zone.value));

/** Begins to read the clock, for as long as the page lives. */
export function followClock(): void {
  let askedAtMs = 0;
  const read = async () => {
    askedAtMs = Date.now();
    const answer = await market.getClock({}).catch(() => undefined);
    if (answer === undefined) return;
    clockAnswer.value = answer;
    readAtMs = Date.now();
    tick();
  };
  void read();
  setInterval(() => {
    const everyMs = clockAnswer.peek()?.speed === 0 ? stillReadEveryMs : readEveryMs;
    if (document.visibilityState === 'visible' && Date.now() - askedAtMs >= everyMs) void read();
  }, stillReadEveryMs);
  setInterval(tick, tickEveryMs);
}

function tick(): void {
  const answer = clockAnswer.peek();
  const passedMs = Date.now() - readAtMs;
  const atMs = millisOf(answer?.time);
  nowMs.value = atMs === undefined ? Date.now() : atMs + passedMs * (answer?.speed ?? 1);
}
