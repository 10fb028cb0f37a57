/** Networks by their CIDR form, as the allow-lists of API keys have them. */
import { BlockList, isIP } from 'node:net';

/** A list of networks. */
export type NetworkList = { has(address: string): boolean };

type Network = { address: string; bits: number; family: 'ipv4' | 'ipv6' };

const mappedPattern = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
const bitsMax = { ipv4: 32, ipv6: 128 } as const;

/** The normal form of an address or a network, `10.0.0.0/8` or `2001:db8::/32`; an address is a network of one. Undefined for other text. */
export function normaliseNetwork(text: string): string | undefined {
  const network = parseNetwork(text);
  return network && `${network.address}/${network.bits}`;
}

/** The networks of `texts`; throws RangeError for text that is none. An address that is unknown is in no network. */
export function createNetworkList(texts: readonly string[]): NetworkList {
  const list = new BlockList();
  for (const text of texts) {
    const network = parseNetwork(text);
    if (network === undefined) throw new RangeError('not a network in CIDR form');
    list.addSubnet(network.address, network.bits, network.family);
  }
  return {
    has(text) {
      const address = plainAddress(text);
      const family = familyOf(address);
      return family !== undefined && list.check(address, family);
    },
  };
}

function parseNetwork(text: string): Network | undefined {
  const [, given = '', bitsText] = /^([0-9a-f:.]{2,45})(?:\/(\d{1,3}))?$/i.exec(text) ?? [];
  const address = given.toLowerCase();
  const family = familyOf(address);
  // A mapped network would never match: addresses of that form are looked up as IPv4.
  if (family === undefined || mappedPattern.test(address)) return undefined;
  const bits = bitsText === undefined ? bitsMax[family] : Number(bitsText);
  return bits <= bitsMax[family] ? { address, bits, family } : undefined;
}

// An IPv4 client of a dual-stack socket is shown as IPv6, and a link-local address with its zone.
function plainAddress(text: string): string {
  const [address = ''] = text.split('%');
  return mappedPattern.exec(address)?.[1] ?? address;
}

function familyOf(address: string): Network['family'] | undefined {
  const version = isIP(address);
  if (version === 0) return undefined;
  return version === 4 ? 'ipv4' : 'ipv6';
}
