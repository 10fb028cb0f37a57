// `npm run dead-letters`: shows the events that services could not handle, tries them again, or drops them with a reason (see `usage`).
// Exit code 0 when done, 1 when that failed or nothing runs, 2 for a wrong command line.
import { createGatewayCall, findOperatorTarget, logIn } from '../../supervisor/index.ts';
import { parseCommand, UsageError, usage } from './command.ts';
import { runCommand } from './run-command.ts';

const callTimeoutMs = 30_000;

try {
  const command = parseCommand(process.argv.slice(2));
  const target = findOperatorTarget(command);
  const call = createGatewayCall(target.url, { timeoutMs: callTimeoutMs });
  const token = await logIn(call, target.email, target.password);
  console.log(await runCommand(command, call, token));
} catch (error) {
  console.error(`dead-letters: ${error instanceof Error ? error.message : String(error)}`);
  if (error instanceof UsageError) console.error(usage);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
