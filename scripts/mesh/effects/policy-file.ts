import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { policyFolders } from '../mesh-file.ts';
import { policyDirectory } from '../policies.ts';

/** A policy as a file of istio/ has it. */
export type Policy<Spec = unknown> = { kind: string; metadata: { name: string }; spec: Spec };

/** The policies of istio/ by file, such as `network/deny-all.yaml`, without those of tools for canaries. */
export async function readPolicies(directory = policyDirectory): Promise<Map<string, Policy>> {
  const policies = new Map<string, Policy>();
  for (const folder of policyFolders) {
    for (const name of (await readdir(join(directory, folder))).toSorted()) {
      if (!name.endsWith('.yaml') || name === 'kustomization.yaml') continue;
      const file = folder === '' ? name : `${folder}/${name}`;
      policies.set(file, parse(await readFile(join(directory, file), 'utf8')) as Policy);
    }
  }
  return policies;
}

/** Those of one kind. */
export function ofKind<Spec>(policies: Iterable<Policy>, kind: string): Policy<Spec>[] {
  return [...policies].filter((policy): policy is Policy<Spec> => policy.kind === kind);
}
