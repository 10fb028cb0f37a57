/**
 * What a service needs from its surroundings. One declaration, in the service's needs.ts, from which its process opens its resources, the
 * supervisor gives it its environment, and the manifests of k8s/ and istio/ are checked: no service gets a credential or an address
 * that it does not use.
 */
export type ServiceNeeds = {
  /** The service's name: its folder, its database, its Kubernetes name and the prefix of its settings. */
  readonly name: string;
  /** Its own database; absent when it stores nothing. */
  readonly database?: DatabaseNeeds;
  /** The bus; absent when it neither publishes nor consumes events. */
  readonly bus?: BusNeeds;
  /** A secret of its own, from which it derives others; absent when it derives none. */
  readonly secret?: true;
  /** Services that it calls, by name. It gets their addresses; every identity is verified with the keys of `user`. */
  readonly calls: readonly string[];
};

/** How a service uses its database. */
export type DatabaseNeeds = {
  /** The folder of its migrations; absent when it has no tables but those of the platform. */
  readonly migrations?: URL;
  /** The most connections that it has use for, whatever the configuration permits; default: no limit of its own. */
  readonly poolMax?: number;
};

/** How a service uses the bus: with an outbox when it publishes. Any service may consume. */
export type BusNeeds = { readonly outbox: boolean };
