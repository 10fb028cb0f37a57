import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { findFreePortRange } from '../testing/free-port-range.ts';
import { adminPort, postgresPort, requireFreePorts, servicePort, smtpPort } from './ports.ts';
import { services } from './services.ts';

describe('the port scheme', () => {
  it('gives five replicas of every service and both embedded servers ports of their own', () => {
    const replicas = [0, 1, 2, 3, 4];
    const ports = services
      .flatMap((service) =>
        replicas.flatMap((replica) => [servicePort(8080, service, replica), adminPort(8080, service, replica)]),
      )
      .concat(postgresPort(8080), smtpPort(8080));
    expect(new Set(ports).size).toBe(ports.length);
    expect(ports).toContain(8080);
  });
});

describe('requireFreePorts', () => {
  it('resolves when nothing listens', async () => {
    // None that the system gives to others as they come, such as one that was just closed.
    const port = await findFreePortRange();
    await expect(requireFreePorts('127.0.0.1', [{ port, use: 'order' }])).resolves.toBeUndefined();
  });

  it('names every port in use, what it is for, and the flag that moves it', async () => {
    const servers = [createServer(), createServer()];
    const [first, second] = await Promise.all(servers.map(listen));
    const ports = [
      { port: first ?? 0, use: 'order' },
      { port: second ?? 0, use: 'SMTP' },
    ];
    await expect(requireFreePorts('127.0.0.1', ports)).rejects.toThrow(
      `ports ${first} (order), ${second} (SMTP) are in use; choose others with \`npm start -- --port P\``,
    );
    for (const server of servers) server.close();
  });
});

function listen(server: ReturnType<typeof createServer>): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
}
