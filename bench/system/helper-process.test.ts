import { describe, expect, it } from 'vitest';
import { startHelper } from './helper-process.ts';
import type { EchoTasks } from './testing/echo-helper.ts';

const script = new URL('./testing/echo-helper.ts', import.meta.url);

describe('startHelper', () => {
  it('carries out tasks in a process of its own, which ends with the helper', async () => {
    let pid: number;
    {
      await using helper = startHelper<EchoTasks>(script);
      pid = helper.pid;
      expect(await helper.ask('echo', { numbers: Float64Array.of(1, 2) })).toEqual(Float64Array.of(1, 2));
    }
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  it('rejects with what went wrong there, and when the process ends', async () => {
    await using helper = startHelper<EchoTasks>(script);
    await expect(helper.ask('fail', {})).rejects.toThrow('it went wrong');
    await expect(helper.ask('end', {})).rejects.toThrow('has ended');
  });
});
