// `npm run mesh:generate`: makes the policies of istio/ that follow from the contracts, and the Jobs of k8s/ that migrate. With --check it writes nothing, prints what
// is stale, and ends with exit code 1 when anything is.
import { findStaleMigrationJobs, writeMigrationJobs } from './migration-jobs.ts';
import { findStalePolicies, writePolicies } from './policies.ts';

if (process.argv.includes('--check')) {
  const problems = [...(await findStalePolicies()), ...(await findStaleMigrationJobs())];
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length === 0 ? 0 : 1;
} else {
  await writePolicies();
  await writeMigrationJobs();
}
