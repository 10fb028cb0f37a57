import { defineConfig } from 'vitest/config';

const folders = ['platform', 'services', 'gateway', 'scripts', 'supervisor', 'bench', 'test'];

export default defineConfig({
  test: {
    pool: 'forks',
    testTimeout: 20_000,
    hookTimeout: 60_000,
    teardownTimeout: 90_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: folders.map((folder) => `${folder}/**/*.test.ts`),
          exclude: ['test/e2e/**', 'test/mesh/**'],
          globalSetup: ['platform/testing/global-setup.ts'],
          // Many tests wait for real processes, and a shared machine may stall for longer than they wait.
          retry: 1,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/support/shared-system.ts'],
          // Each file may start a system of its own: one at a time, and not beside the unit tests.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          // A shared machine may stall for longer than a test waits. Where money is proved there is no second try: see chaos.test.ts.
          retry: 1,
        },
      },
    ],
  },
});
