import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { eventually } from '#platform/testing/eventually.ts';
import { createControls, readKeys } from './controls.ts';

const { signal } = new AbortController();

describe('createControls', () => {
  it('waits for the pace while it runs, and for steps while it is paused', async () => {
    const controls = createControls();
    expect(await controls.next(1, signal)).toBe(false);
    controls.toggle();
    const played: number[] = [];
    const playing = (async () => {
      for (let group = 1; group <= 3; group += 1) {
        expect(await controls.next(0, signal)).toBe(true);
        played.push(group);
      }
    })();
    controls.step();
    await eventually(() => expect(played).toEqual([1]));
    controls.step();
    await eventually(() => expect(played).toEqual([1, 2]));
    controls.toggle();
    await playing;
    expect(await controls.next(0, signal)).toBe(false);
  });

  it('ends its wait with the signal', async () => {
    const stop = new AbortController();
    const waiting = createControls({ isPaused: true }).next(0, stop.signal);
    stop.abort();
    expect(await waiting).toBe(true);
  });
});

describe('readKeys', () => {
  it('pauses by space, steps by Enter, passes Ctrl-C on, and leaves the terminal as it was', async () => {
    const modes: boolean[] = [];
    const stream = new PassThrough();
    const terminal = Object.assign(stream, {
      isTTY: true,
      setRawMode(mode: boolean) {
        modes.push(mode);
        return terminal;
      },
    }) as unknown as NodeJS.ReadStream;
    const seen: string[] = [];
    const note = (what: string) => () => void seen.push(what);
    {
      using _keys = readKeys(terminal, {
        toggle: note('toggle'),
        step: note('step'),
        interrupt: note('interrupt'),
      });
      stream.write(' \rx\u0003');
      await eventually(() => expect(seen).toEqual(['toggle', 'step', 'interrupt']));
    }
    expect(modes).toEqual([true, false]);
    expect(stream.isPaused()).toBe(true);
  });
});
