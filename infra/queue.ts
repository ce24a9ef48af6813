import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';

const FOREVER = { ttl: '' };
const WEEK = '604800s';
const LONGEST = '2678400s';

/** Deliveries before a message counts as dead. A spot worker that is taken away costs one, a failing step another. */
export const MAX_DELIVERIES = 20;

export interface QueueArgs {
  project: string;
  region: string;
}

/** Steps are announced on a topic; what nobody can take ends up in a second one, where somebody has to look. */
export class Queue extends pulumi.ComponentResource {
  /** Name of the topic that steps are announced on. */
  readonly topic: pulumi.Output<string>;
  /** Name of the subscription that workers listen to, and that the autoscaler counts. */
  readonly subscription: pulumi.Output<string>;
  /** Name of the subscription that dead messages wait in. */
  readonly deadSubscription: pulumi.Output<string>;

  constructor(name: string, { project, region }: QueueArgs, opts?: pulumi.ComponentResourceOptions) {
    super('claqueta:queue:Queue', name, {}, opts);
    const own = { parent: this };
    const messageStoragePolicy = { allowedPersistenceRegions: [region] };
    const topic = new gcp.pubsub.Topic(name, { messageStoragePolicy }, own);
    const dead = new gcp.pubsub.Topic('dead', { messageStoragePolicy, messageRetentionDuration: LONGEST }, own);
    // A topic without a subscription keeps nothing that an operator could look at.
    const deadSubscription = new gcp.pubsub.Subscription(
      'dead',
      { topic: dead.id, expirationPolicy: FOREVER, messageRetentionDuration: LONGEST, ackDeadlineSeconds: 60 },
      own,
    );

    // It is Pub/Sub itself that moves a dead message: it publishes to one topic and acknowledges in the other.
    const agent = new gcp.projects.ServiceIdentity('pubsub', { project, service: 'pubsub.googleapis.com' }, own);
    const mayPublish = new gcp.pubsub.TopicIAMMember(
      'agent-dead',
      { topic: dead.id, role: 'roles/pubsub.publisher', member: agent.member },
      own,
    );
    const subscription = new gcp.pubsub.Subscription(
      name,
      {
        topic: topic.id,
        // A worker extends this while its step runs; one that dies gives its message back within a minute.
        ackDeadlineSeconds: 60,
        messageRetentionDuration: WEEK,
        expirationPolicy: FOREVER,
        retryPolicy: { minimumBackoff: '1s', maximumBackoff: '60s' },
        deadLetterPolicy: { deadLetterTopic: dead.id, maxDeliveryAttempts: MAX_DELIVERIES },
      },
      { ...own, dependsOn: mayPublish },
    );
    new gcp.pubsub.SubscriptionIAMMember(
      'agent-source',
      { subscription: subscription.name, role: 'roles/pubsub.subscriber', member: agent.member },
      own,
    );
    this.topic = topic.name;
    this.subscription = subscription.name;
    this.deadSubscription = deadSubscription.name;
    this.registerOutputs();
  }

  /** Lets a program announce steps. */
  allowAnnounce(program: string, member: pulumi.Input<string>): void {
    new gcp.pubsub.TopicIAMMember(
      `${program}-announce`,
      { topic: this.topic, role: 'roles/pubsub.publisher', member },
      { parent: this },
    );
  }

  /** Lets a program take steps. */
  allowListen(program: string, member: pulumi.Input<string>): void {
    new gcp.pubsub.SubscriptionIAMMember(
      `${program}-listen`,
      { subscription: this.subscription, role: 'roles/pubsub.subscriber', member },
      { parent: this },
    );
  }
}
