// `npm run proto:lint`: the contracts' style.
import { runTool } from '../tool.ts';

process.exitCode = (await runTool('buf', ['lint', 'proto', ...process.argv.slice(2)], { live: true })).code;
