// `npm run load -- [flags]`: makes users and books through public RPCs, loads the system with a tool, audits it, and prints one table.
// Exit code 0 when every threshold held and the audit is clean, 1 when not, 2 for a wrong command line.
import { readLoadFlags, UsageError, usage } from './flags.ts';
import { runKnee } from './knee/run-knee.ts';
import { runLoad } from './run-load.ts';

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(usage);
    return 0;
  }
  try {
    const flags = readLoadFlags(args);
    return await (flags.findsKnee ? runKnee(flags) : runLoad(flags));
  } catch (error) {
    console.error(`load: ${error instanceof Error ? error.message : String(error)}`);
    return error instanceof UsageError ? 2 : 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
