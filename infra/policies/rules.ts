import * as gcp from '@pulumi/gcp';
import { validateResourceOfType, type ResourceValidationPolicy } from '@pulumi/policy';

const mandatory = { enforcementLevel: 'mandatory' } as const;

/** What must never happen, whoever changes the program: the engine refuses it before anything is touched. */
export const rules: ResourceValidationPolicy[] = [
  {
    ...mandatory,
    name: 'instances-are-private',
    description: 'Instances have no public address, are shielded and are entered by OS Login alone.',
    validateResource: validateResourceOfType(gcp.compute.InstanceTemplate, (template, _, report) => {
      for (const each of template.networkInterfaces ?? []) {
        if (each.accessConfigs?.length || each.ipv6AccessConfigs?.length) report('An instance has a public address.');
      }
      if (template.metadata?.['enable-oslogin'] !== 'TRUE') report('OS Login is off.');
      if (template.metadata?.['block-project-ssh-keys'] !== 'TRUE') report('Keys of the project let people in.');
      if (!template.shieldedInstanceConfig?.enableSecureBoot) report('Secure boot is off.');
    }),
  },
  {
    ...mandatory,
    name: 'images-by-digest',
    description: 'Containers run an image that cannot be replaced under their feet.',
    validateResource: validateResourceOfType(gcp.compute.InstanceTemplate, (template, _, report) => {
      const userData = template.metadata?.['user-data'];
      if (userData !== undefined && !/@sha256:[0-9a-f]{64} /.test(userData))
        report('The image is not given by digest.');
    }),
  },
  {
    ...mandatory,
    name: 'database-is-private',
    description: 'The database has no public address, is encrypted on the way, and can be recovered.',
    validateResource: validateResourceOfType(gcp.sql.DatabaseInstance, ({ settings }, _, report) => {
      if (settings?.ipConfiguration?.ipv4Enabled !== false) report('The database has a public address.');
      if (settings?.ipConfiguration?.sslMode === 'ALLOW_UNENCRYPTED_AND_ENCRYPTED') report('Connections may be plain.');
      if (!settings?.backupConfiguration?.enabled) report('Nothing is backed up.');
      if (!settings?.backupConfiguration?.pointInTimeRecoveryEnabled) report('It cannot be recovered to a moment.');
    }),
  },
  {
    ...mandatory,
    name: 'buckets-are-private',
    description: 'No bucket can be opened to everybody.',
    validateResource: validateResourceOfType(gcp.storage.Bucket, (bucket, _, report) => {
      if (bucket.publicAccessPrevention !== 'enforced') report('It may be made public.');
      if (bucket.uniformBucketLevelAccess !== true) report('Single objects may be made public.');
    }),
  },
  {
    ...mandatory,
    name: 'no-open-doors',
    description: 'No firewall rule lets the internet in, and SSH comes through IAP.',
    validateResource: validateResourceOfType(gcp.compute.Firewall, (rule, _, report) => {
      if (rule.direction === 'EGRESS' || !rule.allows?.length) return;
      if (rule.sourceRanges?.some((range) => /\/0$/.test(range))) report('It lets the internet in.');
      const ssh = rule.allows.some(({ ports, protocol }) => !ports || (protocol === 'tcp' && ports.includes('22')));
      if (ssh && rule.sourceRanges?.join() !== '35.235.240.0/20') report('SSH is open to others than IAP.');
    }),
  },
  {
    ...mandatory,
    name: 'no-keys',
    description: 'Service accounts have no keys: whoever holds a key is the account.',
    validateResource: validateResourceOfType(gcp.serviceaccount.Key, (_key, _, report) => report('A key is made.')),
  },
  {
    ...mandatory,
    name: 'no-basic-roles',
    description: 'Nobody owns, edits or views the whole project.',
    validateResource: validateResourceOfType(gcp.projects.IAMMember, ({ role, member }, _, report) => {
      if (/^roles\/(owner|editor|viewer)$/.test(role)) report(`${member} gets ${role}.`);
      if (/^all(Authenticated)?Users$/.test(member)) report('Everybody gets a role.');
    }),
  },
  {
    ...mandatory,
    name: 'modern-tls',
    description: 'HTTPS is TLS 1.2 or newer.',
    validateResource: validateResourceOfType(gcp.compute.SSLPolicy, ({ minTlsVersion }, _, report) => {
      if (minTlsVersion !== 'TLS_1_2' && minTlsVersion !== 'TLS_1_3') report('Old versions of TLS are accepted.');
    }),
  },
];
