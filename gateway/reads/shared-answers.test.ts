import { describe, expect, it } from 'vitest';
import { type Answer, SharedAnswers } from './shared-answers.ts';

const limits = { entriesMax: 3, bytesMax: 100, keyLengthMax: 10 };
const answerOf = (text: string, status = 200): Answer => ({ status, header: new Headers(), body: Buffer.from(text) });

function createScene() {
  const clock = { nowMs: 0 };
  const answers = new SharedAnswers({ limits, now: () => clock.nowMs });
  let runs = 0;
  const get = async (key: string, make: () => Promise<Answer> = async () => answerOf(key)) => {
    const run = () => {
      runs += 1;
      return make();
    };
    return (await answers.get(key, { sharedMs: 100, run, waitFor: (answer) => answer })).body.toString();
  };
  return { clock, answers, get, runs: () => runs };
}

describe('SharedAnswers', () => {
  it('asks once for all who ask at once or within the time, and again after it', async () => {
    const { clock, get, runs } = createScene();
    expect(await Promise.all([get('a'), get('a'), get('a')])).toEqual(['a', 'a', 'a']);
    clock.nowMs = 99;
    await get('a');
    expect(runs()).toBe(1);
    clock.nowMs = 100;
    await get('a');
    expect(runs()).toBe(2);
  });

  it('shares no failure: who waited for it asks for itself', async () => {
    const { get, runs } = createScene();
    const failing = get('a', async () => Promise.reject(new Error('its caller left')));
    const waiting = get('a');
    await expect(failing).rejects.toThrow('left');
    expect(await waiting).toBe('a');
    await get('b', async () => answerOf('refused', 429));
    expect(await get('b')).toBe('b');
    expect(runs()).toBe(4);
  });

  it('has a bound of answers, of bytes and of the length of requests', async () => {
    const { answers, get } = createScene();
    for (const key of ['a', 'b', 'c', 'd', 'e']) await get(key, async () => answerOf('x'.repeat(40)));
    expect(answers.size).toEqual({ entries: 2, bytes: 80 });
    await get('too long for this');
    await get('f', async () => answerOf('x'.repeat(101)));
    expect(answers.size).toEqual({ entries: 0, bytes: 0 });
    for (const key of ['a', 'b', 'c', 'd']) await get(key);
    expect(answers.size).toEqual({ entries: 3, bytes: 3 });
  });
});
