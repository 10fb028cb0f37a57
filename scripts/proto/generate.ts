// `npm run proto:generate`: makes gen/ from the contracts.
import { runTool } from '../tool.ts';

process.exitCode = (await runTool('buf', ['generate', ...process.argv.slice(2)], { live: true })).code;
