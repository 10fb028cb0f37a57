import type { ShardMap } from '#platform/config/shard-map.ts';
import type { Database } from '#platform/postgres/sql.ts';
import type { Peers } from './replication/peers.ts';
import type { PendingCalls } from './replication/pending-calls.ts';
import type { ShardReplica } from './replication/shard-replica.ts';
import type { ReplicaIdentity } from './store/take-over.ts';

/** What the exchange is made of. */
export type ExchangeDeps = {
  /** For reads of the journal by the audit. */
  readDb: Database;
  shards: ShardMap;
  /** This process's replica of each shard, by shard number. */
  replicas: Map<number, ShardReplica>;
  /** This process. */
  self: ReplicaIdentity;
  peers: Peers;
  pendingCalls: PendingCalls;
  /** Advertised addresses of the standbys whose Watch streams are open here, by shard; one entry a stream. */
  watchers: Map<number, string[]>;
};
