import { describe, expect, it } from 'vitest';
import { completePlatforms, findMissingPlatforms, type LockedPackages } from './lockfile.ts';

const packages: LockedPackages = {
  '': {},
  'node_modules/tool': {
    version: '1.2.3',
    dev: true,
    optionalDependencies: {
      '@tool/linux-x64-gnu': '1.2.3',
      '@tool/linux-x64-musl': '1.2.3',
      '@tool/darwin-arm64': '1.2.3',
    },
  },
  'node_modules/tool/node_modules/@tool/linux-x64-gnu': { version: '1.2.3', optional: true },
};

describe('findMissingPlatforms', () => {
  it('names each package of another platform that the lock leaves out', () => {
    const problems = findMissingPlatforms(packages);
    expect(problems).toHaveLength(2);
    expect(problems[0]).toContain('no entry for @tool/linux-x64-musl@1.2.3, an optional part of node_modules/tool');
  });
});

describe('completePlatforms', () => {
  it('adds them with the platform of their names, so that no other machine fetches them', () => {
    const complete = completePlatforms(packages);
    expect(findMissingPlatforms(complete)).toEqual([]);
    expect(complete['node_modules/@tool/linux-x64-musl']).toEqual({
      version: '1.2.3',
      os: ['linux'],
      cpu: ['x64'],
      libc: ['musl'],
      optional: true,
      dev: true,
    });
    expect(complete['node_modules/@tool/darwin-arm64']).toMatchObject({ os: ['darwin'], cpu: ['arm64'] });
  });

  it('leaves a complete lock as it is', () => {
    const complete = completePlatforms(packages);
    expect(completePlatforms(complete)).toEqual(complete);
  });
});
