import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { GetShardResponseSchema } from '#gen/outcry/exchange/v1/exchange_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { createExchangeRules } from './exchange-rules.ts';

function rulesOf(version: { now: number }) {
  const asked: number[] = [];
  const getShard = async ({ shard = 0 }) => {
    asked.push(shard);
    return create(GetShardResponseSchema, { shard, ruleVersion: version.now });
  };
  return { asked, rules: createExchangeRules({ exchange: { getShard } }) };
}

describe('requireValues', () => {
  it('asks each shard once, as its rules never go back', async () => {
    const { asked, rules } = rulesOf({ now: 5 });
    await rules.requireValues(1);
    expect(rules.requireValues(1)).toBeUndefined();
    await rules.requireValues(0);
    expect(asked).toEqual([1, 0]);
  });

  it('rejects until the release that serves the shard knows orders by value', async () => {
    const version = { now: 0 };
    const { rules } = rulesOf(version);
    await expect(rules.requireValues(0)).rejects.toMatchObject({ code: Code.UNAVAILABLE });
    version.now = 4;
    await expect(rules.requireValues(0)).rejects.toMatchObject({ code: Code.UNAVAILABLE });
    version.now = 5;
    await rules.requireValues(0);
  });
});
