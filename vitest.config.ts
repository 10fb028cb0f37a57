import { defineConfig } from 'vitest/config';

const folders = ['platform', 'services', 'gateway', 'scripts', 'supervisor', 'bench', 'cli', 'load', 'test'];

/** In many of them a test waits for up to 15 s more than once, beside passwords that are hashed and machines that stand still for seconds. */
const endToEndTestTimeout = 60_000;

/** End-to-end tests that start systems of their own and mostly wait for them, so that two files run at once. */
const ownSystems = [
  ...[
    'audit',
    'backup',
    'canary-roles',
    'clock-speeds',
    'drills',
    'exchange-stops',
    'investors-day',
    'journal-retention',
  ],
  ...['keys', 'late-submit', 'lists', 'order-kinds', 'payments-faults', 'rabbitmq', 'random-life', 'replace', 'slices'],
  ...['market-day', 'resuming-streams', 'statement-plans', 'tape'],
].map((name) => `test/e2e/${name}.test.ts`);

export default defineConfig({
  test: {
    pool: 'forks',
    // Most tests wait for processes, databases and timers more than they compute.
    maxWorkers: 4,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    teardownTimeout: 90_000,
    // As long as `eventually` waits; by itself it is a second, which a busy machine takes for a first connection.
    expect: { poll: { timeout: 15_000 } },
    // A test that passes at its second try has found a race. One that needs a retry says so itself, with its reason.
    retry: 0,
    setupFiles: ['platform/testing/property-reports.ts'],
    // A failure names the values it saw, not their number only.
    chaiConfig: { truncateThreshold: 1_000 },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: folders.map((folder) => `${folder}/**/*.test.{ts,tsx}`),
          exclude: ['test/e2e/**', 'test/mesh/**'],
          globalSetup: ['platform/testing/global-setup.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          testTimeout: endToEndTestTimeout,
          include: ['test/e2e/**/*.test.ts'],
          exclude: ownSystems,
          globalSetup: ['test/support/shared-system.ts'],
          // Files share a system, or want the machine for one of their own: one at a time, and not beside the unit tests.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e-own-systems',
          testTimeout: endToEndTestTimeout,
          include: ownSystems,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
