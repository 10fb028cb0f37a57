/** What drills use of the doctor. */
export { examine } from './examine.ts';
export type { Finding, FindingCode } from './finding.ts';
