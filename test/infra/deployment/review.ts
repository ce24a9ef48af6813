import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as gcp from '@pulumi/gcp';
import { deployStack } from '../kit/stack.ts';

// The list that a reviewer goes through (CIS Google Cloud), asserted from the program's own resources, in every stack.
for (const name of ['dev', 'prod']) {
  const stack = await deployStack(name);
  const templates = stack.of(gcp.compute.InstanceTemplate);
  const firewall = stack.of(gcp.compute.Firewall);
  const database = stack.one(gcp.sql.DatabaseInstance).inputs;

  test(`${name}: each program has an identity of its own`, () => {
    const accounts = templates.map(({ inputs }) => inputs.serviceAccount.email);
    assert.equal(new Set(accounts).size, templates.length);
    assert.ok(accounts.every((account) => account.startsWith('claqueta-')));
  });

  test(`${name}: nothing is in the default network, and the network makes no subnets by itself`, () => {
    for (const { inputs } of stack.of(gcp.compute.Network)) assert.equal(inputs.autoCreateSubnetworks, false);
    for (const { inputs } of templates) {
      for (const each of inputs.networkInterfaces) {
        assert.equal(each.network, undefined);
        assert.match(each.subnetwork, /^(front|back)_id$/);
      }
    }
  });

  test(`${name}: SSH comes through IAP only`, () => {
    const ssh = firewall.filter(({ inputs }) => opens(inputs, '22'));
    assert.deepEqual(
      ssh.map(({ inputs }) => [inputs.direction, inputs.sourceRanges]),
      [['INGRESS', ['35.235.240.0/20']]],
    );
  });

  test(`${name}: no rule admits the internet, and all rules are logged`, () => {
    for (const { name, inputs } of firewall) {
      if (inputs.direction === 'INGRESS' && inputs.allows) assert.ok(!inputs.sourceRanges.includes('0.0.0.0/0'), name);
      assert.deepEqual(inputs.logConfig, { metadata: 'INCLUDE_ALL_METADATA' }, name);
    }
  });

  test(`${name}: flows of every subnet are logged, and so is NAT`, () => {
    const subnets = stack.of(gcp.compute.Subnetwork);
    assert.equal(subnets.length, 2);
    for (const { inputs } of subnets) {
      assert.ok(inputs.logConfig.flowSampling > 0);
      assert.equal(inputs.privateIpGoogleAccess, true);
    }
    assert.equal(stack.one(gcp.compute.RouterNat).inputs.logConfig.enable, true);
  });

  test(`${name}: instances are shielded, have no public address, and are entered by OS Login alone`, () => {
    for (const { inputs } of templates) {
      assert.deepEqual(inputs.shieldedInstanceConfig, {
        enableSecureBoot: true,
        enableVtpm: true,
        enableIntegrityMonitoring: true,
      });
      for (const each of inputs.networkInterfaces) {
        assert.equal(each.accessConfigs, undefined);
        assert.equal(each.ipv6AccessConfigs, undefined);
      }
      assert.equal(inputs.metadata['enable-oslogin'], 'TRUE');
      assert.equal(inputs.metadata['block-project-ssh-keys'], 'TRUE');
      assert.equal(inputs.metadata['serial-port-enable'], 'FALSE');
      assert.equal(inputs.canIpForward, undefined);
    }
  });

  test(`${name}: buckets are uniform and never public`, () => {
    for (const { inputs } of stack.of(gcp.storage.Bucket)) {
      assert.equal(inputs.uniformBucketLevelAccess, true);
      assert.equal(inputs.publicAccessPrevention, 'enforced');
      assert.ok(inputs.softDeletePolicy.retentionDurationSeconds >= 604_800);
      const actions = inputs.lifecycleRules.map((rule) => rule.action.type);
      assert.ok(actions.includes('AbortIncompleteMultipartUpload'));
    }
  });

  test(`${name}: the database is private, encrypted, recoverable and logs what it should`, () => {
    const { settings } = database;
    assert.equal(settings.edition, 'ENTERPRISE');
    assert.equal(settings.ipConfiguration.ipv4Enabled, false);
    assert.equal(settings.ipConfiguration.sslMode, 'ENCRYPTED_ONLY');
    assert.equal(settings.ipConfiguration.privateNetwork, 'claqueta_id');
    assert.equal(settings.backupConfiguration.enabled, true);
    assert.equal(settings.backupConfiguration.pointInTimeRecoveryEnabled, true);
    assert.equal(settings.finalBackupConfig.enabled, true);
    assert.equal(settings.availabilityType, name === 'prod' ? 'REGIONAL' : 'ZONAL');
    const flags: Record<string, string> = Object.fromEntries(
      settings.databaseFlags.map(({ name, value }) => [name, value]),
    );
    assert.deepEqual(
      { ...flags, max_connections: undefined },
      {
        'cloudsql.iam_authentication': 'on',
        'cloudsql.enable_pgaudit': 'on',
        'pgaudit.log': 'ddl,role',
        log_checkpoints: 'on',
        log_connections: 'on',
        log_disconnections: 'on',
        log_lock_waits: 'on',
        log_min_duration_statement: '-1',
        log_min_error_statement: 'error',
        log_min_messages: 'warning',
        log_statement: 'ddl',
        log_temp_files: '0',
        max_connections: undefined,
      },
    );
  });

  test(`${name}: database users log in by IAM, without a password`, () => {
    for (const { inputs } of stack.of(gcp.sql.User)) {
      assert.equal(inputs.type, 'CLOUD_IAM_SERVICE_ACCOUNT');
      assert.equal(inputs.password, undefined);
      assert.match(inputs.name, /@p\.iam$/);
    }
  });

  test(`${name}: what holds data is protected from deletion`, () => {
    assert.deepEqual(
      stack.all.filter(({ protect }) => protect).map(({ type, name }) => `${type.split(':')[1]} ${name}`),
      [
        'compute/globalAddress balancer',
        'sql/databaseInstance claqueta',
        'storage/bucket media',
        'secretmanager/secret signing',
        'sql/database claqueta',
      ].sort(byAppearance(stack.all.map(({ type, name }) => `${type.split(':')[1]} ${name}`))),
    );
    assert.equal(database.deletionProtection, true);
    assert.equal(database.settings.deletionProtectionEnabled, true);
    assert.equal(stack.one(gcp.storage.Bucket).inputs.forceDestroy, false);
    assert.equal(stack.one(gcp.secretmanager.Secret).inputs.deletionProtection, true);
  });

  test(`${name}: everything outgoing is closed but what is needed`, () => {
    const outgoing = firewall
      .filter(({ inputs }) => inputs.direction === 'EGRESS')
      .map(({ name, inputs }) => {
        const rule = inputs.allows?.[0] ?? inputs.denies[0];
        const what = `${inputs.allows ? 'allow' : 'deny'} ${[rule?.protocol, ...(rule?.ports ?? [])].join(' ')}`;
        return `${inputs.priority} ${name}: ${what} → ${inputs.destinationRanges.join(' ')}`;
      });
    assert.deepEqual(outgoing.sort(), [
      '1000 migrate-google: allow tcp 443 → 199.36.153.8/30',
      '1000 web-google: allow tcp 443 → 199.36.153.8/30',
      '1000 worker-google: allow tcp 443 → 199.36.153.8/30',
      '1000 worker-internet: allow tcp 80 443 → 0.0.0.0/0',
      '65534 deny-egress: deny all → 0.0.0.0/0',
      '900 migrate-database: allow tcp 5432 3307 → 10.20.0.0/20',
      '900 web-database: allow tcp 5432 3307 → 10.20.0.0/20',
      '900 worker-database: allow tcp 5432 3307 → 10.20.0.0/20',
      '950 worker-not-inside: deny all → 10.0.0.0/8 100.64.0.0/10 172.16.0.0/12 192.168.0.0/16',
    ]);
  });

  test(`${name}: rules go by identity, and only Cloud Run's by a tag`, () => {
    for (const { name, inputs } of firewall.filter(({ name }) => !name.startsWith('deny-'))) {
      const by = name.startsWith('migrate-') ? inputs.targetTags : inputs.targetServiceAccounts;
      assert.ok(by.length > 0, name);
    }
  });

  test(`${name}: no secret is in an instance's metadata`, () => {
    for (const { inputs } of templates) {
      assert.doesNotMatch(inputs.metadata['user-data'] ?? '', /c2VjcmV0|PASSWORD|SIGNING_SECRET=/);
    }
  });

  test(`${name}: everything old enough to be deleted by Google is kept`, () => {
    for (const { inputs } of stack.of(gcp.pubsub.Subscription)) assert.deepEqual(inputs.expirationPolicy, { ttl: '' });
  });
}

test('HTTPS is TLS 1.2 or newer with modern ciphers', async () => {
  const prod = await deployStack('prod');
  assert.deepEqual(prod.one(gcp.compute.SSLPolicy).inputs, { profile: 'MODERN', minTlsVersion: 'TLS_1_2' });
  assert.equal(prod.one(gcp.compute.TargetHttpsProxy).inputs.sslPolicy, 'web_id');
});

function opens(inputs: { allows?: { ports?: string[] }[] }, port: string): boolean {
  return (inputs.allows ?? []).some(({ ports }) => ports?.includes(port));
}

function byAppearance(order: string[]) {
  return (one: string, other: string) => order.indexOf(one) - order.indexOf(other);
}
