/** By what a group grows and shrinks. Pure. */
export type Signal =
  | { kind: 'cpu'; percent: number; predictive: boolean }
  | { kind: 'messages'; subscription: string; perInstance: number };

export interface Scaling {
  minimum: number;
  maximum: number;
  signal: Signal;
  /** Until a new instance counts: what it does while it boots says nothing about the load. */
  bootSeconds: number;
  /** The autoscaler goes by the largest size it wanted in so many seconds: the group shrinks after as many idle ones. */
  stabilizationSeconds: number;
  /** Stops the group's instances and keeps it from making new ones. */
  paused?: boolean;
}

/** The most that the autoscaler's metrics show for a full instance: a fraction of CPU, or messages. */
export function targetPerInstance(signal: Signal): number {
  return signal.kind === 'cpu' ? signal.percent / 100 : signal.perInstance;
}

/** The autoscaling policy as Compute Engine takes it. */
export function autoscalingPolicy(scaling: Scaling) {
  return {
    mode: scaling.paused ? 'OFF' : 'ON',
    minReplicas: scaling.minimum,
    maxReplicas: scaling.maximum,
    cooldownPeriod: scaling.bootSeconds,
    stabilizationPeriod: scaling.stabilizationSeconds,
    ...signalPolicy(scaling.signal),
  };
}

function signalPolicy(signal: Signal) {
  if (signal.kind === 'cpu') {
    return {
      cpuUtilization: {
        target: targetPerInstance(signal),
        predictiveMethod: signal.predictive ? 'OPTIMIZE_AVAILABILITY' : 'NONE',
      },
    };
  }
  return {
    metrics: [
      {
        name: 'pubsub.googleapis.com/subscription/num_undelivered_messages',
        // The autoscaler knows only AND and =.
        filter: `resource.type = "pubsub_subscription" AND resource.labels.subscription_id = "${signal.subscription}"`,
        singleInstanceAssignment: signal.perInstance,
      },
    ],
  };
}

/** How a group is spread over its zones, and which machines it may take. */
export function distribution(zones: readonly string[], machineTypes: readonly string[]) {
  const [first, ...others] = machineTypes;
  if (first === undefined) throw new Error('A group needs a machine type.');
  if (others.length === 0) {
    // An autoscaled group that is spread evenly has to be spread anew when a zone comes back.
    return { machineType: first, shape: 'EVEN', redistribution: 'PROACTIVE', distributionPolicyZones: [...zones] };
  }
  return {
    machineType: first,
    // A choice of machines goes with taking them where they are, and then nothing is moved afterwards.
    shape: 'ANY',
    redistribution: 'NONE',
    distributionPolicyZones: [...zones],
    instanceFlexibilityPolicy: {
      instanceSelections: machineTypes.map((type, index) => ({ name: type, machineTypes: [type], rank: index + 1 })),
    },
  };
}
