import { describe, expect, it } from 'vitest';
import { loadMeshRpcs } from '../contracts.ts';
import { type Fault, faultFilter, statusOf } from './fault.ts';

const rpcs = await loadMeshRpcs();
const fault: Fault = { service: 'ledger', percent: 20, status: 14, delayMs: 0, rpc: undefined };
const filterOf = (changes: Partial<Fault>) => JSON.stringify(faultFilter({ ...fault, ...changes }, rpcs));

describe('faultFilter', () => {
  it('answers a share of the RPCs of a service, in its own proxies', () => {
    const filter = filterOf({});
    expect(filter).toContain('"workloadSelector":{"labels":{"outcry.dev/service":"ledger"}}');
    expect(filter).toContain('"abort":{"grpc_status":14,"percentage":{"numerator":20,"denominator":"HUNDRED"}}');
    expect(filter).toContain('"regex":"/outcry[.]ledger[.].*"');
    expect(filter).not.toContain('delay');
  });

  it('lets calls of one RPC wait', () => {
    const filter = filterOf({ status: undefined, delayMs: 300, rpc: 'PlaceHolds' });
    expect(filter).toContain('"delay":{"fixed_delay":"0.3s"');
    expect(filter).toContain('"regex":"/outcry[.]ledger[.]v1[.]LedgerInternalService/PlaceHolds"');
    expect(filter).not.toContain('abort');
  });

  it('refuses what is out of bounds, does nothing, or stands in no contract', () => {
    for (const percent of [0, 101, 0.5, Number.NaN]) expect(() => filterOf({ percent })).toThrow('1 to 100');
    for (const delayMs of [-1, 10_001]) expect(() => filterOf({ delayMs })).toThrow('10000 ms');
    expect(() => filterOf({ status: undefined })).toThrow('--status or a --delay');
    expect(() => filterOf({ rpc: 'Nothing' })).toThrow('ledger Nothing');
    expect(() => filterOf({ service: 'postgres' })).toThrow('no contract has postgres');
  });
});

describe('statusOf', () => {
  it('knows the statuses of gRPC by name, but for OK', () => {
    expect([statusOf('CANCELLED'), statusOf('UNAVAILABLE'), statusOf('UNAUTHENTICATED')]).toEqual([1, 14, 16]);
    for (const name of ['OK', 'unavailable', '14', '']) expect(() => statusOf(name)).toThrow('a status of gRPC');
  });
});
