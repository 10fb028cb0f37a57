import { createClient } from '@connectrpc/connect';
import { NotificationService } from '#gen/outcry/notification/v1/notification_pb.ts';
import { userTransport } from '../../rpc/transports.ts';

/** The client of messages and of what is sent of them. */
export const notifications = createClient(NotificationService, userTransport);
