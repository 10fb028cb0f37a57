import { createSocket } from 'node:dgram';
import { loopbackHost } from '../plan/launch-plan.ts';
import { isPortFree, portCount } from '../plan/ports.ts';

// Those above are for single servers of tests (platform/testing/free-port.ts), which may be away when a range is looked at, and from 32768
// on those that connections take as they come, on Linux.
const portMin = 10_000;
const portMax = 27_999;
const attemptsMax = 200;

/**
 * A port for the gateway of a new system, from which all its ports are free. No other process gets it from here as long as this one runs:
 * several look at once, and seconds pass before a system listens. Rejects when none is found.
 */
export async function findFreePortRange(): Promise<number> {
  const ranges = Math.floor((portMax - portMin) / portCount);
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const first = portMin + Math.floor(Math.random() * ranges) * portCount;
    if ((await reserve(first)) && (await isPortRangeFree(first))) return first;
  }
  throw new Error('no free ports were found');
}

/** Takes a port of UDP, which no system uses, until this process ends; false: another process has it, or this one. */
function reserve(port: number): Promise<boolean> {
  const socket = createSocket('udp4').unref();
  return new Promise((resolve) => {
    socket.once('error', () => {
      socket.close();
      resolve(false);
    });
    socket.bind({ port, address: loopbackHost, exclusive: true }, () => resolve(true));
  });
}

/** Whether nothing listens on any port that a system with this gateway port has. */
export async function isPortRangeFree(first: number): Promise<boolean> {
  const ports = Array.from({ length: portCount }, (_, offset) => first + offset);
  const free = await Promise.all(ports.map((port) => isPortFree(loopbackHost, port)));
  return free.every(Boolean);
}
