import { describe, expect, it } from 'vitest';
import { type ConnectionFacts, connectionState } from './connection-state.ts';

const live: ConnectionFacts = {
  nowMs: 100_000,
  lastMessageMs: 99_900,
  isOpen: true,
  hasOld: false,
  isOnline: true,
  attempts: 0,
  nextAttemptMs: undefined,
};
const stateWith = (facts: Partial<ConnectionFacts>) => connectionState({ ...live, ...facts });

describe('connectionState', () => {
  it('is live only while messages come', () => {
    expect(stateWith({})).toMatchObject({ word: 'live', text: 'Live' });
    expect(stateWith({ lastMessageMs: 88_000 })).toMatchObject({ word: 'stale', text: '12 s old' });
  });

  it('is not live while anything that is shown came before a sleep', () => {
    expect(stateWith({ hasOld: true, lastMessageMs: 92_900 })).toMatchObject({ word: 'stale', text: '7 s old' });
  });

  it('says which try it is and when the next begins', () => {
    const broken = { isOpen: false, attempts: 3, nextAttemptMs: 103_500 };
    expect(stateWith(broken)).toMatchObject({ word: 'reconnecting', text: 'Reconnecting, try 3, next in 4 s' });
    expect(stateWith({ ...broken, nextAttemptMs: undefined }).text).toBe('Reconnecting, try 3');
  });

  it('is offline without a network, whatever was heard a moment ago', () => {
    expect(stateWith({ isOnline: false }).word).toBe('offline');
  });

  it('is connecting before the first message', () => {
    expect(stateWith({ isOpen: false, lastMessageMs: undefined }).word).toBe('connecting');
    expect(stateWith({ isOpen: false, lastMessageMs: undefined, attempts: 4 }).word).toBe('reconnecting');
  });
});
