// `npm run audit`: asks the running system whether every cent and share is accounted for. Exit code 0 when it is, 1 when something
// differs or nothing runs, 2 for a wrong command line.
//
//   --data DIR   data folder of the running system (default .outcry)
//   --url URL    another gateway; log in as OUTCRY_EMAIL with OUTCRY_PASSWORD, an operator or administrator
//   --json       print the answer as one line of JSON
import { parseArgs } from 'node:util';
import { createGatewayCall, findOperatorTarget, logIn } from '../../supervisor/index.ts';
import { describeAudit, isClean } from './report.ts';
import { runAudit } from './run-audit.ts';

const auditTimeoutMs = 60_000;
const findingsMax = 1_000;

async function audit(): Promise<number> {
  const { values } = parseArgs({
    options: { data: { type: 'string' }, url: { type: 'string' }, json: { type: 'boolean' } },
  });
  const target = findOperatorTarget(values);
  const call = createGatewayCall(target.url, { timeoutMs: auditTimeoutMs });
  const token = await logIn(call, target.email, target.password);
  const answer = await runAudit((method, request) => call(method, request, token), findingsMax);
  console.log(values.json ? JSON.stringify(answer) : describeAudit(answer));
  return isClean(answer) ? 0 : 1;
}

try {
  process.exitCode = await audit();
} catch (error) {
  console.error(`audit: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = error instanceof TypeError && 'code' in error ? 2 : 1;
}
