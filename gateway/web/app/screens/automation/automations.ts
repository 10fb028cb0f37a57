import { createClient } from '@connectrpc/connect';
import { AutoService } from '#gen/outcry/auto/v1/auto_pb.ts';
import { userTransport } from '../../rpc/transports.ts';

/** The client of automations. */
export const automations = createClient(AutoService, userTransport);
