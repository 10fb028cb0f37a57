/** One process of the bench: the gateway, the services behind it, or a plain server. */

import { writeFile } from 'node:fs/promises';
import http from 'node:http';
import { Session } from 'node:inspector/promises';
import type { AddressInfo } from 'node:net';
import { openTestGateway, startTestUpstream } from '../../gateway/testing/index.ts';
import { serveTasks } from '../system/helper-process.ts';

/** What the process can be asked for. */
export type PartTasks = typeof tasks;

/** Where the services listen, and of each user a token, an API key, and a key that is bound to networks and has a rate. */
export type Upstream = { address: string; tokens: string[]; keys: string[]; boundKeys: string[] };

const order = {
  orderId: '01980000-0000-7000-8000-000000000000',
  accountId: '01980000-0000-7000-8000-000000000001',
  symbol: 'ACME',
  side: 1,
  type: 2,
  timeInForce: 1,
  quantity: '5',
  limitPrice: '90.00',
  status: 2,
  filledQuantity: '0',
  fees: '0.00',
  version: 3n,
  changeSequence: 7n,
  createTime: { seconds: 1_800_000_000n, nanos: 5_000_000 },
  updateTime: { seconds: 1_800_000_000n, nanos: 9_000_000 },
};
const rates = { callsPerSecondMax: 1_000_000, callsBurstMax: 1_000_000 };
const boundPrefix = 'ok_bbbbbbbbbbbb';
const keyBounds = { allowedNetworks: ['10.0.0.0/8', '127.0.0.0/8', '::1/128'], callsPerSecondMax: 1_000_000 };
let profiler: Session | undefined;

const tasks = {
  /** Starts the services, which place `perSecond` orders a second at most, one after the other (0: no bound). */
  async startUpstream({ users, perSecond }: { users: number; perSecond: number }): Promise<Upstream> {
    let freeTimeMs = 0;
    const answer = async ({ clientOrderId }: { clientOrderId: string }) => {
      if (perSecond > 0) {
        freeTimeMs = Math.max(freeTimeMs, performance.now()) + 1_000 / perSecond;
        await new Promise((resolve) => setTimeout(resolve, Math.max(1, freeTimeMs - performance.now())));
      }
      return { order: { ...order, clientOrderId } };
    };
    const tokenOf = async (apiKey: string) =>
      upstream.identity.userToken({ key: { keyId: apiKey, scopes: ['read', 'trade'] } });
    const verifyApiKey = async ({ apiKey }: { apiKey: string }) => ({
      accessToken: await tokenOf(apiKey),
      ...(apiKey.startsWith(boundPrefix) && keyBounds),
    });
    const upstream = await startTestUpstream({ placeOrder: answer, getOrder: async () => ({ order }), verifyApiKey });
    setInterval(() => {
      upstream.received.length = 0;
      upstream.groups.length = 0;
    }, 100);
    const tokens = await Promise.all(
      Array.from({ length: users }, () => upstream.identity.userToken({ expiresInSeconds: 3_600 })),
    );
    const keysWith = (prefix: string) => tokens.map((_, index) => `${prefix}_${String(index).padStart(43, '0')}`);
    return { address: upstream.address, tokens, keys: keysWith('ok_aaaaaaaaaaaa'), boundKeys: keysWith(boundPrefix) };
  },
  /** Starts the gateway before the services and gives its port. */
  async startGateway({ address }: { address: string }): Promise<number> {
    return (await openTestGateway(address, rates)).port;
  },
  /** Starts a plain server that reads each request and answers with a body of about the size of an order. */
  async startPlain(_: undefined): Promise<number> {
    const body = JSON.stringify({
      order: { ...order, version: '3', changeSequence: '7', createTime: '', updateTime: '' },
    });
    const server = http.createServer((request, response) => {
      request.resume().on('end', () => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
        response.end(body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  },
  /** Processor time of the process so far, in microseconds. */
  async processorMicros(_: undefined): Promise<number> {
    const { user, system } = process.cpuUsage();
    return user + system;
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
    await writeFile(path, JSON.stringify(profile));
  },
};

serveTasks(tasks);
