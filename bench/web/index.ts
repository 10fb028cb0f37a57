/** What tests use of this bench. */
export { fakeQuotesScript } from './fake-quotes.ts';
export { measureTicks } from './measure-ticks.ts';
