/** A half-open range, in Unix milliseconds: from `fromMs` on, and before `untilMs`. */
export type TimeRange = { fromMs: number; untilMs: number };
