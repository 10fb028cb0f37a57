import { answerFaults } from './faults/answers.ts';
import { arrivalFaults } from './faults/arrival.ts';
import { auctionFaults } from './faults/auctions.ts';
import { valueFaults } from './faults/by-value.ts';
import { changeFaults } from './faults/changes.ts';
import { listFaults } from './faults/lists.ts';
import { matchingFaults } from './faults/matching.ts';
import { memoryFaults } from './faults/memory.ts';
import type { Mutant } from './faults/mutant.ts';
import { queueFaults } from './faults/queues.ts';
import { sessionFaults } from './faults/sessions.ts';
import { stopFaults } from './faults/stops.ts';

/** All mutants of the engine. */
export const mutants: readonly Mutant[] = [
  ...matchingFaults,
  ...queueFaults,
  ...arrivalFaults,
  ...changeFaults,
  ...memoryFaults,
  ...stopFaults,
  ...listFaults,
  ...sessionFaults,
  ...auctionFaults,
  ...answerFaults,
  ...valueFaults,
];
