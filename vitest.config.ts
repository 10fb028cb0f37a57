import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['platform', 'services', 'gateway', 'test', 'scripts'].map((folder) => `${folder}/**/*.test.ts`),
    exclude: ['**/node_modules/**', 'test/mesh/**'],
    globalSetup: ['platform/testing/global-setup.ts'],
    pool: 'forks',
    testTimeout: 20_000,
    hookTimeout: 60_000,
    teardownTimeout: 30_000,
  },
});
