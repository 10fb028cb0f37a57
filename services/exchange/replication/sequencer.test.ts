import { describe, expect, it } from 'vitest';
import type { Command } from '../engine/model/commands.ts';
import { outcome } from '../engine/state/engine-state.ts';
import type { MatchedGroup } from './matcher.ts';
import { Sequencer } from './sequencer.ts';
import type { SequencerLimits } from './sequencer-limits.ts';

const command: Command = { kind: 'time' };

/** A sequencer whose commits end one by one by `commit`; `groups` are the commands of the groups that were matched. */
function createSequencer(limits: Partial<SequencerLimits> = {}) {
  const groups: number[] = [];
  const commits: (() => void)[] = [];
  const matcher = {
    nextDueMs: Number.POSITIVE_INFINITY,
    match: (commands: readonly Command[]) => {
      groups.push(commands.length);
      return { outcomes: commands.map(() => outcome(groups.length)), group: {} as MatchedGroup };
    },
  };
  const sequencer = new Sequencer({
    ...{ shard: 0, matcher, clock: { nowMs: Date.now, waitMs: () => 60_000, stamp: Date.now }, limits },
    commit: () => new Promise((resolve) => commits.push(resolve)),
    onCommitted: () => {},
    onStopped: () => {},
  });
  const submit = (count: number) => sequencer.submit(Array.from({ length: count }, () => command));
  const commit = () => {
    commits.shift()?.();
    return turn();
  };
  return { submit, commit, groups };
}

/** Lets what is due happen, and what follows from it. */
async function turn(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
}

describe('Sequencer', () => {
  it('matches a call at once when nothing is committed', async () => {
    const { submit, commit, groups } = createSequencer();
    const answered = submit(1);
    await turn();
    expect(groups).toEqual([1]);
    await commit();
    await expect(answered).resolves.toMatchObject([{ feedSequence: 1 }]);
  });

  it('takes into one group all few calls that come while another is committed', async () => {
    const { submit, commit, groups } = createSequencer();
    void submit(1);
    await turn();
    const later = [];
    for (let i = 0; i < 5; i++) {
      later.push(submit(2));
      await turn();
    }
    expect(groups).toEqual([1]);
    await commit();
    expect(groups).toEqual([1, 10]);
    await commit();
    const outcomes = await Promise.all(later);
    expect(outcomes.flat()).toHaveLength(10);
  });

  it('matches many commands while another group is committed, and no third group', async () => {
    const { submit, commit, groups } = createSequencer({ aheadCommandsMin: 8 });
    void submit(1);
    await turn();
    void submit(7);
    await turn();
    expect(groups).toEqual([1]);
    void submit(1);
    await turn();
    expect(groups).toEqual([1, 8]);
    void submit(20);
    await turn();
    expect(groups).toEqual([1, 8]);
    await commit();
    expect(groups).toEqual([1, 8, 20]);
  });
});
