/** What Lighthouse says of the served app. */
import lighthouse from 'lighthouse';
import desktopConfig from 'lighthouse/core/config/desktop-config.js';

/** Scores of 0 to 100, and figures of the first load. */
export type LighthouseFigures = {
  performance: number;
  accessibility: number;
  bestPractices: number;
  /** Cumulative layout shift. */
  layoutShift: number;
  /** Milliseconds until the largest part of the first view was painted, by Lighthouse's model of a slow machine. */
  largestPaintMs: number;
  /** Bytes that came over the network, compressed. */
  transferredBytes: number;
  /** Audits that are not passed, by their id. */
  failed: string[];
};

const categories = ['performance', 'accessibility', 'best-practices'];
const waitMs = 45_000;

/** Loads an address in the Chromium that listens for DevTools at this port, as a desktop or as a phone, and judges it. */
export async function lighthouseFigures(
  url: string,
  { port, formFactor }: { port: number; formFactor: 'desktop' | 'phone' },
): Promise<LighthouseFigures> {
  const flags = { port, onlyCategories: categories, logLevel: 'error', maxWaitForLoad: waitMs } as const;
  const result = await lighthouse(
    url,
    { ...flags, onlyCategories: categories },
    formFactor === 'desktop' ? desktopConfig : undefined,
  );
  if (result === undefined) throw new Error('Lighthouse said nothing');
  const { categories: judged, audits, runtimeError } = result.lhr;
  if (runtimeError !== undefined) throw new Error(runtimeError.message);
  const score = (name: string) => Math.round((judged[name]?.score ?? 0) * 100);
  const value = (name: string) => audits[name]?.numericValue ?? Number.NaN;
  return {
    performance: score('performance'),
    accessibility: score('accessibility'),
    bestPractices: score('best-practices'),
    layoutShift: value('cumulative-layout-shift'),
    largestPaintMs: value('largest-contentful-paint'),
    transferredBytes: value('total-byte-weight'),
    failed: Object.values(audits)
      .filter(({ score: part, scoreDisplayMode }) => scoreDisplayMode === 'binary' && part === 0)
      .map(({ id }) => id),
  };
}
