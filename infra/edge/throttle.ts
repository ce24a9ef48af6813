import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';

const everyone = { versionedExpr: 'SRC_IPS_V1', config: { srcIpRanges: ['*'] } };
const LAST = 2_147_483_647;

/** Log-ins and sign-ups a minute from one address: more than people need, and far too few to guess passwords by. */
const LOGINS_PER_MINUTE = 30;

/** Rule sets whose findings are logged. The database gets parameters and FFmpeg no names, so nothing rests on them. */
const observed = { sqli: 'sqli-v33-stable', lfi: 'lfi-v33-stable', scanner: 'scannerdetection-v33-stable' };

/** Cloud Armor before the balancer: slows down whoever asks too often. */
export class Throttle extends pulumi.ComponentResource {
  /** Id of the policy, for a backend service. */
  readonly policy: pulumi.Output<string>;

  constructor(
    name: string,
    { requestsPerMinute }: { requestsPerMinute: number },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super('claqueta:edge:Throttle', name, {}, opts);
    const atMost = (count: number) => ({
      conformAction: 'allow',
      exceedAction: 'deny(429)',
      enforceOnKey: 'IP',
      rateLimitThreshold: { count, intervalSec: 60 },
    });
    const policy = new gcp.compute.SecurityPolicy(
      name,
      {
        type: 'CLOUD_ARMOR',
        rules: [
          ...Object.entries(observed).map(([what, ruleSet], index) => ({
            priority: 500 + index,
            description: `Log what looks like ${what}`,
            action: 'deny(403)',
            // Only logged: the body of an upload or a password may look like anything.
            preview: true,
            match: { expr: { expression: `evaluatePreconfiguredWaf('${ruleSet}', {'sensitivity': 1})` } },
          })),
          {
            priority: 1000,
            description: 'Slow down guessing of passwords',
            action: 'throttle',
            match: { expr: { expression: "request.path.startsWith('/auth/')" } },
            rateLimitOptions: atMost(LOGINS_PER_MINUTE),
          },
          {
            priority: 2000,
            description: 'Slow down whoever asks too often',
            action: 'throttle',
            match: everyone,
            rateLimitOptions: atMost(requestsPerMinute),
          },
          { priority: LAST, description: 'Everybody else', action: 'allow', match: everyone },
        ],
      },
      { parent: this },
    );
    this.policy = policy.id;
    this.registerOutputs();
  }
}
