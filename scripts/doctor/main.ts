// `npm run doctor`: what is wrong with this installation and with the system that runs on it, in a list, with what to do. Exit code 0 when
// nothing is, 1 when something is, 2 for a wrong command line.
//
//   --data DIR   data folder (default .outcry); what runs there is examined too
//   --running    a system must run there
//   --json       print one line of JSON: `findings`, each with code, subject and detail
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { projectDirectory } from '../tool.ts';
import { examine } from './examine.ts';
import { describeFindings } from './finding.ts';

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { data: { type: 'string' }, running: { type: 'boolean' }, json: { type: 'boolean' } },
  });
  const data = resolve(projectDirectory, values.data ?? '.outcry');
  const findings = await examine({ data, expectsSystem: values.running ?? false });
  console.log(values.json ? JSON.stringify({ findings }) : describeFindings(findings));
  return findings.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`doctor: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = error instanceof TypeError ? 2 : 1;
}
