import type { MeshDrill } from '../fault.ts';

/** Faults of a cluster: `npm run test:mesh -- TEST` rehearses each. */
export const meshDrills: readonly MeshDrill[] = [
  {
    name: 'bad-canary',
    title: 'A release that answers with faults.',
    meshTest: 'test/mesh/canary.test.ts',
    runbook: 'docs/runbooks/bad-release.md',
  },
  {
    name: 'certificate-expiry',
    title: 'The certificate of the edge ends.',
    meshTest: 'test/mesh/edge.test.ts',
    runbook: 'docs/runbooks/calls-refused.md',
  },
  {
    name: 'sick-pod',
    title: 'One pod of several answers with faults.',
    meshTest: 'test/mesh/sick-pod.test.ts',
    runbook: 'docs/runbooks/pod-not-ready.md',
  },
];
