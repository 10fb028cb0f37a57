import { createRouterTransport } from '@connectrpc/connect';
import { beforeEach, describe, expect, it } from 'vitest';
import { OperationsService } from '#gen/outcry/gateway/v1/operations_pb.ts';
import { ProcessRole } from '#gen/outcry/process/v1/process_pb.ts';
import { createCaller } from '../call/caller.ts';
import type { CommandContext } from '../command/command.ts';
import { exitCode } from '../command/exit-code.ts';
import { parseCommandLine } from '../command/parse.ts';
import { createPrinter } from '../output/printer.ts';
import { createApi } from '../session/api.ts';
import { createSession } from '../session/session.ts';
import { operationsCommands } from './operations.ts';

let failure: string;
let printed: string[];
beforeEach(() => {
  [failure, printed] = ['', []];
});

const order = {
  name: 'order-0',
  role: ProcessRole.CANARY,
  leases: [{ name: 'feed.exchange.0' }, { name: 'feed.exchange.1' }],
  feeds: [
    { feed: 'exchange.0', entriesBehind: 12n, behind: { seconds: 1n, nanos: 500_000_000 } },
    { feed: 'exchange.1' },
    { feed: 'exchange.2', halted: true },
  ],
  outbox: { events: 3n },
};
const slow = {
  method: 'outcry.order.v1.OrderService/PlaceOrder',
  duration: { seconds: 2n },
  code: 'OK',
  traceId: 'ab',
};

const transport = createRouterTransport((router) => {
  router.service(OperationsService, {
    describeServices: () => ({
      services: [{ service: 'order', process: order }, ...(failure === '' ? [] : [{ service: 'user', failure }])],
    }),
    findSlowCalls: () => ({ calls: [{ service: 'order', process: 'order-0', call: slow }] }),
  });
});

async function run(...args: string[]) {
  const line = parseCommandLine(args, operationsCommands);
  if (line.command === undefined) throw new Error('no such command');
  const caller = createCaller(transport, 5_000);
  const session = createSession({ caller, url: 'http://gateway.example', stateDirectory: '', apiKey: 'ok_a' });
  const writeOut = (text: string) => void printed.push(text);
  const print = createPrinter({ isJson: false, writeOut, writeError: writeOut });
  const context = { api: createApi(caller, session, 5_000), print, signal: new AbortController().signal };
  return line.command.run(context as CommandContext, line.input);
}

describe('outcry services', () => {
  it('shows a process, its leases and what it is behind', async () => {
    expect(await run('services')).toBe(exitCode.done);
    const text = printed.join('');
    expect(text).toMatch(/order +order-0 +canary +feed.exchange.0, feed.exchange.1/);
    expect(text).toMatch(/ exchange.0 12 entries, 1.500 s, exchange.2 halted +3/);
  });

  it('fails when a service does not answer, and says so', async () => {
    failure = 'UNAVAILABLE';
    expect(await run('services')).toBe(exitCode.failed);
    expect(printed.join('')).toMatch(/user +no answer: UNAVAILABLE/);
  });
});

describe('outcry slow-calls', () => {
  it('shows each with its time, process and trace', async () => {
    await run('slow-calls');
    expect(printed.join('')).toMatch(/OrderService\/PlaceOrder +2.000 +OK +order-0 +ab/);
  });
});
