export { backoffMs, pause } from '#platform/time/pause.ts';
