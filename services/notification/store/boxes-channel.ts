/** The channel on which replicas, and triggers of the database, say whose messages have changed. */
export const boxesChannel = 'notification_boxes';
