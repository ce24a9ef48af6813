import * as pulumi from '@pulumi/pulumi';
import { problemsOf } from './config-problems.ts';

/** What an operator decides, read once. Each value is described in Pulumi.yaml. */
export type Deployment = ReturnType<typeof read>;

/** @throws pulumi.RunError naming everything that is wrong */
export function readConfig(): Deployment {
  const deployment = read();
  const problems = problemsOf(deployment);
  if (problems.length === 0) return deployment;
  throw new pulumi.RunError(`The configuration is not right:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
}

function read() {
  const google = new pulumi.Config('gcp');
  const own = new pulumi.Config('claqueta');
  const text = (name: string) => own.get(name) ?? '';
  const list = (name: string) => own.getObject<string[]>(name) ?? [];
  const number = (name: string) => own.requireNumber(name);
  const flag = (name: string) => own.requireBoolean(name);

  return {
    project: google.require('project'),
    region: google.require('region'),
    projectNumber: own.require('projectNumber'),
    zones: list('zones'),
    operators: list('operators'),
    labels: { service: 'claqueta', ...Object.fromEntries(list('labels').map(pair)) } as Record<string, string>,
    image: text('image'),
    edge: { domain: text('domain'), domainLive: flag('domainLive'), requestsPerMinute: number('requestsPerMinute') },
    web: {
      machineType: own.require('webMachineType'),
      minimum: number('webMinimum'),
      maximum: number('webMaximum'),
      cpuPercent: number('webCpuPercent'),
      predictive: flag('webPredictive'),
    },
    worker: {
      machineTypes: list('workerMachineTypes'),
      spot: flag('workerSpot'),
      minimum: number('workerMinimum'),
      maximum: number('workerMaximum'),
      messages: number('workerMessages'),
      diskGb: number('workerDiskGb'),
      paused: flag('workersPaused'),
    },
    database: {
      tier: own.require('databaseTier'),
      highlyAvailable: flag('databaseHighlyAvailable'),
      diskGb: number('databaseDiskGb'),
      diskLimitGb: number('databaseDiskLimitGb'),
    },
    signingSecrets: list('signingSecrets'),
    protectData: flag('protectData'),
    alerts: {
      emails: list('alertEmails'),
      groupSizeAbove: number('groupSizeAbove'),
      runbooksUrl: own.require('runbooksUrl'),
    },
    budget: {
      billingAccount: text('billingAccount'),
      amount: number('budgetAmount'),
      currency: own.require('budgetCurrency'),
    },
    delivery: { repository: text('repository'), stateBucket: text('stateBucket'), stateKey: text('stateKey') },
  };
}

function pair(label: string): [string, string] {
  const [key = '', value = ''] = label.split('=');
  return [key, value];
}
