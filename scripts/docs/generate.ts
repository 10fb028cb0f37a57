// `npm run docs:generate`: renews what documents have from the code.
import { writeArchitecture } from './architecture.ts';

await writeArchitecture();
