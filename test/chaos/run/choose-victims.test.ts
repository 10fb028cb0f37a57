import { describe, expect, it } from 'vitest';
import { chooseVictims, type Parts } from './choose-victims.ts';

const parts: Parts = {
  replicas: { order: 2, exchange: 2, mailbox: 1 },
  links: ['order>exchange-0', 'ledger>database'],
  disk: true,
  bus: 'postgres',
};

describe('chooseVictims', () => {
  it('chooses everything, with the servers of others apart', () => {
    expect(chooseVictims(parts, undefined)).toEqual({
      processes: ['order-0', 'order-1', 'exchange-0', 'exchange-1'],
      servers: ['postgres', 'mailbox-0'],
      links: parts.links,
      disk: true,
      bus: true,
    });
  });

  it('chooses the processes and connections of one service', () => {
    const victims = chooseVictims(parts, 'order');
    expect(victims).toMatchObject({ processes: ['order-0', 'order-1'], servers: [], links: ['order>exchange-0'] });
    expect(victims).toMatchObject({ disk: false, bus: false });
    expect(chooseVictims(parts, 'postgres')).toMatchObject({ processes: [], servers: ['postgres'], links: [] });
  });

  it('has the broker where there is one', () => {
    const amqp: Parts = { ...parts, bus: 'amqp' };
    expect(chooseVictims(amqp, undefined).servers).toEqual(['postgres', 'broker', 'mailbox-0']);
    expect(chooseVictims(amqp, 'broker')).toMatchObject({ processes: [], servers: ['broker'], links: [], bus: false });
    expect(() => chooseVictims(parts, 'broker')).toThrow("--only names 'broker'");
  });

  it('refuses a name that nothing has', () => {
    expect(() => chooseVictims(parts, 'orders')).toThrow("--only names 'orders'");
  });
});
