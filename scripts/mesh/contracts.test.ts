import { describe, expect, it } from 'vitest';
import { services } from '../../supervisor/index.ts';
import { compareTexts, loadMeshRpcs } from './contracts.ts';

const rpcs = await loadMeshRpcs();
const rpcOf = (name: string) => rpcs.find(({ path }) => path.endsWith(`/${name}`));

describe('loadMeshRpcs', () => {
  it('finds each contract’s service among those that run', () => {
    const names = services.map(({ name }) => name);
    expect(rpcs.filter(({ callee }) => !names.includes(callee))).toEqual([]);
    expect(rpcs.map(({ path }) => path)).toEqual(rpcs.map(({ path }) => path).toSorted(compareTexts));
  });

  it('lets the gateway pass on what people may call, and the services that the contract names beside it', () => {
    expect(rpcOf('PlaceOrder')?.callers).toEqual(['gateway', 'simulator']);
    expect(rpcOf('GetOrder')?.callers).toEqual(['gateway']);
  });

  it('lets the gateway alone ask each service that it calls for its description, and nothing call the gateway', () => {
    const described = rpcs.filter(({ path }) => path.endsWith('/Describe'));
    expect(described.map(({ callee }) => callee)).toEqual(
      [...new Set(rpcs.map(({ callee }) => callee))].filter((callee) => callee !== 'gateway').toSorted(compareTexts),
    );
    expect(described.length).toBeGreaterThan(10);
    for (const { callers } of described) expect(callers).toEqual(['gateway']);
    expect(rpcOf('DescribeServices')).toMatchObject({ callee: 'gateway', callers: [], isForOperators: true });
  });

  it('does not let the gateway make calls between services', () => {
    expect(rpcOf('PlaceHolds')).toMatchObject({ callers: ['order'], isPublic: false });
  });

  it('finds what is for operators alone, and nothing that others may call', () => {
    const names = rpcs.filter(({ isForOperators }) => isForOperators).map(({ path }) => path);
    expect(names.length).toBeGreaterThan(20);
    for (const name of ['Handover', 'IssueShares', 'SetRoles', 'RunAudit'])
      expect(rpcOf(name)?.isForOperators).toBe(true);
    for (const name of ['PlaceOrder', 'LogIn', 'PlaceHolds']) expect(rpcOf(name)?.isForOperators).toBe(false);
    const others = rpcs.filter(
      ({ path, isPublic }) => isPublic && path.includes('AdminService') && !names.includes(path),
    );
    expect(others).toEqual([]);
  });

  it('tries reads and keyed calls again, streams without a time, and nothing else', () => {
    expect(rpcOf('GetOrder')?.retry).toBe('timed');
    expect(rpcOf('Deposit')?.retry).toBe('timed');
    expect(rpcOf('StreamQuotes')?.retry).toBe('untimed');
    expect(rpcOf('LogIn')?.retry).toBe('never');
  });
});
