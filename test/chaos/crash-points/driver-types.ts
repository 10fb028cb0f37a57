/** The parts of the drivers that crash points wrap. */
import type { ChannelInterface } from '@grpc/grpc-js';
import type pg from 'pg';

export type QueryResult = pg.QueryResult;

/** A channel of grpc-js. */
export type ChannelType = Pick<ChannelInterface, 'createCall'>;

/** A call of grpc-js. */
export type CallType = ReturnType<ChannelInterface['createCall']>;
