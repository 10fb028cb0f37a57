// `npm run load:check -- [--seconds N] [--rate N]`: k6 and ghz against a system of its own, with their thresholds; the CI runs it. A tool
// that is absent is skipped with a reason, or a failure where OUTCRY_REQUIRE_ALL=1 promises that every part is there.
import { parseArgs } from 'node:util';
import { startSystem } from '../supervisor/testing/index.ts';
import { readLoadFlags } from './flags.ts';
import { runLoad } from './run-load.ts';
import { findTool } from './tools/find-tool.ts';

const tools = ['k6', 'ghz'] as const;

async function check(): Promise<number> {
  const { values } = parseArgs({ options: { seconds: { type: 'string' }, rate: { type: 'string' } } });
  const { seconds = '20', rate = '100' } = values;
  const present = tools.filter(isPresent);
  let code = present.length < tools.length && process.env.OUTCRY_REQUIRE_ALL === '1' ? 1 : 0;
  if (present.length === 0) return code;
  await using system = await startSystem({ flags: ['--no-simulator'] });
  for (const tool of present) {
    const args = [
      '--tool',
      tool,
      '--seconds',
      seconds,
      '--rate',
      rate,
      '--users',
      '20',
      '--data',
      system.dataDirectory,
    ];
    code = Math.max(code, await runLoad(readLoadFlags(args)));
  }
  return code;
}

function isPresent(tool: (typeof tools)[number]): boolean {
  try {
    findTool(tool);
    return true;
  } catch (error) {
    console.log(`skipped: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

process.exitCode = await check();
