/** @deprecated The former name of `platform/concurrency/notifier.ts`. */
export { createNotifier as createFeedWake, type Notifier as FeedWake } from '#platform/concurrency/notifier.ts';
