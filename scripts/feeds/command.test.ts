import { describe, expect, it } from 'vitest';
import { describeConsumers, readCommand } from './command.ts';

describe('readCommand', () => {
  it('reads which halt to lift', () => {
    expect(readCommand({})).toBeUndefined();
    expect(readCommand({ resume: 'order/exchange.0' })).toEqual({ service: 'order', feed: 'exchange.0' });
    const adopting = { service: 'portfolio', feed: 'ledger', adoptAfter: 17n };
    expect(readCommand({ resume: 'portfolio/ledger', after: '17' })).toEqual(adopting);
  });

  it.each([{ after: '1' }, { resume: 'order' }, { resume: 'order/exchange.0', after: '-1' }])('refuses %j', (given) => {
    expect(() => readCommand(given)).toThrow(TypeError);
  });
});

describe('describeConsumers', () => {
  it('shows a halt with its cause', () => {
    const updateTime = new Date(0);
    const common = { epoch: 'e', sequence: 4n, updateTime };
    const halt = { sequence: 5n, cause: 'it is bad' };
    const lines = describeConsumers('order', [
      { ...common, feed: 'exchange.0', halt },
      { ...common, feed: 'exchange.1', halt: undefined },
    ]);
    expect(lines).toEqual([
      'order/exchange.0: HALTED at 5, after 4: it is bad',
      'order/exchange.1: at 4 since 1970-01-01T00:00:00.000Z',
    ]);
  });
});
