import { describe, expect, it } from 'vitest';
import { canaryDeployment, type Deployment, migrationJob, runsVersion, tagOf } from './canary-deployment.ts';
import type { Progress } from './progress.ts';

const labels = { app: 'order', 'outcry.dev/service': 'order' };
const stable: Deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'order', namespace: 'outcry', labels, annotations: { 'deployment.kubernetes.io/revision': '4' } },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'order' } },
    template: {
      metadata: { labels: { ...labels, track: 'stable', version: '1' }, annotations: { scraped: 'true' } },
      spec: {
        serviceAccountName: 'order',
        containers: [
          { name: 'service', image: 'outcry/order:1', env: [{ name: 'LOG_LEVEL', value: 'info' }] },
          { name: 'other', image: 'other:1' },
        ],
      },
    },
  },
};
const progress: Progress = { phase: 'steps', steps: [10, 100], passed: 0, stableRevision: '4', findings: 0, run: 'r' };
const version = { image: 'registry:5000/outcry/order:2', env: { LOG_LEVEL: 'warn', NEW: '1' } };

describe('canaryDeployment', () => {
  const canary = canaryDeployment(stable, version, progress);

  it('is the stable one under another name, of another track, with pods that the stable one never takes for its own', () => {
    expect(canary.metadata.name).toBe('order-canary');
    expect(canary.spec.replicas).toBe(2);
    expect(canary.spec.selector.matchLabels).toEqual({ app: 'order-canary', track: 'canary' });
    expect(canary.spec.template.metadata?.labels).toEqual({
      app: 'order-canary',
      'outcry.dev/service': 'order',
      track: 'canary',
      version: '2',
    });
    expect(canary.spec.template.spec.serviceAccountName).toBe('order');
  });

  it('has the new image and settings, and a role that follows an annotation', () => {
    const { spec, metadata } = canary.spec.template;
    expect(metadata?.annotations).toEqual({ scraped: 'true', 'outcry.dev/role': 'canary' });
    expect(spec.containers).toEqual([
      {
        name: 'service',
        image: version.image,
        env: [
          { name: 'LOG_LEVEL', value: 'warn' },
          { name: 'NEW', value: '1' },
          { name: 'OUTCRY_ROLE_FILE', value: '/etc/outcry-role/role' },
        ],
        volumeMounts: [{ name: 'role', mountPath: '/etc/outcry-role', readOnly: true }],
      },
      { name: 'other', image: 'other:1' },
    ]);
    const fieldRef = { fieldPath: "metadata.annotations['outcry.dev/role']" };
    expect(spec.volumes).toEqual([{ name: 'role', downwardAPI: { items: [{ path: 'role', fieldRef }] } }]);
  });

  it('is recognised by its version', () => {
    expect(runsVersion(canary, version)).toBe(true);
    expect(runsVersion(canary, { ...version, env: { NEW: '2' } })).toBe(false);
    expect(runsVersion(stable, { image: 'outcry/order:1', env: {} })).toBe(true);
  });
});

describe('migrationJob', () => {
  it('is of the new version, migrates only, and is of no track that gets calls', () => {
    const labels = { app: 'order-migration', 'outcry.dev/service': 'order', track: 'migration' };
    expect(migrationJob(stable, version)).toMatchObject({
      kind: 'Job',
      metadata: { name: 'order-migration', namespace: 'outcry' },
      spec: {
        template: {
          metadata: { labels },
          spec: {
            restartPolicy: 'Never',
            serviceAccountName: 'order',
            containers: [
              {
                image: version.image,
                env: [
                  { name: 'LOG_LEVEL', value: 'warn' },
                  { name: 'NEW', value: '1' },
                  { name: 'OUTCRY_MIGRATE_ONLY', value: 'true' },
                ],
              },
              {},
            ],
          },
        },
      },
    });
  });
});

describe('tagOf', () => {
  it.each([
    ['outcry/order:2', '2'],
    ['registry:5000/outcry/order', 'latest'],
    [`outcry/order@sha256:${'a'.repeat(64)}`, 'a'.repeat(63)],
  ])('%s', (image, tag) => {
    expect(tagOf(image)).toBe(tag);
  });
});
