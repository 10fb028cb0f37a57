// `npm run format`: lets biome fix what it can, here or in the paths given.
import { runTool } from './tool.ts';

process.exitCode = (await runTool('biome', ['check', '--write', ...process.argv.slice(2)], { live: true })).code;
