import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generatedNote } from './mesh-file.ts';
import { findStalePolicies, policyDirectory, writePolicies } from './policies.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'outcry-istio-'));
  await cp(policyDirectory, directory, { recursive: true });
});

afterEach(() => rm(directory, { recursive: true, force: true }));

describe('findStalePolicies', () => {
  it('finds nothing in the project’s own policies', async () => {
    expect(await findStalePolicies()).toEqual([]);
  });

  it('finds a policy that was changed by hand', async () => {
    await writeFile(join(directory, 'allow-order-from-auto.yaml'), `${generatedNote}\n`);
    expect(await findStalePolicies(directory)).toEqual([
      'istio/allow-order-from-auto.yaml is not what the contracts make; `npm run mesh:generate` renews it',
    ]);
  });

  it('finds a policy whose edge no contract names any more', async () => {
    await writeFile(join(directory, 'allow-order-from-stranger.yaml'), `${generatedNote}\n`);
    expect(await findStalePolicies(directory)).toEqual([
      'istio/allow-order-from-stranger.yaml is made by no contract; `npm run mesh:generate` renews it',
    ]);
  });
});

describe('writePolicies', () => {
  it('rewrites the folder from the contracts and lists policies made by hand', async () => {
    await writeFile(join(directory, 'allow-order-from-stranger.yaml'), `${generatedNote}\n`);
    await writeFile(join(directory, 'by-hand.yaml'), '# made by hand\n');
    const list = 'istio/kustomization.yaml is not what the contracts make; `npm run mesh:generate` renews it';
    expect(await findStalePolicies(directory)).toContain(list);
    await writePolicies(directory);
    expect(await findStalePolicies(directory)).toEqual([]);
  });
});
