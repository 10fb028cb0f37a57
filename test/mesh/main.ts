// `npm run test:mesh`: tests that the mesh in the cluster that KUBECONFIG names enforces its policies, then prints the time and memory of
// each service. `npm run mesh:up` brings it up.
// Without a cluster it says so and ends with exit code 0, or 1 where OUTCRY_REQUIRE_ALL=1 promises one.
// Words on the command line pick tests by name: `npm run test:mesh -- ingress audit`. `--all` runs those too that take minutes.
//   OUTCRY_INGRESS_URL        where the ingress answers (default: https:// and the address of its load balancer)
//   OUTCRY_NAMESPACE          the namespace of the system (default: outcry)
//   OUTCRY_NETWORK_POLICIES   `unenforced` where the cluster's network enforces none
//   OUTCRY_MESH_STREAMS       streams of each kind that follow the weights of a canary (default: 50)
//   OUTCRY_LAST_IMAGE         the image of another release, which runs beside this one (default: the same one)
//   OUTCRY_MESH_THROWN_AWAY   1 on a system that is thrown away after the tests: a version that books wrong fees is tried too
import { startVitest } from 'vitest/node';
import { projectDirectory } from '../../scripts/tool.ts';
import { findObstacle } from './cluster.ts';
import { printFigures, readReadyTimes } from './figures.ts';
import { setHosts, trustIngress } from './hosts.ts';

const obstacle = await findObstacle();
if (obstacle === undefined) await runTests();
else {
  console.log(`mesh tests: skipped, ${obstacle}`);
  process.exitCode = process.env.OUTCRY_REQUIRE_ALL === '1' ? 1 : 0;
}

async function runTests(): Promise<void> {
  const readyTimes = await readReadyTimes();
  await trustIngress();
  await setHosts();
  // The main configuration leaves these tests out: they need a cluster. They run in order: some take a service away for a while.
  const words = process.argv.slice(2);
  if (words.includes('--all')) process.env.OUTCRY_MESH_ALL = '1';
  const names = words.filter((word) => word !== '--all');
  const vitest = await startVitest('test', [], {
    config: false,
    root: projectDirectory,
    include: ['test/mesh/*.test.ts'],
    setupFiles: ['test/mesh/resolve-hosts.ts'],
    watch: false,
    ...(names.length > 0 ? { testNamePattern: names.join('|') } : {}),
    fileParallelism: false,
    reporters: ['verbose'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  });
  await vitest.close();
  await printFigures(readyTimes);
}
