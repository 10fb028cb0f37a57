import { describe, expect, it } from 'vitest';
import { TransferStage } from '#gen/outcry/ledger/v1/ledger_pb.ts';
import { isPending, plainAmount, stageText, transferProblem } from './transfer-text.ts';

const cash = { available: '100.009', held: '20' };

describe('transferProblem', () => {
  it('names what is free and what is held, with an amount that passes', () => {
    expect(transferProblem('withdraw', '100,01', cash)).toEqual({
      text: 'You have 100.009 free; 20.00 is held by orders.',
      fix: '100.00',
    });
  });

  it('lets a deposit be larger than the cash, and anything that is free out', () => {
    expect(transferProblem('deposit', '5000', cash)).toBeUndefined();
    expect(transferProblem('withdraw', '100', cash)).toBeUndefined();
    expect(transferProblem('withdraw', '', cash)).toBeUndefined();
  });

  it('refuses what is no amount of cents', () => {
    expect(transferProblem('deposit', '1.005', cash)).toEqual({ text: 'Two places at most.', fix: '1.00' });
    for (const text of ['0', '-1', 'ten']) expect(transferProblem('deposit', text, cash)?.fix).toBeUndefined();
  });
});

describe('plainAmount', () => {
  it('takes a comma for the point', () => expect(plainAmount('180,5')).toBe('180.50'));
});

describe('stageText', () => {
  it('has a sentence for each stage, of which the first three are pending', () => {
    const stages = Object.values(TransferStage).filter((stage) => typeof stage === 'number');
    const known = stages.filter((stage) => stage !== TransferStage.UNSPECIFIED);
    expect(known.filter((stage) => stageText(stage).includes('not known'))).toEqual([]);
    expect(known.filter((stage) => isPending({ stage }))).toHaveLength(3);
  });
});
