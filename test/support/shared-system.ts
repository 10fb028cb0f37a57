/** The one system that most end-to-end tests share; the global set-up starts it. */
import type { TestProject } from 'vitest/node';
import { freePort } from '#platform/testing/free-port.ts';
import { pause } from '#platform/time/pause.ts';
import { type RunningSystem, startSystem } from '../../supervisor/testing/index.ts';
import { fetchClient } from './fetch-client.ts';

declare module 'vitest' {
  // Declaration merging needs an interface.
  interface ProvidedContext {
    sharedSystem: SharedSystem;
    /** Where the spans of the shared system go: free until a test listens there. */
    collectorPort: number;
  }
}

/** What tests know of the shared system. */
export type SharedSystem = {
  gatewayUrl: string;
  dataDirectory: string;
  admin: { email: string; password: string };
};

/** The house trades less than it would by default, so that tests have the machine. */
export const quietHouse = { SIMULATOR_COMMANDS_PER_SECOND_MAX: '15' };

/** The environment of the shared system, and of one like it. */
export const sharedSystemEnv = {
  GATEWAY_CALLS_PER_SECOND_MAX: '5000',
  GATEWAY_CALLS_BURST_MAX: '10000',
  ...quietHouse,
};

let system: RunningSystem | undefined;

/** Starts the system with its simulator before the first end-to-end test. */
export async function setup(project: TestProject): Promise<void> {
  const collectorPort = await freePort();
  system = await startSystem({
    flags: ['--seed', '7'],
    env: { ...sharedSystemEnv, OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collectorPort}` },
  });
  await untilQuoted(system.gatewayUrls[0] ?? '');
  project.provide('collectorPort', collectorPort);
  project.provide('sharedSystem', {
    gatewayUrl: system.gatewayUrls[0] ?? '',
    dataDirectory: system.dataDirectory,
    admin: system.admin,
  });
}

/** Stops it after the last. */
export async function teardown(): Promise<void> {
  await system?.[Symbol.asyncDispose]();
}

const quotedInMs = 60_000;

/** Waits until the house quotes both sides of every book without a session: the first test may be one that buys at market. */
async function untilQuoted(gatewayUrl: string): Promise<void> {
  const client = fetchClient(gatewayUrl);
  const { instruments = [] } = await client.call('MarketService/ListInstruments', { pageSize: 100 });
  const symbols = (instruments as { symbol: string; calendar?: string }[])
    .filter(({ calendar }) => calendar === '24x7')
    .map(({ symbol }) => symbol);
  for (const deadlineMs = performance.now() + quotedInMs; performance.now() < deadlineMs; await pause(200)) {
    const { quotes = [] } = await client.call('MarketService/ListQuotes', { symbols });
    const quoted = (quotes as { bidPrice?: string; askPrice?: string }[]).filter((one) => one.bidPrice && one.askPrice);
    if (quoted.length === symbols.length) return;
  }
  throw new Error(`the house does not quote every book after ${quotedInMs} ms`);
}
