import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { forwardedServices, isPublic, ownerOf, publicServices } from './contracts.ts';
import { needs } from './needs.ts';

const protoFolder = new URL('../proto/outcry/', import.meta.url);

describe('publicServices', () => {
  it('has every service of the contracts whose RPCs name roles', () => {
    const named = readdirSync(protoFolder, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.proto'))
      .flatMap((path) => publicNamesIn(readFileSync(new URL(path, protoFolder), 'utf8')));
    expect(publicServices.map(({ typeName }) => typeName).sort()).toEqual(named.sort());
  });

  it('has only services that are public as a whole', () => {
    expect(publicServices.filter((service) => !isPublic(service))).toEqual([]);
  });
});

describe('needs', () => {
  it('names each other service with a public RPC', () => {
    expect(needs.calls).toEqual([...new Set(forwardedServices.map(ownerOf))].toSorted());
  });
});

describe('ownerOf', () => {
  it('is the service after which the package is named', () => {
    const service = publicServices.find(({ name }) => name === 'OrderService');
    expect(service && ownerOf(service)).toBe('order');
  });
});

// Read from the text, so that a forgotten import in the list cannot hide a service.
function publicNamesIn(text: string): string[] {
  const packageName = /^package (\S+);/m.exec(text)?.[1] ?? '';
  return text
    .split(/^service /m)
    .slice(1)
    .filter((body) => /roles: \[/.test(body))
    .map((body) => `${packageName}.${/^\w+/.exec(body)?.[0]}`);
}
