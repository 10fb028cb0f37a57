import type { ConsumerState } from '#platform/feed/resume-feed.ts';

/** Which halt to lift. */
export type ResumeCommand = { service: string; feed: string; adoptAfter: bigint | undefined };

/** The command of a command line; undefined: list all. Throws TypeError for a wrong one. */
export function readCommand({ resume, after }: { resume?: string; after?: string }): ResumeCommand | undefined {
  if (resume === undefined) {
    if (after !== undefined) throw new TypeError('--after needs --resume');
    return undefined;
  }
  const [, service, feed] = /^([a-z]+)\/(\S+)$/.exec(resume) ?? [];
  if (service === undefined || feed === undefined)
    throw new TypeError('--resume takes SERVICE/FEED, as order/exchange.0');
  if (after !== undefined && !/^\d{1,18}$/.test(after)) throw new TypeError('--after takes a sequence, 0 or more');
  return { service, feed, adoptAfter: after === undefined ? undefined : BigInt(after) };
}

/** A line for each consumer of a service. */
export function describeConsumers(service: string, consumers: readonly ConsumerState[]): string[] {
  return consumers.map(({ feed, sequence, updateTime, halt }) => {
    const name = `${service}/${feed}`;
    if (halt === undefined) return `${name}: at ${sequence} since ${updateTime.toISOString()}`;
    return `${name}: HALTED at ${halt.sequence}, after ${sequence}: ${halt.cause}`;
  });
}
