/** What the shared system shows to the outside. */
import { timeoutSignal } from '#platform/time/within.ts';
import { readRunFile } from '../../supervisor/index.ts';

/** One process, as its admin port shows it. */
type Scrape = { service: string; text: string };

const requestMs = 10_000;

/** The metrics of every process of a system. */
export function scrapeAll(dataDirectory: string): Promise<Scrape[]> {
  const processes = readRunFile(dataDirectory)?.processes ?? [];
  return Promise.all(
    processes.map(async ({ name, adminPort }) => {
      const answer = await fetch(`http://127.0.0.1:${adminPort}/metrics`, { signal: timeoutSignal(requestMs) });
      return { service: name, text: await answer.text() };
    }),
  );
}
