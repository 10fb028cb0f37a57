/** What drills use of the doctor. */
export { examine } from './examine.ts';
export type { FindingCode } from './finding.ts';
