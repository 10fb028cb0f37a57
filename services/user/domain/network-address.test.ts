import { describe, expect, it } from 'vitest';
import { subscriberOf } from './network-address.ts';

describe('subscriberOf', () => {
  it('takes an IPv4 address whole, however it is written', () => {
    expect(subscriberOf('203.0.113.7')).toBe('203.0.113.7');
    expect(subscriberOf('::ffff:203.0.113.7')).toBe('203.0.113.7');
    expect(subscriberOf('::FFFF:203.0.113.7')).toBe('203.0.113.7');
  });

  it('takes the first 64 bits of an IPv6 address, in one spelling', () => {
    const same = [
      '2001:db8:0:1:aaaa::1',
      '2001:0DB8:0:1::2',
      '2001:db8::1:1:2:3:4',
      '2001:db8:0:1:ffff:ffff:203.0.113.7',
    ];
    for (const address of same) expect(subscriberOf(address), address).toBe('2001:db8:0:1::/64');
    expect(subscriberOf('2001:db8:0:2::1')).toBe('2001:db8:0:2::/64');
    expect(subscriberOf('::1')).toBe('0:0:0:0::/64');
    expect(subscriberOf('fe80::1%eth0')).toBe('fe80:0:0:0::/64');
  });

  it('counts calls without an address together', () => {
    expect(subscriberOf(undefined)).toBe('unknown');
  });
});
