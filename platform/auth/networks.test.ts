import { describe, expect, it } from 'vitest';
import { createNetworkList, normaliseNetwork } from './networks.ts';

describe('normaliseNetwork', () => {
  it.each([
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['192.0.2.7', '192.0.2.7/32'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['2001:DB8::/32', '2001:db8::/32'],
    ['::1', '::1/128'],
  ])('reads %s', (text, normal) => {
    expect(normaliseNetwork(text)).toBe(normal);
  });

  it.each([
    '',
    '10.0.0',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '::/129',
    '10.0.0.0/8 ',
    'localhost',
    '::ffff:1.2.3.4',
    '1.2.3.4/',
  ])("refuses '%s'", (text) => {
    expect(normaliseNetwork(text)).toBeUndefined();
    expect(() => createNetworkList([text])).toThrow(RangeError);
  });
});

describe('createNetworkList', () => {
  const list = createNetworkList(['10.0.0.0/8', '192.0.2.7', '2001:db8::/32']);

  it.each(['10.0.0.0', '10.255.255.255', '192.0.2.7', '::ffff:10.1.2.3', '2001:db8::1', '2001:DB8:ffff::'])(
    'has %s',
    (address) => {
      expect(list.has(address)).toBe(true);
    },
  );

  it.each(['11.0.0.0', '9.255.255.255', '192.0.2.8', '::ffff:11.1.2.3', '2001:db9::', '::1', 'unknown', ''])(
    "has not '%s'",
    (address) => {
      expect(list.has(address)).toBe(false);
    },
  );
});
