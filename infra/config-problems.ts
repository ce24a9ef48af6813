import type { Deployment } from './config.ts';

/** An image that can never mean anything else than it did when it was written. */
export const byDigest = /^[a-z0-9.-]+(\/[a-z0-9._-]+)+@sha256:[0-9a-f]{64}$/;

const hostName = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/;

/** Everything about a configuration that would only show when half of it is deployed. Pure. */
export function problemsOf(deployment: Deployment): string[] {
  const { zones, region, image, edge, web, worker, database, delivery } = deployment;
  const rules: [holds: boolean, problem: string][] = [
    [new Set(zones).size >= 2, `zones: at least two different ones, given ${zones.join(', ') || 'none'}`],
    [
      zones.every((zone) => zone.startsWith(`${region}-`)),
      `zones: all must be in ${region}, given ${zones.join(', ')}`,
    ],
    [/^\d+$/.test(deployment.projectNumber), 'projectNumber: only digits'],
    [image === '' || byDigest.test(image), `image: only by digest (…@sha256:…), given ${image}`],
    [edge.domain === '' || hostName.test(edge.domain), `domain: a plain host name, given ${edge.domain}`],
    [!edge.domain.startsWith('www.'), 'domain: the apex; www is served beside it'],
    [web.minimum >= 1, 'webMinimum: at least 1, because somebody has to answer'],
    [web.minimum <= web.maximum, 'webMaximum: not below webMinimum'],
    [web.cpuPercent > 0 && web.cpuPercent <= 100, 'webCpuPercent: from 1 to 100'],
    [worker.minimum >= 0 && worker.minimum <= worker.maximum, 'workerMaximum: not below workerMinimum'],
    [worker.maximum >= 1, 'workerMaximum: at least 1'],
    [worker.messages >= 1, 'workerMessages: at least 1'],
    [worker.machineTypes.length >= 1, 'workerMachineTypes: at least one'],
    [
      [1, 2].includes(new Set(deployment.signingSecrets).size) && deployment.signingSecrets.length <= 2,
      'signingSecrets: one name, or two different ones while the secret changes',
    ],
    [database.diskGb <= database.diskLimitGb, 'databaseDiskLimitGb: not below databaseDiskGb'],
    [delivery.repository === '' || /^[\w.-]+\/[\w.-]+$/.test(delivery.repository), 'repository: owner/name'],
    [
      delivery.repository === '' || (delivery.stateBucket !== '' && delivery.stateKey !== ''),
      'stateBucket, stateKey: both must be set with repository',
    ],
  ];
  return rules.filter(([holds]) => !holds).map(([, problem]) => problem);
}
