import dns from 'node:dns';

/** The address of a host as this process finds it; a test may name another one than the machine would. */
export function addressOf(hostname: string): Promise<string> {
  return new Promise((resolve, reject) => {
    dns.lookup(hostname, (error, address) => (error === null ? resolve(address) : reject(error)));
  });
}
