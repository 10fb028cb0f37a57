import { noBreaker } from '../../services/exchange/index.ts';

/** Terms of the one book that commands are about. */
export const listing = {
  ...{ symbol: 'ACME', tickSize: '0.01', lotSize: '1', currency: 'USD', referencePriceTicks: 10_000, bandBps: 0 },
  ...noBreaker,
};

/** Journalled time of all commands, Unix milliseconds. */
export const startMs = 1_700_000_000_000;

/** Commands of a group. */
export const groupSizeMax = 100;
