import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { shutdownMsMax } from '#platform/lifecycle/service-app.ts';
import { requireOrSkip } from '#platform/testing/require-or-skip.ts';
import { services } from '../../supervisor/index.ts';
import { projectDirectory } from '../tool.ts';
import { brokerSecrets } from './broker-users.ts';
import { kubectl } from './command.ts';
import { type Manifest, requiredSecrets, serviceImages, serviceLabel, serviceWorkloads } from './manifest.ts';
import { type Overlay, renderOverlay } from './overlay.ts';
import { findSchemaProblems, type Schemas } from './schemas/schema.ts';

const schemas: Schemas = parse(await readFile(join(projectDirectory, 'k8s/schemas.yaml'), 'utf8'));
const hasKubectl = await kubectl(['version', '--client']).then(
  () => true,
  () => false,
);
const overlays = ['laptop', 'kind', 'example'];
const rendered = new Map<string, Overlay>();
const overlayOf = (name: string) => rendered.get(name) as Overlay;
const names = (manifests: readonly Manifest[]) => manifests.map(({ metadata }) => metadata.name).toSorted();
const serviceNames = services.map(({ name }) => name);

beforeAll(async () => {
  if (!hasKubectl) return;
  for (const name of overlays) rendered.set(name, await renderOverlay(`k8s/overlays/${name}`));
}, 120_000);

function mebibytesOf(quantity: string | undefined): number {
  const [, count] = /^(\d+)Mi$/.exec(quantity ?? '') ?? [];
  return Number(count);
}

/** Renders an overlay that exists for the test alone. */
async function renderOwn(kustomization: string, base: string): Promise<Overlay> {
  const directory = await mkdtemp(join(await realpath(tmpdir()), 'outcry-overlay-'));
  try {
    const path = (folder: string) => relative(directory, join(projectDirectory, 'k8s', folder));
    const header = 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n';
    const text = `${header}resources: [${path(base)}]\n${kustomization.replaceAll(/K8S\/([\w/-]+)/g, (_, folder) => path(folder))}`;
    await writeFile(join(directory, 'kustomization.yaml'), text);
    return await renderOverlay(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}

describe.each(overlays)('the overlay %s', (name) => {
  it('renders to resources that the schemas of Kubernetes and Istio know', (context) => {
    requireOrSkip(context, hasKubectl, 'kubectl is not installed');
    const problems = overlayOf(name).manifests.flatMap((manifest) => findSchemaProblems(manifest, schemas));
    expect(problems).toEqual([]);
  });

  it('gives each service its image, labels, an unprivileged pod and a native sidecar', (context) => {
    requireOrSkip(context, hasKubectl, 'kubectl is not installed');
    for (const { metadata, spec } of serviceWorkloads(overlayOf(name).manifests)) {
      const { containers, ...pod } = spec?.template?.spec ?? { containers: [] };
      const template = spec?.template?.metadata;
      expect(template?.labels, metadata.name).toMatchObject({
        app: metadata.name,
        'app.kubernetes.io/name': metadata.name,
        'app.kubernetes.io/part-of': 'outcry',
        [serviceLabel]: metadata.name,
        track: 'stable',
        version: containers[0]?.image.split(':').at(-1),
      });
      const { requests, limits } = containers[0]?.resources ?? {};
      expect(mebibytesOf(requests?.memory), metadata.name).toBeLessThanOrEqual(mebibytesOf(limits?.memory));
      const pauseMs = (containers[0]?.lifecycle?.preStop?.sleep?.seconds ?? 0) * 1_000;
      expect(pauseMs, metadata.name).toBeGreaterThan(0);
      expect((pod.terminationGracePeriodSeconds ?? 0) * 1_000).toBeGreaterThanOrEqual(pauseMs + shutdownMsMax + 1_000);
      expect(template?.annotations?.['sidecar.istio.io/nativeSidecar'], metadata.name).toBe('true');
      expect(pod, metadata.name).toMatchObject({
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      });
    }
  });
});

describe('the overlays of a laptop and of production', () => {
  it('have all services, but for production, which has no mail catcher, no house traders and no PostgreSQL', (context) => {
    requireOrSkip(context, hasKubectl, 'kubectl is not installed');
    expect(names(serviceWorkloads(overlayOf('laptop').manifests))).toEqual(serviceNames.toSorted());
    const left = serviceNames.filter((service) => !['mailbox', 'simulator'].includes(service));
    const { manifests } = overlayOf('example');
    expect(names(serviceWorkloads(manifests))).toEqual(left.toSorted());
    // These name what is outside.
    const ofMesh = manifests.filter(({ kind }) => !['NetworkPolicy', 'ServiceEntry'].includes(kind));
    const about = ofMesh.filter(({ metadata }) => /postgres|mailbox|simulator/.test(metadata.name));
    expect(names(about)).toEqual([]);
  });

  it('let production’s nodes be emptied: two of each service, and a budget for each', (context) => {
    requireOrSkip(context, hasKubectl, 'kubectl is not installed');
    const { manifests } = overlayOf('example');
    const workloads = serviceWorkloads(manifests);
    const scaled = manifests.filter(({ kind }) => kind === 'HorizontalPodAutoscaler');
    expect(scaled.map(({ spec }) => (spec as { minReplicas?: number }).minReplicas)).toEqual(scaled.map(() => 2));
    expect(names(scaled)).toEqual(['gateway', 'ledger', 'order', 'user']);
    // Where autoscaling has the number, a file must not have one.
    const isScaled = ({ metadata }: Manifest) => scaled.some((one) => one.metadata.name === metadata.name);
    expect(names(workloads.filter(({ spec }) => spec?.replicas === undefined))).toEqual(names(scaled));
    expect(names(workloads.filter((one) => !isScaled(one) && (one.spec?.replicas ?? 1) < 2))).toEqual([]);
    expect(names(manifests.filter(({ kind }) => kind === 'PodDisruptionBudget'))).toEqual(names(workloads));
  });

  it('have an entry of the External Secrets example for each Secret of production', {
    timeout: 60_000,
  }, async (context) => {
    requireOrSkip(context, hasKubectl, 'kubectl is not installed');
    const { manifests } = await renderOwn(
      'namespace: outcry\ncomponents: [K8S/components/external-secrets]\n',
      'overlays/example',
    );
    const external = manifests.filter(({ kind }) => kind === 'ExternalSecret');
    expect(names(external)).toEqual([...requiredSecrets(manifests), ...brokerSecrets(manifests)].toSorted());
  });
});

describe('an overlay of one’s own', () => {
  it('changes namespace, host and ingress in one file', { timeout: 60_000 }, async (context) => {
    requireOrSkip(context, hasKubectl, 'kubectl is not installed');
    const { manifests, namespace, parameters } = await renderOwn(
      `namespace: staging
configMapGenerator:
  - name: parameters
    behavior: merge
    options: { disableNameSuffixHash: true }
    literals:
      - host=trade.example.org
      - operators-host=inner.example.org
      - tls-secret=trade-tls
      - operators-tls-secret=inner-tls
      - strict-transport-security=max-age=600
      - certificate-issuer=ours
      - ingress-label=mine
      - ingress-service-account=edge/mine
components: [K8S/components/cert-manager, K8S/components/parameters]
`,
      'overlays/laptop',
    );
    expect(namespace).toBe('staging');
    expect(parameters.host).toBe('trade.example.org');
    const specOf = (kind: string, name: string) =>
      manifests.find((manifest) => manifest.kind === kind && manifest.metadata.name === name)?.spec;
    expect(specOf('Gateway', 'ingress-gateway')).toMatchObject({
      selector: { istio: 'mine' },
      servers: [
        { hosts: ['trade.example.org'], tls: { credentialName: 'trade-tls' } },
        { hosts: ['trade.example.org'] },
      ],
    });
    expect(specOf('VirtualService', 'route-ingress-to-gateway')).toMatchObject({ hosts: ['trade.example.org'] });
    expect(specOf('Gateway', 'operators-gateway')).toMatchObject({
      selector: { istio: 'mine' },
      servers: [{ hosts: ['inner.example.org'], tls: { credentialName: 'inner-tls' } }],
    });
    expect(specOf('VirtualService', 'route-operators-to-gateway')).toMatchObject({ hosts: ['inner.example.org'] });
    const refusal = specOf('AuthorizationPolicy', 'refuse-operators-rpcs-elsewhere');
    expect(JSON.stringify(refusal)).toContain('"notHosts":["inner.example.org","inner.example.org:*"]');
    const routes = JSON.stringify(specOf('VirtualService', 'route-ingress-to-gateway'));
    expect(routes.match(/"strict-transport-security":"max-age=\d+"/g)).toHaveLength(4);
    expect(routes).not.toContain('max-age=0');
    const certificates = manifests.filter(({ kind }) => kind === 'Certificate').map(({ spec }) => spec);
    expect(certificates).toMatchObject([
      { secretName: 'inner-tls', dnsNames: ['inner.example.org'], issuerRef: { name: 'ours' } },
      { secretName: 'trade-tls', dnsNames: ['trade.example.org'], issuerRef: { name: 'ours' } },
    ]);
    expect(specOf('AuthorizationPolicy', 'allow-gateway-from-ingress')).toMatchObject({
      rules: [{ from: [{ source: { serviceAccounts: ['edge/mine'] } }] }],
    });
    expect(specOf('NetworkPolicy', 'connect-ingress')).toMatchObject({
      ingress: [{ from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'edge' } } }] }],
    });
    expect(manifests.flatMap((manifest) => findSchemaProblems(manifest, schemas))).toEqual([]);
    // Nothing names the namespace that the overlay below has, so that both run in one cluster.
    expect(manifests.find(({ kind }) => kind === 'Namespace')?.metadata.name).toBe('staging');
    expect(JSON.stringify(manifests)).not.toMatch(/ns\/outcry|outcry\.svc|"namespace":"outcry"/);
  });

  it('is refused when a component brings what has no namespace', { timeout: 60_000 }, async (context) => {
    requireOrSkip(context, hasKubectl, 'kubectl is not installed');
    await expect(renderOwn('components: [K8S/components/rabbitmq]\n', 'overlays/laptop')).rejects.toThrow(
      /must state its namespace, which these lack: .*StatefulSet rabbitmq/,
    );
  });

  it('changes the image of one service, or registry and version of all', { timeout: 60_000 }, async (context) => {
    requireOrSkip(context, hasKubectl, 'kubectl is not installed');
    const one = await renderOwn(
      'images: [{ name: outcry/order, newName: mine, newTag: "2" }]\n',
      'overlays/production',
    );
    const images = serviceImages(one.manifests);
    expect(images).toContain('mine:2');
    expect(images).toHaveLength(serviceWorkloads(one.manifests).length);
    const all = await renderOwn('images: [{ name: outcry/services, newName: ghcr.io/me/outcry }]\n', 'overlays/laptop');
    expect(serviceImages(all.manifests)).toEqual(['ghcr.io/me/outcry:dev']);
  });

  it('takes the Gateway API in place of Istio’s, and a RabbitMQ', { timeout: 60_000 }, async (context) => {
    requireOrSkip(context, hasKubectl, 'kubectl is not installed');
    const components =
      'components: [K8S/components/rabbitmq, K8S/components/traces, K8S/components/gateway-api, K8S/components/istio-cni]\n';
    const { manifests } = await renderOwn(`namespace: outcry\n${components}`, 'overlays/laptop');
    const gateways = manifests.filter(({ kind }) => kind === 'Gateway');
    expect(gateways.map(({ apiVersion }) => apiVersion)).toEqual(['gateway.networking.k8s.io/v1']);
    expect(requiredSecrets(manifests)).toContain('rabbitmq-users');
    expect(manifests.flatMap((manifest) => findSchemaProblems(manifest, schemas))).toEqual([]);
  });
});
