import { describe, expect, it } from 'vitest';
import {
  activationDelayMs,
  activeTimeOf,
  isKeyDue,
  publishedAfterMs,
  retiredKeysOf,
  signingKeyOf,
} from './key-schedule.ts';

const first = { kid: 'a', createTimeMs: 0, activeTimeMs: 0 };
const second = { kid: 'b', createTimeMs: 1_000, activeTimeMs: 1_000 + activationDelayMs };

describe('isKeyDue', () => {
  it('asks for a key when there is none and when the newest is old', () => {
    expect(isKeyDue([], 1_000, 0)).toBe(true);
    expect(isKeyDue([first], 1_000, 999)).toBe(false);
    expect(isKeyDue([first], 1_000, 1_000)).toBe(true);
    expect(isKeyDue([first, second], 1_000, 1_500)).toBe(false);
  });
});

describe('signingKeyOf', () => {
  it('signs with the newest key, but not before it was published long enough', () => {
    expect(activeTimeOf([], 5)).toBe(5);
    expect(activeTimeOf([first], 1_000)).toBe(second.activeTimeMs);
    expect(signingKeyOf([second, first], second.activeTimeMs - 1)).toBe(first);
    expect(signingKeyOf([second, first], second.activeTimeMs)).toBe(second);
  });

  it('still signs when every activation lies ahead of the clock', () => {
    expect(signingKeyOf([second], 0)).toBe(second);
    expect(signingKeyOf([], 0)).toBeUndefined();
  });
});

describe('retiredKeysOf', () => {
  it('leaves an old key published until its tokens are past', () => {
    const end = second.activeTimeMs + publishedAfterMs;
    expect(retiredKeysOf([second, first], end - 1)).toEqual([]);
    expect(retiredKeysOf([second, first], end)).toEqual([first]);
    expect(retiredKeysOf([second], Number.MAX_SAFE_INTEGER)).toEqual([]);
  });
});
