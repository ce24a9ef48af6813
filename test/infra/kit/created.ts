type Inputs = Record<string, unknown>;

/** What Google would add to a resource when it creates it, as far as other resources refer to it. */
const added: Record<string, (name: string, inputs: Inputs) => Inputs> = {
  'serviceaccount/account:Account': (_, { accountId }) => ({
    email: `${String(accountId)}@p.iam.gserviceaccount.com`,
    name: `projects/p/serviceAccounts/${String(accountId)}@p.iam.gserviceaccount.com`,
  }),
  'projects/serviceIdentity:ServiceIdentity': () => ({
    email: 'service-1@gcp-sa-pubsub.iam.gserviceaccount.com',
    member: 'serviceAccount:service-1@gcp-sa-pubsub.iam.gserviceaccount.com',
  }),
  'sql/databaseInstance:DatabaseInstance': (name, { region }) => ({ connectionName: `p:${String(region)}:${name}` }),
  'compute/globalAddress:GlobalAddress': () => ({ address: '203.0.113.7' }),
  'compute/regionInstanceGroupManager:RegionInstanceGroupManager': (name) => ({ instanceGroup: `groups/${name}` }),
  'compute/instanceTemplate:InstanceTemplate': (name) => ({ selfLinkUnique: `templates/${name}?uniqueId=1` }),
  'certificatemanager/dnsAuthorization:DnsAuthorization': (_, { domain }) => ({
    dnsResourceRecords: [{ name: `_acme-challenge.${String(domain)}.`, type: 'CNAME', data: 'proof.example.' }],
  }),
  'dns/managedZone:ManagedZone': () => ({ nameServers: ['ns-1.example.'] }),
  'secretmanager/secretVersion:SecretVersion': () => ({ name: 'projects/1/secrets/claqueta-signing/versions/1' }),
  'iam/workloadIdentityPool:WorkloadIdentityPool': () => ({
    name: 'projects/1/locations/global/workloadIdentityPools/github',
  }),
  'iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider': () => ({
    name: 'projects/1/locations/global/workloadIdentityPools/github/providers/github',
  }),
  'monitoring/slo:Slo': (name) => ({ name: `projects/1/services/claqueta/serviceLevelObjectives/${name}` }),
  'monitoring/uptimeCheckConfig:UptimeCheckConfig': (name) => ({ uptimeCheckId: `${name}-check` }),
};

/** Id and state of a resource that was just created. */
export function created(type: string, name: string, inputs: Inputs): { id: string; state: Inputs } {
  const extra = type.startsWith('gcp:') ? added[type.slice('gcp:'.length)]?.(name, inputs) : otherProvider(type);
  return { id: `${name}_id`, state: { name, ...inputs, ...extra } };
}

function otherProvider(type: string): Inputs {
  if (type === 'random:index/randomBytes:RandomBytes') return { base64: 'c2VjcmV0' };
  if (type === 'docker-build:index:Image') return { digest: `sha256:${'b'.repeat(64)}` };
  return {};
}
