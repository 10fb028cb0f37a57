import { describe, expect, it } from 'vitest';
import { ErrorReason } from '#gen/outcry/errors/v1/errors_pb.ts';
import { Code } from '#platform/errors/code.ts';
import { deadlineExceeded } from '#platform/errors/outcry-error.ts';
import { createMetrics } from '#platform/telemetry/metrics.ts';
import { isMirrored, runWithTrace, startTrace } from '#platform/telemetry/trace-context.ts';
import { createBatcher } from './batcher.ts';

/** A batcher of numbers whose groups end when the test says so. */
function createHeld(options: { itemsMax?: number; queueLengthMax?: number; concurrency?: number } = {}) {
  const groups: { items: number[]; end: (results?: number[] | Error) => void }[] = [];
  const batcher = createBatcher<number, number>({
    name: 'test',
    itemsMax: 10,
    queueLengthMax: 100,
    ...options,
    flush: (items) => {
      const { promise, resolve, reject } = Promise.withResolvers<number[]>();
      const end = (results: number[] | Error = items.map((item) => item * 2)) =>
        results instanceof Error ? reject(results) : resolve(results);
      groups.push({ items, end });
      return promise;
    },
  });
  return { batcher, groups };
}

const turn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

describe('createBatcher', () => {
  it('asks once whether an item is still wanted, so that one whose time ends at that moment has an outcome', async () => {
    const { batcher, groups } = createHeld();
    let questions = 0;
    const time = {
      get aborted() {
        questions += 1;
        return questions > 1;
      },
    };
    const result = batcher.submit(1, time);
    await turn();
    groups[0]?.end();
    expect(await Promise.race([result, turn().then(() => 'none')])).toBe(2);
  });

  it('sends a lone item at once and makes the next group of all that came meanwhile', async () => {
    const { batcher, groups } = createHeld();
    const first = batcher.submit(1);
    await turn();
    const rest = [2, 3, 4].map((item) => batcher.submit(item));
    await turn();
    expect(groups.map(({ items }) => items)).toEqual([[1]]);
    groups[0]?.end();
    await turn();
    expect(groups.map(({ items }) => items)).toEqual([[1], [2, 3, 4]]);
    groups[1]?.end();
    expect(await Promise.all([first, ...rest])).toEqual([2, 4, 6, 8]);
  });

  it('never makes a group larger than its bound', async () => {
    const { batcher, groups } = createHeld({ itemsMax: 3 });
    const results = Promise.all([1, 2, 3, 4, 5, 6, 7].map((item) => batcher.submit(item)));
    for (let index = 0; index < 3; index += 1) {
      await turn();
      groups[index]?.end();
    }
    expect(await results).toEqual([2, 4, 6, 8, 10, 12, 14]);
    expect(groups.map(({ items }) => items.length)).toEqual([3, 3, 1]);
  });

  it('refuses at its bound with RESOURCE_EXHAUSTED and a retry delay', async () => {
    const { batcher, groups } = createHeld({ queueLengthMax: 2 });
    const accepted = [batcher.submit(1), batcher.submit(2)];
    await expect(batcher.submit(3)).rejects.toMatchObject({
      code: Code.RESOURCE_EXHAUSTED,
      reason: ErrorReason.OVERLOADED,
      retryDelayMs: expect.any(Number),
    });
    await turn();
    groups[0]?.end();
    expect(await Promise.all(accepted)).toEqual([2, 4]);
  });

  it('has as many groups in flight as it may', async () => {
    const { batcher, groups } = createHeld({ itemsMax: 1, concurrency: 2 });
    const results = Promise.all([1, 2, 3].map((item) => batcher.submit(item)));
    await turn();
    expect(groups).toHaveLength(2);
    groups[1]?.end();
    await turn();
    expect(groups).toHaveLength(3);
    groups[0]?.end();
    groups[2]?.end();
    expect(await results).toEqual([2, 4, 6]);
  });

  it('fails the items of a failed group and goes on with the next', async () => {
    const { batcher, groups } = createHeld({ itemsMax: 1 });
    const failing = batcher.submit(1);
    const next = batcher.submit(2);
    const failed = expect(failing).rejects.toThrow('no');
    await turn();
    groups[0]?.end(new Error('no'));
    await failed;
    await turn();
    groups[1]?.end();
    expect(await next).toBe(4);
  });

  it('fails a group that did not answer each item', async () => {
    const { batcher, groups } = createHeld();
    const failed = expect(batcher.submit(1)).rejects.toThrow('one result');
    await turn();
    groups[0]?.end([]);
    await failed;
  });

  it('does not begin what was given up before its group began', async () => {
    const { batcher, groups } = createHeld();
    const first = batcher.submit(1);
    await turn();
    const gaveUp = new AbortController();
    const second = expect(batcher.submit(2, gaveUp.signal)).rejects.toMatchObject({ code: Code.CANCELLED });
    const late = { aborted: true, reason: deadlineExceeded() };
    const third = expect(batcher.submit(3, late)).rejects.toMatchObject({ code: Code.DEADLINE_EXCEEDED });
    gaveUp.abort();
    groups[0]?.end();
    await Promise.all([first, second, third]);
    await turn();
    expect(groups).toHaveLength(1);
  });

  it('finishes what it accepted when disposed, and takes no more', async () => {
    const { batcher, groups } = createHeld({ itemsMax: 1 });
    const accepted = [batcher.submit(1), batcher.submit(2)];
    const disposed = batcher[Symbol.asyncDispose]();
    await expect(batcher.submit(3)).rejects.toMatchObject({ code: Code.UNAVAILABLE });
    groups[0]?.end();
    await turn();
    groups[1]?.end();
    await disposed;
    expect(await Promise.all(accepted)).toEqual([2, 4]);
  });

  it('refuses items of copies of calls, and takes those that only read without their mark', async () => {
    const copy = startTrace(undefined, undefined, 'outcry-mirrored=1');
    const { batcher, groups } = createHeld();
    const refused = runWithTrace(copy, () => batcher.submit(1));
    await expect(refused).rejects.toMatchObject({ reason: ErrorReason.MIRRORED });
    await turn();
    expect(groups).toEqual([]);
    const flush = async (items: string[]) => items.map(() => isMirrored());
    const reads = createBatcher({ name: 'reads', isReadOnly: true, itemsMax: 10, queueLengthMax: 10, flush });
    const submitted = [runWithTrace(copy, () => reads.submit('copy')), reads.submit('call')];
    expect(await Promise.all(submitted)).toEqual([false, false]);
  });

  it('reports the sizes of its groups', async () => {
    const metrics = createMetrics('test');
    const flush = async (items: number[]) => items;
    const batcher = createBatcher({ name: 'double', itemsMax: 10, queueLengthMax: 10, metrics, flush });
    await Promise.all([batcher.submit(1), batcher.submit(2)]);
    expect(await metrics.registry.metrics()).toMatch(/outcry_batch_size_items_sum\{.*batch="double".*\} 2/);
  });
});

describe('createBatcher with faults of items', () => {
  /** A batcher of numbers whose group fails for each negative one, as a statement fails for a row that violates a check. */
  function createStrict(
    isItemFault: ((error: unknown) => boolean) | undefined = (error) => error instanceof RangeError,
  ) {
    const groups: number[][] = [];
    const flush = async (items: number[]) => {
      groups.push(items);
      if (items.some((item) => item < 0)) throw new RangeError('negative');
      return items;
    };
    const batcher = createBatcher<number, number>({
      name: 'strict',
      itemsMax: 500,
      queueLengthMax: 500,
      flush,
      isItemFault,
    });
    return { batcher, groups };
  }
  const outcomesOf = (batcher: ReturnType<typeof createStrict>['batcher'], items: number[]) =>
    Promise.allSettled(items.map((item) => batcher.submit(item)));

  it('lets a bad item fail alone, in few further flushes', async () => {
    const { batcher, groups } = createStrict();
    const items = Array.from({ length: 500 }, (_, index) => (index === 377 ? -1 : index));
    const outcomes = await outcomesOf(batcher, items);
    const failed = outcomes.flatMap(({ status }, index) => (status === 'rejected' ? index : []));
    expect(failed).toEqual([377]);
    expect(groups.length).toBeLessThan(22);
  });

  it('finds several, and is bounded when all are bad', async () => {
    const several = createStrict();
    const items = Array.from({ length: 200 }, (_, index) => (index % 70 === 3 ? -1 : index));
    const outcomes = await outcomesOf(several.batcher, items);
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(3);
    const all = createStrict();
    await outcomesOf(
      all.batcher,
      Array.from({ length: 500 }, () => -1),
    );
    expect(all.groups.length).toBeLessThan(70);
  });

  it('fails the group for what concerns all of it', async () => {
    const { batcher, groups } = createStrict(() => false);
    const outcomes = await outcomesOf(batcher, [1, -1, 2]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(groups).toHaveLength(1);
  });
});
