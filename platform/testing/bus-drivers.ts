import { it } from 'vitest';
import { openTestBus, openTestRabbitmqBus, type TestProcesses } from './bus.ts';
import { hasRabbitmq } from './rabbitmq.ts';
import { requireOrSkip } from './require-or-skip.ts';

/** A driver of the bus: its name, and how a test opens a bus of its own on it. */
export type TestDriver = {
  open(): Promise<TestProcesses>;
  /** Whether this machine has what it needs. */
  isPresent(): boolean;
};

/** Both drivers, for `describe.each`. */
export const busDrivers: [string, TestDriver][] = [
  ['PostgreSQL', { isPresent: () => true, open: openTestBus }],
  ['RabbitMQ', { isPresent: hasRabbitmq, open: openTestRabbitmqBus }],
];

/** Declares a test that is skipped, or fails, where the driver's server is not installed. */
export function checkOn(driver: TestDriver): (sentence: string, run: () => Promise<void>) => void {
  return (sentence, run) =>
    it(sentence, async (context) => {
      requireOrSkip(context, driver.isPresent(), 'RabbitMQ is not installed');
      await run();
    });
}
