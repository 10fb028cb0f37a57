/** Alerts that may fire beside others, as they follow from the same fault. */

/** Of a busy machine. */
export const slow = ['OrdersSlow', 'EventLoopBlocked', 'DatabasePoolFull'] as const;

/** When orders get no answer. */
export const failing = [...slow, 'OrdersUnanswered', 'OrdersStuck'] as const;

/** When what follows is held up. */
export const lagging = ['FeedBehind', 'StreamsStale', 'OutboxStuck'] as const;
