import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { Scope } from '#gen/outcry/access/v1/access_pb.ts';
import { ApiKeySchema } from '#gen/outcry/user/v1/api_key_pb.ts';
import { keyRequestOf, keyState, scopesText } from './api-key-values.ts';

const at = (seconds: number) => ({ seconds: BigInt(seconds), nanos: 0 });

describe('keyRequestOf', () => {
  it('parts networks at commas and blanks, and ends with the day', () => {
    const request = keyRequestOf({ name: ' bot ', grant: 'trade', networks: '10.0.0.0/8, ::1', endDate: '2026-01-02' });
    expect(request).toMatchObject({ name: 'bot', allowedNetworks: ['10.0.0.0/8', '::1'] });
    expect(scopesText(request.scopes)).toBe('read, trade');
    expect(request.expireTime?.seconds).toBe(BigInt(Date.UTC(2026, 0, 2, 23, 59, 59) / 1_000));
  });

  it('has no end and all networks where the form says nothing', () => {
    const request = keyRequestOf({ name: 'bot', grant: 'read', networks: '', endDate: '' });
    expect(request).toEqual({ name: 'bot', scopes: [Scope.READ], allowedNetworks: [] });
  });
});

describe('keyState', () => {
  it('is good until it ends or is revoked', () => {
    const key = create(ApiKeySchema, { expireTime: at(100) });
    expect(keyState(key, 99_999)).toBe('good');
    expect(keyState(key, 100_000)).toBe('expired');
    expect(keyState(create(ApiKeySchema, { revokeTime: at(1) }), 0)).toBe('revoked');
  });
});
