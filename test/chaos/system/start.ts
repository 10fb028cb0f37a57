// Starts the system as `npm start` does, with every service run through process-entry.ts, so that its connections pass the proxies of the
// run and its clock can be turned. What ends is started again within half a second, however often it ends.
import { startVariant } from '../../../supervisor/testing/index.ts';

process.exit(
  await startVariant(process.argv.slice(2), {
    change: (service) => ({
      ...service,
      main: 'test/chaos/system/process-entry.ts',
      settingPrefixes: [...service.settingPrefixes, 'CHAOS_'],
    }),
    restartLimits: { delayMinMs: 50, delayMaxMs: 500, failingFromEnds: 1_000 },
  }),
);
