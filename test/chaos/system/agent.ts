/** The part of a chaos run inside of each process: it takes orders from the run's control server. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { armPoint, installPoints } from '../crash-points/points.ts';
import type { Order } from './control-server.ts';
import { installTurnedClock, turnClock } from './turned-clock.ts';

/** Connects to the control server; without a port nothing is changed. */
export async function startAgent(name: string, controlPort: number): Promise<void> {
  if (!(controlPort > 0)) return;
  installTurnedClock();
  const socket = connect({ host: '127.0.0.1', port: controlPort });
  socket.on('error', () => {});
  await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
  socket.write(`${JSON.stringify({ name, pid: process.pid })}\n`);
  const report = (message: object) => void socket.write(`${JSON.stringify(message)}\n`);
  const ready = installPoints(report);
  const lines = createInterface({ input: socket });
  lines.on('error', () => {});
  lines.on('line', (line) => {
    const order = JSON.parse(line) as Order;
    if (order.clockAheadMs !== undefined) turnClock(order.clockAheadMs);
    if (order.point !== undefined) armPoint(order.point);
    report({ done: order.number });
  });
  // The run may end before its processes; they end in order all the same.
  socket.unref();
  await ready;
}
