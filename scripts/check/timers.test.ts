import { describe, expect, it } from 'vitest';
import { findTimers } from './timers.ts';

function problems(path: string, text: string): string[] {
  return findTimers([{ path, text }]);
}

describe('findTimers', () => {
  it.each([
    ['platform/bus/retention.ts', 'const timer = setInterval(purge, 1_000);', 'setInterval'],
    ['services/order/saga/drive.ts', '  setTimeout(() => stop(), 5).unref();', 'setTimeout'],
    ['services/order/saga/drive.ts', "import { setTimeout as sleep } from 'node:timers/promises';", 'setTimeout'],
    ['services/order/saga/drive.ts', "import * as timers from 'node:timers/promises';", 'timers/promises'],
    ['gateway/server.ts', 'call({ signal: AbortSignal.timeout(1_000) });', 'AbortSignal.timeout'],
  ])('finds the timer of %s in %j', (path, line, timer) => {
    const expected = `${path}:2 uses ${timer}: timers come from #platform/time`;
    expect(problems(path, `// first\n${line}\n`)).toEqual([expected]);
  });

  it.each([
    'platform/time/timer.ts',
    'gateway/web/follow.ts',
    'platform/bus/retention.test.ts',
    'services/order/testing/faults.ts',
    'test/support/wait.ts',
    'bench/main.ts',
    'scripts/start/child.ts',
  ])('leaves %s alone', (path) => {
    expect(problems(path, 'setTimeout(stop, 1);')).toEqual([]);
  });

  it('leaves comments and other words alone', () => {
    const lines = [
      '// setTimeout fires at once',
      ' * as setInterval does',
      'stopTimeoutMs(resetTimeout);',
      'http2.setTimeouts()',
    ];
    expect(problems('platform/a.ts', lines.join('\n'))).toEqual([]);
  });
});
