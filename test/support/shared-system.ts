/** The one system that most end-to-end tests share; the global set-up starts it. */
import getPort from 'get-port';
import type { TestProject } from 'vitest/node';
import { type RunningSystem, startSystem } from '../../supervisor/testing/index.ts';

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
  const collectorPort = await getPort();
  system = await startSystem({
    flags: ['--seed', '7'],
    env: { ...sharedSystemEnv, OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collectorPort}` },
  });
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
