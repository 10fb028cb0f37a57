// `npm run docs:generate`: renews what documents have from the code.
import { writeArchitecture } from './architecture.ts';
import { writeLogEvents } from './log-events.ts';
import { writeParityCounts } from './parity/parity.ts';

await writeArchitecture();
await writeParityCounts();
await writeLogEvents();
