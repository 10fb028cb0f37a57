/** Network addresses as wrong passwords are counted by them. */

/**
 * The part of an IP address that belongs to one subscriber: an IPv4 address whole, also when it is written as IPv6, and the first 64
 * bits of an IPv6 address, in one spelling. `unknown` for a call that carries none.
 */
export function subscriberOf(address: string | undefined): string {
  if (address === undefined) return 'unknown';
  const [plain = ''] = address.toLowerCase().split('%');
  if (!plain.includes(':')) return plain;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(plain)?.[1];
  return mapped ?? `${prefixOf(plain)}::/64`;
}

// The first four of eight groups; `::` stands for as many zeros as are missing, and a dotted end counts for two groups.
function prefixOf(address: string): string {
  const [head = '', tail] = address.split('::');
  const groupsOf = (text: string) =>
    (text === '' ? [] : text.split(':')).flatMap((group) => (group.includes('.') ? ['0', '0'] : [group]));
  const [before, after] = [groupsOf(head), groupsOf(tail ?? '')];
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array<string>(zeros).fill('0'), ...after];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
