import type * as pulumi from '@pulumi/pulumi';

/** Names and limits of what is watched. */
export interface Watched {
  project: string;
  subscription: pulumi.Input<string>;
  deadSubscription: pulumi.Input<string>;
  urlMap: pulumi.Input<string>;
  shortBackend: pulumi.Input<string>;
  uptimeCheck: pulumi.Input<string>;
  /** Whether the service can be reached under the name that the uptime check asks. */
  answersPublicly: boolean;
  databaseInstance: pulumi.Input<string>;
  diskLimitGb: number;
  /** `max_connections` of the database. */
  connections: number;
}
