import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deployStack, type Stack } from '../kit/stack.ts';

/**
 * Values that Google accepts where TypeScript only asks for a string. By class and property; whatever looks like such a
 * value and is not listed fails, so that a new one is looked up.
 */
const allowed: Record<string, readonly string[]> = {
  'AlertPolicy combiner': ['AND', 'OR', 'AND_WITH_MATCHING_RESOURCE'],
  'AlertPolicy severity': ['CRITICAL', 'ERROR', 'WARNING'],
  'AlertPolicy alertStrategy.notificationPrompts': ['OPENED', 'CLOSED'],
  'AlertPolicy conditions.conditionThreshold.comparison': ['COMPARISON_GT', 'COMPARISON_LT'],
  'AlertPolicy conditions.conditionThreshold.evaluationMissingData': [
    'EVALUATION_MISSING_DATA_INACTIVE',
    'EVALUATION_MISSING_DATA_ACTIVE',
    'EVALUATION_MISSING_DATA_NO_OP',
  ],
  'BackendService backends.balancingMode': ['UTILIZATION', 'RATE', 'CONNECTION'],
  'BackendService compressionMode': ['AUTOMATIC', 'DISABLED'],
  'BackendService loadBalancingScheme': ['EXTERNAL', 'EXTERNAL_MANAGED', 'INTERNAL_MANAGED', 'INTERNAL_SELF_MANAGED'],
  'BackendService protocol': ['HTTP', 'HTTPS', 'HTTP2', 'TCP', 'SSL', 'GRPC'],
  'Bucket lifecycleRules.action.storageClass': ['STANDARD', 'NEARLINE', 'COLDLINE', 'ARCHIVE'],
  'Bucket lifecycleRules.condition.matchesStorageClasses': ['STANDARD', 'NEARLINE', 'COLDLINE', 'ARCHIVE'],
  'Bucket storageClass': ['STANDARD', 'NEARLINE', 'COLDLINE', 'ARCHIVE'],
  'Bucket cors.methods': ['GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'OPTIONS'],
  'Budget budgetFilter.calendarPeriod': ['MONTH', 'QUARTER', 'YEAR'],
  'Budget budgetFilter.creditTypesTreatment': [
    'INCLUDE_ALL_CREDITS',
    'EXCLUDE_ALL_CREDITS',
    'INCLUDE_SPECIFIED_CREDITS',
  ],
  'Budget thresholdRules.spendBasis': ['CURRENT_SPEND', 'FORECASTED_SPEND'],
  'Certificate scope': ['DEFAULT', 'EDGE_CACHE', 'ALL_REGIONS', 'CLIENT_AUTH'],
  'Connection deletionPolicy': ['ABANDON'],
  'Database deletionPolicy': ['ABANDON', 'DELETE'],
  'DatabaseInstance databaseVersion': ['POSTGRES_16', 'POSTGRES_17', 'POSTGRES_18'],
  'DatabaseInstance settings.availabilityType': ['REGIONAL', 'ZONAL'],
  'DatabaseInstance settings.backupConfiguration.backupRetentionSettings.retentionUnit': ['COUNT'],
  'DatabaseInstance settings.diskType': ['PD_SSD', 'PD_HDD', 'HYPERDISK_BALANCED'],
  'DatabaseInstance settings.edition': ['ENTERPRISE', 'ENTERPRISE_PLUS'],
  'DatabaseInstance settings.ipConfiguration.sslMode': [
    'ALLOW_UNENCRYPTED_AND_ENCRYPTED',
    'ENCRYPTED_ONLY',
    'TRUSTED_CLIENT_CERTIFICATE_REQUIRED',
  ],
  'DnsAuthorization type': ['FIXED_RECORD', 'PER_PROJECT_RECORD'],
  'Firewall direction': ['INGRESS', 'EGRESS'],
  'Firewall logConfig.metadata': ['INCLUDE_ALL_METADATA', 'EXCLUDE_ALL_METADATA'],
  'GlobalAddress addressType': ['EXTERNAL', 'INTERNAL'],
  'GlobalAddress ipVersion': ['IPV4', 'IPV6'],
  'GlobalAddress purpose': ['VPC_PEERING', 'PRIVATE_SERVICE_CONNECT'],
  'GlobalForwardingRule ipProtocol': ['TCP', 'UDP'],
  'GlobalForwardingRule loadBalancingScheme': ['EXTERNAL', 'EXTERNAL_MANAGED', 'INTERNAL_MANAGED'],
  'HealthCheck httpHealthCheck.portSpecification': ['USE_FIXED_PORT', 'USE_NAMED_PORT', 'USE_SERVING_PORT'],
  'InstanceTemplate scheduling.instanceTerminationAction': ['DELETE', 'STOP'],
  'InstanceTemplate scheduling.onHostMaintenance': ['MIGRATE', 'TERMINATE'],
  'InstanceTemplate scheduling.provisioningModel': ['STANDARD', 'SPOT'],
  'InstanceTemplate metadata.block-project-ssh-keys': ['TRUE', 'FALSE'],
  'InstanceTemplate metadata.enable-oslogin': ['TRUE', 'FALSE'],
  'InstanceTemplate metadata.serial-port-enable': ['TRUE', 'FALSE'],
  'Job template.template.vpcAccess.egress': ['ALL_TRAFFIC', 'PRIVATE_RANGES_ONLY'],
  'Network routingMode': ['REGIONAL', 'GLOBAL'],
  'RecordSet type': ['A', 'AAAA', 'CNAME', 'TXT', 'CAA'],
  'RegionAutoscaler autoscalingPolicy.cpuUtilization.predictiveMethod': ['NONE', 'OPTIMIZE_AVAILABILITY'],
  'RegionAutoscaler autoscalingPolicy.mode': ['ON', 'OFF', 'ONLY_SCALE_OUT'],
  'RegionInstanceGroupManager distributionPolicyTargetShape': ['ANY', 'BALANCED', 'EVEN', 'ANY_SINGLE_ZONE'],
  'RegionInstanceGroupManager instanceLifecyclePolicy.defaultActionOnFailure': ['DO_NOTHING', 'REPAIR'],
  'RegionInstanceGroupManager instanceLifecyclePolicy.forceUpdateOnRepair': ['YES', 'NO'],
  'RegionInstanceGroupManager updatePolicy.instanceRedistributionType': ['PROACTIVE', 'NONE'],
  'RegionInstanceGroupManager updatePolicy.minimalAction': ['NONE', 'REFRESH', 'RESTART', 'REPLACE'],
  'RegionInstanceGroupManager updatePolicy.mostDisruptiveAllowedAction': ['NONE', 'REFRESH', 'RESTART', 'REPLACE'],
  'RegionInstanceGroupManager updatePolicy.replacementMethod': ['RECREATE', 'SUBSTITUTE'],
  'RegionInstanceGroupManager updatePolicy.type': ['PROACTIVE', 'OPPORTUNISTIC'],
  'RegionInstanceGroupManager waitForInstancesStatus': ['STABLE', 'UPDATED'],
  'Repository cleanupPolicies.action': ['DELETE', 'KEEP'],
  'Repository cleanupPolicies.condition.tagState': ['TAGGED', 'UNTAGGED', 'ANY'],
  'Repository format': ['DOCKER', 'NPM', 'MAVEN', 'PYTHON', 'APT', 'GO'],
  'Repository vulnerabilityScanningConfig.enablementConfig': ['INHERITED', 'DISABLED'],
  'RouterNat logConfig.filter': ['ERRORS_ONLY', 'TRANSLATIONS_ONLY', 'ALL'],
  'RouterNat natIpAllocateOption': ['AUTO_ONLY', 'MANUAL_ONLY'],
  'RouterNat sourceSubnetworkIpRangesToNat': [
    'ALL_SUBNETWORKS_ALL_IP_RANGES',
    'ALL_SUBNETWORKS_ALL_PRIMARY_IP_RANGES',
    'LIST_OF_SUBNETWORKS',
  ],
  'RouterNat subnetworks.sourceIpRangesToNats': ['ALL_IP_RANGES', 'PRIMARY_IP_RANGE', 'LIST_OF_SECONDARY_IP_RANGES'],
  'SSLPolicy minTlsVersion': ['TLS_1_0', 'TLS_1_1', 'TLS_1_2', 'TLS_1_3'],
  'SSLPolicy profile': ['COMPATIBLE', 'MODERN', 'RESTRICTED', 'CUSTOM', 'FIPS_202205'],
  'SecretVersion deletionPolicy': ['DELETE', 'DISABLE', 'ABANDON'],
  'SecurityPolicy rules.match.versionedExpr': ['SRC_IPS_V1'],
  'SecurityPolicy rules.rateLimitOptions.enforceOnKey': ['ALL', 'IP', 'XFF_IP', 'HTTP_HEADER', 'HTTP_PATH'],
  'SecurityPolicy type': ['CLOUD_ARMOR', 'CLOUD_ARMOR_EDGE'],
  'Subnetwork logConfig.aggregationInterval': ['INTERVAL_5_SEC', 'INTERVAL_30_SEC', 'INTERVAL_1_MIN'],
  'Subnetwork logConfig.metadata': ['INCLUDE_ALL_METADATA', 'EXCLUDE_ALL_METADATA', 'CUSTOM_METADATA'],
  'TargetHttpsProxy quicOverride': ['NONE', 'ENABLE', 'DISABLE'],
  'URLMap defaultUrlRedirect.redirectResponseCode': [
    'MOVED_PERMANENTLY_DEFAULT',
    'FOUND',
    'SEE_OTHER',
    'TEMPORARY_REDIRECT',
    'PERMANENT_REDIRECT',
  ],
  'UptimeCheckConfig httpCheck.acceptedResponseStatusCodes.statusClass': ['STATUS_CLASS_2XX', 'STATUS_CLASS_ANY'],
  'UptimeCheckConfig httpCheck.requestMethod': ['GET', 'POST'],
  'User deletionPolicy': ['ABANDON'],
  'User type': ['BUILT_IN', 'CLOUD_IAM_USER', 'CLOUD_IAM_SERVICE_ACCOUNT', 'CLOUD_IAM_GROUP'],
  ...aggregationsOf('AlertPolicy conditions.conditionThreshold.aggregations'),
  ...aggregationsOf('AlertPolicy conditions.conditionThreshold.denominatorAggregations'),
  ...aggregationsOf('AlertPolicy conditions.conditionAbsent.aggregations'),
  // Not written in capitals.
  'Bucket publicAccessPrevention': ['enforced', 'inherited'],
  'Bucket lifecycleRules.action.type': ['Delete', 'SetStorageClass', 'AbortIncompleteMultipartUpload'],
  'ManagedZone visibility': ['public', 'private'],
  'ManagedZone dnssecConfig.state': ['on', 'off', 'transfer'],
  'InstanceTemplate disks.diskType': ['pd-balanced', 'pd-ssd', 'pd-standard', 'hyperdisk-balanced'],
  'NotificationChannel type': ['email', 'pagerduty', 'slack', 'webhook_tokenauth', 'pubsub'],
  'DatabaseInstance settings.maintenanceWindow.updateTrack': ['canary', 'stable', 'week5'],
  'SecurityPolicy rules.action': ['allow', 'deny(403)', 'deny(429)', 'throttle', 'rate_based_ban', 'redirect'],
  'SecurityPolicy rules.rateLimitOptions.conformAction': ['allow'],
  'SecurityPolicy rules.rateLimitOptions.exceedAction': ['deny(403)', 'deny(404)', 'deny(429)', 'deny(502)'],
};

/** In capitals all the same, and not chosen from a list. */
const free = new Set(['Budget amount.specifiedAmount.currencyCode', 'Job template.template.containers.envs.name']);

for (const name of ['dev', 'prod']) {
  test(`${name}: every value that Google chooses the spelling of is one it knows`, async () => {
    const stack = await deployStack(name);
    const wrong = leavesOf(stack).filter(({ at, value }) => allowed[at] && !allowed[at].includes(value));
    assert.deepEqual(wrong, []);
    const unknown = leavesOf(stack).filter(
      ({ at, value }) => /^[A-Z][A-Z0-9_]+$/.test(value) && !allowed[at] && !free.has(at),
    );
    assert.deepEqual([...new Set(unknown.map(({ at, value }) => `${at}: ${value}`))], []);
  });
}

function aggregationsOf(at: string): Record<string, string[]> {
  return {
    [`${at}.perSeriesAligner`]: [
      ...['ALIGN_MEAN', 'ALIGN_MAX', 'ALIGN_MIN', 'ALIGN_SUM', 'ALIGN_RATE', 'ALIGN_DELTA', 'ALIGN_NEXT_OLDER'],
      ...['ALIGN_COUNT', 'ALIGN_FRACTION_TRUE', 'ALIGN_PERCENTILE_95'],
    ],
    [`${at}.crossSeriesReducer`]: [
      ...['REDUCE_SUM', 'REDUCE_MEAN', 'REDUCE_MAX', 'REDUCE_MIN', 'REDUCE_COUNT_FALSE', 'REDUCE_FRACTION_TRUE'],
      ...['REDUCE_PERCENTILE_95', 'REDUCE_PERCENTILE_99', 'REDUCE_PERCENTILE_50'],
    ],
  };
}

function leavesOf({ all }: Stack): { at: string; value: string }[] {
  return all.flatMap(({ type, inputs }) => {
    const name = type.split(':').at(-1) ?? '';
    return type.startsWith('gcp:') ? leaves(inputs, `${name} `) : [];
  });
}

function leaves(value: unknown, at: string): { at: string; value: string }[] {
  if (typeof value === 'string') return [{ at, value }];
  if (Array.isArray(value)) return value.flatMap((each) => leaves(each, at));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) =>
    leaves(each, at.endsWith(' ') ? `${at}${key}` : `${at}.${key}`),
  );
}
