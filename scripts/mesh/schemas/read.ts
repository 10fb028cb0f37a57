// `npm run mesh:schemas`: writes k8s/schemas.yaml from what the cluster that KUBECONFIG names publishes of its kinds.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectDirectory } from '../../tool.ts';
import { kubectl } from '../command.ts';
import { type PublishedSchema, SchemaCollector } from './prune.ts';
import type { Schema } from './schema.ts';

const kinds = [
  'v1 ConfigMap',
  'v1 Namespace',
  'v1 Service',
  'v1 ServiceAccount',
  'apps/v1 Deployment',
  'apps/v1 StatefulSet',
  'autoscaling/v2 HorizontalPodAutoscaler',
  'batch/v1 CronJob',
  'batch/v1 Job',
  'networking.k8s.io/v1 NetworkPolicy',
  'policy/v1 PodDisruptionBudget',
  'rbac.authorization.k8s.io/v1 Role',
  'rbac.authorization.k8s.io/v1 RoleBinding',
];
const customKinds = [
  'authorizationpolicies.security.istio.io',
  'certificates.cert-manager.io',
  'destinationrules.networking.istio.io',
  'envoyfilters.networking.istio.io',
  'gateways.gateway.networking.k8s.io',
  'gateways.networking.istio.io',
  'httproutes.gateway.networking.k8s.io',
  'peerauthentications.security.istio.io',
  'requestauthentications.security.istio.io',
  'serviceentries.networking.istio.io',
  'sidecars.networking.istio.io',
  'telemetries.telemetry.istio.io',
  'virtualservices.networking.istio.io',
];
/** The version of a kind that is used: the first of these that the cluster has. */
const customVersions = ['v1', 'v1alpha3'];
const note = '# Made from what a cluster publishes by `npm run mesh:schemas`; do not edit. One definition a line.';

const published = new Map<string, PublishedSchema>();
for (const version of new Set(kinds.map((name) => name.split(' ')[0] ?? ''))) {
  const text = await kubectl(['get', '--raw', `/openapi/v3/${version.includes('/') ? 'apis' : 'api'}/${version}`]);
  const { components } = JSON.parse(text) as { components: { schemas: Record<string, PublishedSchema> } };
  for (const [name, schema] of Object.entries(components.schemas)) published.set(name, schema);
}
const collector = new SchemaCollector(published);
for (const kind of kinds) collector.addKind(kind);
for (const name of customKinds) {
  const { spec } = JSON.parse(await kubectl(['get', 'crd', name, '-o', 'json'])) as {
    spec: {
      group: string;
      names: { kind: string };
      versions: { name: string; schema: { openAPIV3Schema: PublishedSchema } }[];
    };
  };
  const [version] = customVersions.flatMap((wanted) => spec.versions.find((one) => one.name === wanted) ?? []);
  const schema = version?.schema.openAPIV3Schema.properties?.spec;
  if (schema === undefined) throw new Error(`${name} has none of the versions ${customVersions.join(', ')}`);
  collector.addCustomKind(`${spec.group}/${version?.name} ${spec.names.kind}`, schema);
}
const collected = collector.collect();
const lines = (schemas: Record<string, Schema>) =>
  Object.entries(schemas).map(([name, schema]) => `  ${name}: ${JSON.stringify(schema)}`);
const text = [note, 'kinds:', ...lines(collected.kinds), 'definitions:', ...lines(collected.definitions), ''];
await writeFile(join(projectDirectory, 'k8s/schemas.yaml'), text.join('\n'));
