import { signal } from '@preact/signals';
import { afterEach, describe, expect, it, vi } from 'vitest';

const isLoggedIn = signal(false);
let person = new AbortController();
const answers: PromiseWithResolvers<object>[] = [];
vi.mock('../rpc/session.ts', () => ({ isLoggedIn, personSignal: () => person.signal }));
vi.mock('../rpc/clients.ts', () => ({
  ledger: {
    getBalances: () => {
      const answer = Promise.withResolvers<object>();
      answers.push(answer);
      return answer.promise;
    },
  },
  portfolio: { getPortfolio: async () => ({}) },
}));
vi.mock('./own-orders.ts', () => ({ onOwnChange: () => {} }));

const { account, followAccount } = await import('./account.ts');

function change(next: boolean): void {
  person.abort();
  person = new AbortController();
  isLoggedIn.value = next;
}

afterEach(() => change(false));

describe('followAccount', () => {
  it('never shows what was read for the person before', async () => {
    const settled = () => new Promise((resolve) => setTimeout(resolve, 0));
    followAccount();
    change(true);
    change(false);
    change(true);
    expect(answers).toHaveLength(2);
    answers[0]?.resolve({ cash: 'of Alice', shares: [] });
    await settled();
    expect(account.value).toBeUndefined();
    answers[1]?.resolve({ cash: 'of Bob', shares: [] });
    await settled();
    expect(account.value?.cash).toBe('of Bob');
  });
});
