/** The phases of the bench: who reads what, and how fast it changes. */
import { type Pace, symbolsOf } from './quote-ticker.ts';
import type { Protocol } from './readers.ts';

/** One phase. */
export type Phase = {
  name: string;
  protocol: Protocol;
  /** The symbols of each stream. */
  lists: string[][];
  pace: Pace;
  /** The pace for connect-node where that is less; what it cannot send is left out. */
  plainPace?: Pace;
  /** Of how many messages the age of one is measured. */
  sampleEvery: number;
  /** A second part with one reader more, which reads so many bytes a second. */
  slowBytes?: number;
  isOfGatewayOnly?: boolean;
};

const streams = 1_000;
const symbolCount = 100;

/** All phases, in the order in which they run. */
export function phases(browsers: number): Phase[] {
  const all = symbolsOf(symbolCount);
  const alike = (count: number, symbols: string[]) => Array.from({ length: count }, () => symbols);
  // Ten of a hundred, another ten for each stream.
  const own = Array.from({ length: streams }, (_, index) =>
    Array.from(
      { length: 10 },
      (_, at) => all[(index * 7 + at * (1 + Math.floor(index / symbolCount))) % symbolCount] ?? '',
    ),
  );
  return [
    {
      name: 'steady',
      protocol: 'grpc',
      lists: alike(streams, ['S0']),
      pace: { everyMs: 100, atOnce: symbolCount, paddingBytes: 0 },
      sampleEvery: 1,
    },
    {
      name: 'own_lists',
      protocol: 'grpc',
      lists: own,
      pace: { everyMs: 10, atOnce: 1, paddingBytes: 0 },
      sampleEvery: 1,
      isOfGatewayOnly: true,
    },
    {
      name: 'saturation',
      protocol: 'grpc',
      lists: alike(streams, all),
      pace: { everyMs: 100, atOnce: symbolCount, paddingBytes: 0 },
      plainPace: { everyMs: 1_000, atOnce: 25, paddingBytes: 0 },
      sampleEvery: 100,
    },
    {
      name: 'browsers',
      protocol: 'connect1',
      lists: alike(browsers, ['S0']),
      pace: { everyMs: 1_000, atOnce: symbolCount, paddingBytes: 0 },
      sampleEvery: 1,
    },
    {
      name: 'reader',
      protocol: 'grpc',
      lists: alike(streams, ['S0']),
      pace: { everyMs: 100, atOnce: symbolCount, paddingBytes: 1_000 },
      sampleEvery: 1,
      slowBytes: 1_100,
      isOfGatewayOnly: true,
    },
  ];
}
