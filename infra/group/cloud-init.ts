import { stringify } from 'yaml';
import { byDigest } from '../config-problems.ts';

/** One container that an instance runs, and how. */
export interface ContainerUnit {
  /** Name of the container and of its unit. */
  name: string;
  image: string;
  /** Command in place of the image's own. */
  command: readonly string[];
  environment: Readonly<Record<string, string>>;
  /** Port that the container listens on and the instance publishes. */
  port: number;
  /** Folder in the container that is on the instance's disk, when it needs one. */
  workDir?: string;
}

/** Group and user that the image runs as (Dockerfile). */
const USER = '10001:10001';
/** Writable on Container-Optimized OS, where most of the rest is not. */
const HOME = '/var/lib/claqueta';
/** A Spot instance has 30 s from the notice to the end; a worker needs under 10 of them. */
const STOP_SECONDS = 20;

/**
 * The `#cloud-config` of an instance: it pulls the image and keeps the container running, with nobody watching. Pure.
 * Nothing in it is secret: whoever may see the instance may read it.
 */
export function cloudConfig(unit: ContainerUnit): string {
  if (!byDigest.test(unit.image)) throw new Error(`The image must be given by digest: ${unit.image}`);
  const config = {
    write_files: [
      { path: environmentFile(unit), permissions: '0600', owner: 'root', content: environmentLines(unit.environment) },
      {
        path: `/etc/systemd/system/${unit.name}.service`,
        permissions: '0644',
        owner: 'root',
        content: systemdUnit(unit),
      },
    ],
    // Not enabled but started: on Container-Optimized OS /etc does not outlive a boot, and this runs at each.
    runcmd: ['systemctl daemon-reload', `systemctl start --no-block ${unit.name}.service`],
  };
  return `#cloud-config\n${stringify(config, { lineWidth: 0 })}`;
}

/** The systemd unit of a container. */
export function systemdUnit(unit: ContainerUnit): string {
  const { name, image } = unit;
  const registry = image.slice(0, image.indexOf('/'));
  const work = `${HOME}/work`;
  const folder = unit.workDir ? [`/usr/bin/mkdir -p ${work}`, `/usr/bin/chown ${USER} ${work}`] : [];
  const before = [
    ...folder,
    `/usr/bin/docker-credential-gcr configure-docker --registries=${registry}`,
    `/usr/bin/docker pull ${image}`,
    // What a crash of the machine left. The dash: there is mostly nothing, and that is no failure.
    `-/usr/bin/docker rm --force ${name}`,
  ];
  return `[Unit]
Description=Claqueta ${name}
Requires=docker.service
After=docker.service network-online.target
Wants=network-online.target
StartLimitIntervalSec=0

[Service]
StateDirectory=claqueta
Environment=HOME=${HOME}
${before.map((command) => `ExecStartPre=${command}`).join('\n')}
ExecStart=${dockerRun(unit, work).join(' ')}
ExecStop=/usr/bin/docker stop --time=${STOP_SECONDS} ${name}
TimeoutStartSec=600
TimeoutStopSec=${STOP_SECONDS + 5}
Restart=always
RestartSec=5
`;
}

function dockerRun(unit: ContainerUnit, work: string): string[] {
  return [
    '/usr/bin/docker run --rm --init',
    `--name=${unit.name}`,
    // Nothing in the container can change it, become somebody else, or use up the machine's processes and disk.
    '--read-only --tmpfs=/tmp:rw,nosuid,nodev,noexec,size=256m',
    '--cap-drop=ALL --security-opt=no-new-privileges --pids-limit=2048',
    '--log-driver=json-file --log-opt=max-size=50m --log-opt=max-file=3',
    `--env-file=${environmentFile(unit)}`,
    `--publish=${unit.port}:${unit.port}`,
    ...(unit.workDir ? [`--mount=type=bind,source=${work},target=${unit.workDir}`] : []),
    unit.image,
    ...unit.command,
  ];
}

function environmentFile({ name }: ContainerUnit): string {
  return `/etc/claqueta/${name}.env`;
}

/** Docker takes each line as it is, without quotes and escapes. */
function environmentLines(environment: Readonly<Record<string, string>>): string {
  return Object.entries(environment)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => {
      if (/[\r\n]/.test(value)) throw new Error(`${name} has a line break, which an environment file cannot hold.`);
      return `${name}=${value}\n`;
    })
    .join('');
}
