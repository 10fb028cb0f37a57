// `npm test`: every test of the project, on Node 24. See test-run.ts.
import { runScript } from './bootstrap.mjs';

await runScript('scripts/test-run.ts', process.argv.slice(2), { development: true });
