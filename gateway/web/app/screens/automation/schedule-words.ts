/** Schedules that the form can make, as cron text and in words, and when one runs next. */
import { atWallMs } from '../../figures/day-start.ts';
import { offsetSeconds, type Zone } from '../../figures/time-text.ts';

/** Days on which a schedule runs: fields of a cron text, days of the week with Sunday as 0, and the words of it. */
const choices = [
  { value: 'daily', text: 'Every day', dayOfMonth: '*', dayOfWeek: '*' },
  { value: 'weekdays', text: 'Monday to Friday', dayOfMonth: '*', dayOfWeek: '1-5' },
  { value: 'monday', text: 'Every Monday', dayOfMonth: '*', dayOfWeek: '1' },
  { value: 'tuesday', text: 'Every Tuesday', dayOfMonth: '*', dayOfWeek: '2' },
  { value: 'wednesday', text: 'Every Wednesday', dayOfMonth: '*', dayOfWeek: '3' },
  { value: 'thursday', text: 'Every Thursday', dayOfMonth: '*', dayOfWeek: '4' },
  { value: 'friday', text: 'Every Friday', dayOfMonth: '*', dayOfWeek: '5' },
  { value: 'saturday', text: 'Every Saturday', dayOfMonth: '*', dayOfWeek: '6' },
  { value: 'sunday', text: 'Every Sunday', dayOfMonth: '*', dayOfWeek: '0' },
  { value: 'monthly', text: 'On the first of each month', dayOfMonth: '1', dayOfWeek: '*' },
] as const;

/** Days that can be chosen. */
export const dayChoices: readonly { value: DaysName; text: string }[] = choices;

/** The name of a choice of days. */
export type DaysName = (typeof choices)[number]['value'];

const timePattern = /^([01]\d|2[0-3]):([0-5]\d)$/;
const cronPattern = /^(\d{1,2}) (\d{1,2}) (\S+) \* (\S+)$/;
const dayMs = 86_400_000;

/** The cron text of days and a time such as `09:45`; undefined where that is no time. */
export function cronOf(days: DaysName, time: string): string | undefined {
  const match = timePattern.exec(time);
  const chosen = choices.find(({ value }) => value === days);
  if (match === null || chosen === undefined) return undefined;
  return `${Number(match[2])} ${Number(match[1])} ${chosen.dayOfMonth} * ${chosen.dayOfWeek}`;
}

type Simple = { chosen: (typeof choices)[number]; hour: number; minute: number };

function simpleOf(cron: string): Simple | undefined {
  const [, minute, hour, dayOfMonth, dayOfWeek] = cronPattern.exec(cron.trim()) ?? [];
  const chosen = choices.find((choice) => choice.dayOfMonth === dayOfMonth && choice.dayOfWeek === dayOfWeek);
  return chosen === undefined ? undefined : { chosen, hour: Number(hour), minute: Number(minute) };
}

/** A cron text in words, such as `Every Monday 09:45`; one that the form cannot make as it is. */
export function cronWords(cron: string): string {
  const simple = simpleOf(cron);
  if (simple === undefined) return `At the times ${cron}`;
  const [hour, minute] = [simple.hour, simple.minute].map((part) => String(part).padStart(2, '0'));
  return `${simple.chosen.text} ${hour}:${minute}`;
}

/** When a cron text that the form can make runs next after `nowMs`; undefined for others. Times that clocks skip come an hour later. */
export function nextRunMs(cron: string, zone: Zone, nowMs: number): number | undefined {
  const simple = simpleOf(cron);
  if (simple === undefined) return undefined;
  const wallNow = nowMs + offsetSeconds(nowMs, zone) * 1_000;
  const midnight = Math.floor(wallNow / dayMs) * dayMs;
  for (let day = 0; day <= 32; day++) {
    const wallMs = midnight + day * dayMs + (simple.hour * 60 + simple.minute) * 60_000;
    const runMs = atWallMs(wallMs, zone);
    if (runMs > nowMs && isOn(simple.chosen, new Date(wallMs))) return runMs;
  }
  return undefined;
}

function isOn({ dayOfMonth, dayOfWeek }: Simple['chosen'], wall: Date): boolean {
  if (dayOfMonth === '1') return wall.getUTCDate() === 1;
  const day = wall.getUTCDay();
  return dayOfWeek === '*' || (dayOfWeek === '1-5' ? day >= 1 && day <= 5 : Number(dayOfWeek) === day);
}
