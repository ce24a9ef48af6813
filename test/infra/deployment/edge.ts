import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as gcp from '@pulumi/gcp';
import { deployStack } from '../kit/stack.ts';

// What the bookstore's deployment (D) asked of the edge: domain, certificate, balancer.
const dev = await deployStack('dev');
const prod = await deployStack('prod');
const { compute, dns } = gcp;

test('D: own domain, apex and www, to a fixed address', () => {
  const records = prod
    .of(dns.RecordSet)
    .filter(({ inputs }) => inputs.type === 'A' && inputs.name.includes('claqueta'))
    .map(({ inputs }) => [inputs.name, inputs.rrdatas]);
  assert.deepEqual(records, [
    ['claqueta.example.com.', ['203.0.113.7']],
    ['www.claqueta.example.com.', ['203.0.113.7']],
  ]);
  assert.equal(prod.one(dns.ManagedZone, 'domain').inputs.dnssecConfig.state, 'on');
  assert.equal(prod.one(compute.GlobalAddress, 'balancer').protect, true);
});

test('D, E: a managed certificate for apex and www, proved by DNS', () => {
  const { managed } = prod.one(gcp.certificatemanager.Certificate).inputs;
  assert.deepEqual(managed.domains, ['claqueta.example.com', 'www.claqueta.example.com']);
  assert.equal(managed.dnsAuthorizations.length, 2);
  assert.deepEqual(
    prod.of(gcp.certificatemanager.CertificateMapEntry).map(({ inputs }) => inputs.hostname),
    managed.domains,
  );
  const proofs = prod.of(dns.RecordSet).filter(({ name }) => name.endsWith('-proof'));
  assert.deepEqual(
    proofs.map(({ inputs }) => inputs.type),
    ['CNAME', 'CNAME'],
  );
});

test('D: HTTP is redirected to HTTPS; without a domain, HTTP is served', () => {
  assert.deepEqual(
    prod.of(compute.GlobalForwardingRule).map(({ inputs }) => [inputs.portRange, inputs.loadBalancingScheme]),
    [
      ['80', 'EXTERNAL_MANAGED'],
      ['443', 'EXTERNAL_MANAGED'],
    ],
  );
  assert.equal(prod.one(compute.TargetHttpProxy).inputs.urlMap, 'web-to-https_id');
  assert.equal(prod.one(compute.URLMap, 'web-to-https').inputs.defaultUrlRedirect.httpsRedirect, true);
  assert.equal(
    prod.one(compute.TargetHttpsProxy).inputs.certificateMap,
    '//certificatemanager.googleapis.com/domain_id',
  );

  assert.deepEqual(
    dev.of(compute.GlobalForwardingRule).map(({ inputs }) => inputs.portRange),
    ['80'],
  );
  assert.equal(dev.one(compute.TargetHttpProxy).inputs.urlMap, 'web_id');
  assert.equal(dev.of(dns.ManagedZone).filter(({ inputs }) => inputs.visibility === 'public').length, 0);
});

test('D: uploads and event streams have an hour, everything else a minute', () => {
  const timeouts = prod.of(compute.BackendService).map(({ name, inputs }) => [name, inputs.timeoutSec]);
  assert.deepEqual(Object.fromEntries(timeouts), { 'web-short': 60, 'web-long': 3600 });
  const [matcher] = prod.one(compute.URLMap, 'web').inputs.pathMatchers;
  assert.equal(matcher?.defaultService, 'web-short_id');
  assert.deepEqual(
    matcher?.routeRules.map(({ service, matchRules: [rule] }) => [
      service,
      rule?.prefixMatch ?? rule?.fullPathMatch ?? rule?.pathTemplateMatch,
    ]),
    [
      ['web-long_id', '/uploads'],
      ['web-long_id', '/archives/'],
      ['web-long_id', '/events'],
      ['web-long_id', '/tasks/*/events'],
      ['web-long_id', '/tasks'],
    ],
  );
});

test('clients are slowed down before they hurt, and requests are logged', () => {
  const rules = prod.one(compute.SecurityPolicy).inputs.rules;
  assert.deepEqual(
    rules.filter(({ action }) => action === 'throttle').map((rule) => rule.rateLimitOptions.rateLimitThreshold),
    [
      { count: 30, intervalSec: 60 },
      { count: 600, intervalSec: 60 },
    ],
  );
  for (const { inputs } of prod.of(compute.BackendService)) {
    assert.equal(inputs.securityPolicy, 'web_id');
    assert.deepEqual(inputs.logConfig, { enable: true, sampleRate: 1 });
  }
});
