import { parseSamples, type Sample } from '../mesh/canary/prometheus-text.ts';

/** The metrics of one process at one moment. */
export type Scrape = { process: string; service: string; samples: readonly Sample[] };

/** A process with metrics. */
export type ScrapeTarget = { name: string; replica: number; adminPort: number };

const timeoutMs = 2_000;

/** Reads the metrics of processes of this machine; those that do not answer within 2 s are left out. */
export async function scrapeAll(targets: readonly ScrapeTarget[]): Promise<Scrape[]> {
  const scrapes = await Promise.all(targets.map((target) => scrape(target).catch(() => [])));
  return scrapes.flat();
}

async function scrape({ name, replica, adminPort }: ScrapeTarget): Promise<Scrape[]> {
  const url = `http://127.0.0.1:${adminPort}/metrics`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  return [{ process: `${name}-${replica}`, service: name, samples: parseSamples(await answer.text()) }];
}

/** A value of one process. */
export type Value = { process: string; service: string; labels: Readonly<Record<string, string>>; value: number };

/** All values of a metric. */
export function valuesOf(scrapes: readonly Scrape[], name: string): Value[] {
  return scrapes.flatMap(({ process, service, samples }) =>
    samples.filter((sample) => sample.name === name).map(({ labels, value }) => ({ process, service, labels, value })),
  );
}

/** By how much a counter has grown between two scrapes, by process and labels; one of a process that began between them is left out. */
export function growthOf(before: readonly Scrape[], after: readonly Scrape[], name: string): Value[] {
  const earlier = new Map(valuesOf(before, name).map((value) => [keyOf(value), value.value]));
  return valuesOf(after, name).flatMap((value) => {
    const grown = value.value - (earlier.get(keyOf(value)) ?? (hasProcess(before, value.process) ? 0 : value.value));
    return grown >= 0 ? [{ ...value, value: grown }] : [];
  });
}

function hasProcess(scrapes: readonly Scrape[], name: string): boolean {
  return scrapes.some(({ process }) => process === name);
}

function keyOf({ process, labels }: Value): string {
  return JSON.stringify([process, Object.entries(labels).sort()]);
}
