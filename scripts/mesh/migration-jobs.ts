import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { busDatabase, type ServiceDefinition, services } from '../../supervisor/index.ts';
import { projectDirectory } from '../tool.ts';
import { brokerSecretPrefix } from './broker-users.ts';
import { generatedNote, type MeshFile, trackLabel } from './mesh-file.ts';

/** Services that a cluster may lack, and the component that brings each. */
const componentOf: ReadonlyMap<string, string> = new Map([
  ['mailbox', 'mail'],
  ['simulator', 'simulator'],
]);

const kubernetesDirectory = join(projectDirectory, 'k8s');

/** The name of the Job that migrates the databases of a service. */
export function migrationJobName(service: string): string {
  return `migrate-${service}`;
}

/** The Jobs of all services with a database, in the folder that has the service. */
export function migrationFiles(): MeshFile[] {
  const folders = Map.groupBy(
    services.filter(({ database, bus }) => database || bus),
    ({ name }) => (componentOf.has(name) ? `components/${componentOf.get(name)}` : 'base'),
  );
  return [...folders].map(([folder, members]) => ({
    name: `${folder}/migrations.yaml`,
    text: `${generatedNote}\n${members.map((service) => toYaml(migrationJob(service))).join('---\n')}`,
  }));
}

/** Rewrites the Jobs from the table of services. */
export async function writeMigrationJobs(): Promise<void> {
  for (const { name, text } of migrationFiles()) await writeFile(join(kubernetesDirectory, name), text);
}

/** Finds Jobs that are not what the table of services makes. One line for each file. */
export async function findStaleMigrationJobs(): Promise<string[]> {
  const problems: string[] = [];
  for (const { name, text } of migrationFiles()) {
    const found = await readFile(join(kubernetesDirectory, name), 'utf8').catch(() => '');
    if (found !== text) problems.push(`k8s/${name} is not what the services need; \`npm run mesh:generate\` renews it`);
  }
  return problems;
}

function toYaml(resource: object): string {
  return stringify(resource, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** Its pods have the identity of the service and are never ready, so that they get no calls. */
function migrationJob(service: ServiceDefinition): object {
  const { name } = service;
  const app = migrationJobName(name);
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: app,
      labels: { app, 'app.kubernetes.io/name': name, 'app.kubernetes.io/component': 'migration' },
      annotations: {
        'argocd.argoproj.io/hook': 'Sync',
        'argocd.argoproj.io/hook-delete-policy': 'BeforeHookCreation',
      },
    },
    spec: {
      // Each attempt tries a lock that others hold ten times; a fault of the files is none that a repetition mends.
      backoffLimit: 2,
      activeDeadlineSeconds: 1_800,
      ttlSecondsAfterFinished: 3_600,
      template: {
        metadata: {
          labels: {
            app,
            'app.kubernetes.io/name': name,
            'app.kubernetes.io/part-of': 'outcry',
            'outcry.dev/service': name,
            [trackLabel]: 'migration',
          },
          annotations: { 'sidecar.istio.io/nativeSidecar': 'true' },
        },
        spec: {
          serviceAccountName: name,
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          restartPolicy: 'Never',
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 65_532,
            runAsGroup: 65_532,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          containers: [migrationContainer(service)],
        },
      },
    },
  };
}

function migrationContainer({ name, main, database, bus }: ServiceDefinition): object {
  return {
    name: 'service',
    image: `outcry/${name}`,
    imagePullPolicy: 'IfNotPresent',
    args: [main.replace(/\.ts$/, '.mjs')],
    env: [
      { name: 'OUTCRY_MIGRATE_ONLY', value: 'true' },
      { name: 'OUTCRY_HOST', value: '0.0.0.0' },
      ...(database ? [urlOf('DATABASE_URL', `database-${name}`)] : []),
      ...(bus
        ? [
            urlOf('BUS_DATABASE_URL', `database-${busDatabase}`),
            urlOf('AMQP_URL', `${brokerSecretPrefix}${name}`, true),
          ]
        : []),
    ],
    ports: [{ name: 'http-admin', containerPort: 9464 }],
    readinessProbe: { httpGet: { path: '/readyz', port: 'http-admin' }, periodSeconds: 5 },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    resources: { requests: { cpu: '20m', memory: '80Mi' }, limits: { memory: '320Mi' } },
  };
}

function urlOf(name: string, secret: string, optional = false): object {
  return { name, valueFrom: { secretKeyRef: { name: secret, key: 'url', ...(optional && { optional }) } } };
}
