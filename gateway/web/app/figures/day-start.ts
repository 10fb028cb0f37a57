/** Days of a zone as moments. */
import { offsetSeconds, type Zone } from './time-text.ts';

const pattern = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Unix milliseconds at which a day, `2026-11-30`, begins in a zone; undefined where the text is no day. */
export function dayStartMs(day: string, zone: Zone): number | undefined {
  const match = pattern.exec(day);
  if (match === null) return undefined;
  const midnight = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]));
  return Number.isNaN(midnight) ? undefined : atWallMs(midnight, zone);
}

/** Unix milliseconds at which a day ends in a zone: of 23 or 25 hours where its clocks change; undefined where the text is no day. */
export function dayEndMs(day: string, zone: Zone): number | undefined {
  const match = pattern.exec(day);
  if (match === null) return undefined;
  const midnight = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]) + 1);
  return Number.isNaN(midnight) ? undefined : atWallMs(midnight, zone);
}

/** The moment at which the clock of a zone shows what a clock of UTC shows at `wallMs`. One that is skipped comes an hour later. */
export function atWallMs(wallMs: number, zone: Zone): number {
  const guess = wallMs - offsetSeconds(wallMs, zone) * 1_000;
  return wallMs - offsetSeconds(guess, zone) * 1_000;
}
