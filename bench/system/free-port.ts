import { createServer } from 'node:net';

// All ports of a system are counted from the gateway's; see scripts/start/ports.ts.
const portsOfSystem = 130;
const span = 200;
const firstPort = 20_000;
const spans = 60;
const attemptsMax = 20;

/** A port for the gateway of a new system, from which all its ports are free. Rejects when none is found. */
export async function findFreeBasePort(): Promise<number> {
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const base = firstPort + Math.floor(Math.random() * spans) * span;
    const free = await Promise.all(Array.from({ length: portsOfSystem }, (_, offset) => isFree(base + offset)));
    if (free.every(Boolean)) return base;
  }
  throw new Error('no free ports were found');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
