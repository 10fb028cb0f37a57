// `npm run audit`: asks the running system whether every cent and share is accounted for. Exit code 0 when it is, 1 when something
// differs or nothing runs, 2 for a wrong command line.
//
//   --data DIR   data folder of the running system (default .outcry)
//   --url URL    another gateway; log in as OUTCRY_EMAIL with OUTCRY_PASSWORD, an operator or administrator
//   --json       print the answer as one line of JSON
import { parseArgs } from 'node:util';
import { toJson } from '@bufbuild/protobuf';
import { FindingSchema, type PassProgress, VerdictSchema } from '#gen/outcry/audit/v1/audit_pb.ts';
import { findOperatorTarget } from '../../supervisor/index.ts';
import { describeAudit } from './report.ts';
import { type AuditAnswer, runAudit } from './run-audit.ts';

const findingsMax = 1_000;

async function audit(): Promise<number> {
  const { values } = parseArgs({
    options: { data: { type: 'string' }, url: { type: 'string' }, json: { type: 'boolean' } },
  });
  const answer = await runAudit(findOperatorTarget(values), findingsMax, showProgress);
  console.log(values.json ? JSON.stringify(jsonOf(answer)) : describeAudit(answer));
  return answer.verdict.clean ? 0 : 1;
}

function showProgress({ checked }: PassProgress): void {
  const rows = Object.values(checked).reduce((sum, count) => sum + count, 0n);
  console.error(`audit: the pass goes on; ${rows} rows were checked up to now`);
}

function jsonOf({ verdict, findings }: AuditAnswer) {
  return {
    verdict: toJson(VerdictSchema, verdict),
    findings: findings.map((finding) => toJson(FindingSchema, finding)),
  };
}

try {
  process.exitCode = await audit();
} catch (error) {
  console.error(`audit: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = error instanceof TypeError && 'code' in error ? 2 : 1;
}
