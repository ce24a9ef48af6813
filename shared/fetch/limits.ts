/** What a download may cost. */
export interface DownloadLimits {
  maxBytes: number;
  /** Longest download, redirects and all tries included, in seconds. */
  wallSeconds: number;
  /** Slowest download, over every window; 0 leaves it to `wallSeconds`. */
  minBytesPerSecond: number;
  /** Seconds over which the rate is measured. */
  windowSeconds?: number;
  /** Longest wait for name, connection and TLS of each hop, in seconds. */
  connectSeconds?: number;
  /** Longest wait for the head of each answer, in seconds. */
  headersSeconds?: number;
  /** How often in a row a download that broke off is tried with no headway. */
  tries?: number;
  /** Seconds before the second of these tries; doubled before each further one. */
  pauseSeconds?: number;
}

/** Fills in what a caller leaves out. */
export function withPresets(limits: DownloadLimits): Required<DownloadLimits> {
  return { windowSeconds: 30, connectSeconds: 5, headersSeconds: 10, tries: 5, pauseSeconds: 1, ...limits };
}
