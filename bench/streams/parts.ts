/** One server of the bench, in a process of its own: the market, the gateway before it, or a plain handler of connect-node. */
import { mkdir, writeFile } from 'node:fs/promises';
import http from 'node:http';
import http2 from 'node:http2';
import { Session } from 'node:inspector/promises';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { MarketService } from '#gen/outcry/market/v1/market_pb.ts';
import { openTestGateway, startTestUpstream } from '../../gateway/testing/index.ts';
import { serveTasks } from '../system/helper-process.ts';
import { createQuoteTicker, type Pace, symbolsOf } from './quote-ticker.ts';

/** What the process can be asked for. */
export type PartTasks = typeof tasks;

/** The ports of a server; one may serve both versions of HTTP. */
export type Ports = { http1: number; http2: number };

const manyCalls = { callsPerSecondMax: 1_000_000, callsBurstMax: 1_000_000 };
const limits = { newStreamsPerSecondMax: 1_000_000 };
const symbolCount = 100;
const ticker = createQuoteTicker(symbolsOf(symbolCount));
let profiler: Session | undefined;

const tasks = {
  /** Starts the market and gives its address. */
  async startMarket(_: undefined): Promise<string> {
    return (await startTestUpstream({ streamQuotes: ticker.streamQuotes })).address;
  },
  async startGateway({ address }: { address: string }): Promise<Ports> {
    const { port } = await openTestGateway(address, manyCalls, { limits });
    return { http1: port, http2: port };
  },
  /** Starts a handler that reads the same market, in its own process. */
  async startPlain(_: undefined): Promise<Ports> {
    const handler = connectNodeAdapter({
      routes: (router) => {
        router.service(MarketService, { streamQuotes: ticker.streamQuotes });
      },
    });
    const server = http.createServer(handler);
    const server2 = http2.createServer(handler);
    server2.on('session', (session) => session.on('error', () => {}));
    return { http1: await portOf(server), http2: await portOf(server2) };
  },
  setPace: async (pace: Pace): Promise<void> => ticker.setPace(pace),
  /** Processor time so far, in microseconds, and the heap after garbage collection where there is one to call. */
  async usage(_: undefined): Promise<{ micros: number }> {
    const { user, system } = process.cpuUsage();
    return { micros: user + system };
  },
  async startProfile(_: undefined): Promise<void> {
    profiler = new Session();
    profiler.connect();
    await profiler.post('Profiler.enable');
    await profiler.post('Profiler.setSamplingInterval', { interval: 200 });
    await profiler.post('Profiler.start');
  },
  /** Writes what was profiled to the file. */
  async writeProfile(path: string): Promise<void> {
    const { profile } = (await profiler?.post('Profiler.stop')) ?? {};
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, JSON.stringify(profile));
  },
};

async function portOf(server: http.Server | http2.Http2Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 4_096, resolve));
  return (server.address() as AddressInfo).port;
}

serveTasks(tasks);
