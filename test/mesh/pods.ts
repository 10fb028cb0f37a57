/** Pods that the tests put beside the system. */
import { readFile } from 'node:fs/promises';
import { serviceLabel } from '../../scripts/mesh/index.ts';
import { meshNamespace, serviceImage } from './cluster.ts';

/** A namespace without sidecars, for the time of the tests. */
export const outsideNamespace = 'outcry-outside';

const idle = 'setInterval(() => {}, 2 ** 30)';

/** A pod that does nothing until a probe is run in it. */
export function idlePod(name: string, options: { namespace: string; serviceAccountName: string }): Promise<object> {
  return podOf(name, { ...options, labels: { app: name }, program: idle });
}

/** How calls end at a stand-in, and for how long. */
export type Phase = { how: 'unavailable' | 'hang' | 'reset'; seconds: number };

/**
 * A pod that stands behind a service's name, in its place or beside its own, with its identity: see stand-in.mjs. It is not of the service's
 * Deployment, which would delete it. Without a sidecar of its own, its refusals and resets reach the callers' proxies as they are; a sidecar
 * makes answers UNAVAILABLE of them.
 */
export async function standInPod(
  service: string,
  {
    track = 'stable',
    phases = [],
    hasSidecar = true,
  }: { track?: string; phases?: readonly Phase[]; hasSidecar?: boolean } = {},
): Promise<object> {
  const source = await readFile(new URL('./stand-in.mjs', import.meta.url), 'utf8');
  const program = `globalThis.phases = ${JSON.stringify(phases)};\n${source}`;
  const labels = {
    app: `stand-in-${service}`,
    [serviceLabel]: service,
    track,
    role: 'stand-in',
    'sidecar.istio.io/inject': String(hasSidecar),
  };
  return podOf(`stand-in-${service}`, { namespace: meshNamespace, serviceAccountName: service, labels, program });
}

/** A pod that runs a program in place of a service, with its identity. */
export function serverPod(
  name: string,
  { namespace, service, program }: { namespace: string; service: string; program: string },
): Promise<object> {
  const labels = { app: name, [serviceLabel]: service, track: 'stable' };
  return podOf(name, { namespace, serviceAccountName: service, labels, program });
}

async function podOf(
  name: string,
  options: { namespace: string; serviceAccountName: string; labels: Record<string, string>; program: string },
): Promise<object> {
  const { namespace, serviceAccountName, labels, program } = options;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels },
    spec: {
      serviceAccountName,
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 0,
      containers: [
        {
          name: 'service',
          image: await serviceImage(),
          imagePullPolicy: 'IfNotPresent',
          args: ['--input-type=module', '--eval', program],
          ports: [{ name: 'grpc', containerPort: 9000 }],
          resources: { requests: { cpu: '10m', memory: '48Mi' }, limits: { memory: '192Mi' } },
        },
      ],
    },
  };
}
