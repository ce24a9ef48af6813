/** Address ranges, ours and Google's. Pure. */
export const ranges = {
  front: '10.10.0.0/20',
  back: '10.10.16.0/20',
  /** Google's side of private services access, where Cloud SQL is. */
  database: '10.20.0.0/20',
  /** private.googleapis.com: Google's APIs without a way to the internet. */
  googleApis: '199.36.153.8/30',
  /** Where the health checks and the global balancer come from. */
  balancer: ['35.191.0.0/16', '130.211.0.0/22'],
  /** Where SSH through Identity-Aware Proxy comes from. */
  iap: '35.235.240.0/20',
  /** What a fetched source must never lead to. Link-local is the metadata server, which no firewall rule stops. */
  notPublic: ['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16'],
  anywhere: '0.0.0.0/0',
} as const;

/** The addresses of 199.36.153.8/30. */
export const googleApiAddresses = ['199.36.153.8', '199.36.153.9', '199.36.153.10', '199.36.153.11'];
