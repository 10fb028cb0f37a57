import { describe, expect, it } from 'vitest';
import type { NumberedRow } from '../format/read-tape.ts';
import { parseRow } from '../format/row.ts';
import { type Group, groupsOf, wavesOf } from './groups.ts';
import { createPlanner, type PlannedOrder } from './plan.ts';

function rowsOf(...lines: string[]): NumberedRow[] {
  return lines.map((text, index) => ({ line: index + 2, row: parseRow(`2026-03-10T10:00:${text}`) }));
}

const text = ({ key, side, level }: PlannedOrder) =>
  `${key} ${side} ${level.quantity / 1_000_000n} at ${level.price / 1_000_000n}`;

function planned(...lines: string[]) {
  const planner = createPlanner();
  const steps = rowsOf(...lines).map((row) => {
    const { cancel, make, take, brief } = planner.next(row);
    return {
      cancel: cancel.map(({ key }) => key),
      orders: [...make, ...take].map(text),
      brief: brief.map(({ key }) => key),
    };
  });
  return { steps, standing: planner.standing().map(text) };
}

describe('createPlanner', () => {
  it('replaces the sides of a quote that changed, and no others', () => {
    const { steps, standing } = planned(
      '00.000Z,quote,A,58,5,60,5',
      '01.000Z,quote,A,58,5,61,5',
      '02.000Z,quote,A,,,61,5',
    );
    expect(steps).toEqual([
      { cancel: [], orders: ['2:bid buy 5 at 58', '2:ask sell 5 at 60'], brief: [] },
      { cancel: ['2:ask'], orders: ['3:ask sell 5 at 61'], brief: [] },
      { cancel: ['2:bid'], orders: [], brief: [] },
    ]);
    expect(standing).toEqual(['3:ask sell 5 at 61']);
  });

  it('takes from a quote that is as the trade was, and leaves the rest of it where the next quote has it', () => {
    const { steps, standing } = planned(
      '00.000Z,quote,A,58,5,60,5',
      '01.000Z,trade,A,60,3,buy',
      '01.000Z,quote,A,58,5,60,2',
      '02.000Z,trade,A,60,2,buy',
    );
    expect(steps.slice(1)).toEqual([
      { cancel: [], orders: ['3:take buy 3 at 60'], brief: ['3:take'] },
      { cancel: [], orders: [], brief: [] },
      { cancel: [], orders: ['5:take buy 2 at 60'], brief: ['5:take'] },
    ]);
    expect(standing).toEqual(['2:bid buy 5 at 58']);
  });

  it.each([
    ['61,1,buy', ['2:ask'], ['3:make sell 1 at 61', '3:take buy 1 at 61']],
    ['60,9,buy', ['2:ask'], ['3:make sell 9 at 60', '3:take buy 9 at 60']],
    ['59,1,buy', [], ['3:make sell 1 at 59', '3:take buy 1 at 59']],
    ['58,1,buy', ['2:bid'], ['3:make sell 1 at 58', '3:take buy 1 at 58']],
    ['57,1,sell', ['2:bid'], ['3:make buy 1 at 57', '3:take sell 1 at 57']],
  ])('makes way for a trade %s that the quote does not have', (trade, cancel, orders) => {
    const { steps } = planned('00.000Z,quote,A,58,5,60,5', `01.000Z,trade,A,${trade}`);
    expect(steps[1]).toEqual({ cancel, orders, brief: ['3:take', '3:make'] });
  });

  it('leaves both orders of an auction until the next row of the symbol', () => {
    const { steps } = planned('00.000Z,quote,A,58,5,60,5', '01.000Z,auction,A,59,9', '02.000Z,quote,A,58,5,60,5');
    expect(steps[1]).toEqual({
      cancel: ['2:bid', '2:ask'],
      orders: ['3:make sell 9 at 59', '3:take buy 9 at 59'],
      brief: [],
    });
    expect(steps[2]?.cancel).toEqual(['3:make', '3:take']);
  });
});

describe('groupsOf, wavesOf', () => {
  const rows = rowsOf(
    '00.100Z,quote,A,58,5,60,5',
    '00.200Z,quote,A,58,5,61,5',
    '00.900Z,trade,B,1,1,buy',
    '00.900Z,trade,A,61,1,buy',
    '01.000Z,trade,A,61,1,buy',
  );
  async function* stream() {
    yield* rows;
  }
  async function groupsBy(beatMs: number): Promise<Group[]> {
    const groups: Group[] = [];
    for await (const group of groupsOf(stream(), beatMs)) groups.push(group);
    return groups;
  }

  it('put rows of a beat together at the time of the last, one of each symbol at once', async () => {
    const groups = await groupsBy(1_000);
    expect(groups.map(({ timeMs }) => timeMs % 10_000)).toEqual([900, 1_000]);
    const [first] = groups;
    const waves = first === undefined ? [] : wavesOf(first);
    expect(waves.map((wave) => wave.map(({ line }) => line))).toEqual([[3, 4], [5]]);
  });

  it('have each time by itself with a beat of 1 ms', async () => {
    const groups = await groupsBy(1);
    expect(groups.map((group) => group.rows.length)).toEqual([1, 1, 2, 1]);
  });
});
