import type { Bench } from './bench.ts';

/** Measurements by name, in the order of `all`. Loaded when they run: some bring a browser along. */
export const benches: Record<string, Bench> = {
  claim: {
    what: 'a claim with up to 100,000 steps of 1,000 owners waiting, and whether owners take turns',
    measure: async (run) => (await import('./claim.ts')).claim(run),
  },
  fleet: {
    what: 'one task over 1 to 64 workers: speed-up, and what a part costs the database',
    measure: async (run) => (await import('./fleet/fleet.ts')).fleet(run),
  },
  api: {
    what: 'requests a second and their times against raw node:http: GET and POST /tasks, log-in',
    measure: async (run) => (await import('./api/api.ts')).api(run),
  },
  latency: {
    what: 'from the upload of 5 MB to the first picture encoded, on either queue',
    measure: async (run) => (await import('./latency.ts')).latency(run),
  },
  idle: {
    what: 'memory, processor and queries of web and worker while there is nothing to do',
    measure: async (run) => (await import('./idle.ts')).idle(run),
  },
  start: {
    what: 'npm start to ready, on data that is there',
    measure: async (run) => (await import('./start.ts')).start(run),
  },
  pipeline: {
    what: 'a task through the service against the best script for the same clips',
    measure: async (run) => (await import('./pipeline/pipeline.ts')).pipeline(run),
  },
  grid: {
    what: 'preset by CRF on five kinds of content: likeness, size and processor time',
    measure: async (run) => (await import('./grid/grid.ts')).grid(run),
  },
  footage: {
    what: 'HDR against SDR and the usual filters, deinterlacing, and ingest against that of before: processor time',
    measure: async (run) => (await import('./footage/footage.ts')).footage(run),
  },
  autoscaler: {
    what: 'days of load against the policy of the worker group: waiting and cost, by threshold',
    measure: async (run) => (await import('./autoscaler/autoscaler.ts')).autoscaler(run),
  },
  upload: {
    what: 'the memory of web while 2 GB are uploaded, in both ways',
    measure: async (run) => (await import('./upload.ts')).upload(run),
  },
  seams: {
    what: 'ten minutes at five rates, made in parts and joined: each picture and each millisecond of sound',
    measure: async (run) => (await import('./seams.ts')).seams(run),
  },
  layers: {
    what: 'what the layers round FFmpeg cost, side by side',
    measure: async (run) => (await import('./layers.ts')).layers(run),
  },
  estimate: {
    what: 'what a dry run says of ten videos against what they take',
    measure: async (run) => (await import('./estimate/estimate.ts')).estimate(run),
  },
  events: {
    what: '200 clients that follow one web process: memory, and how soon they see a change',
    measure: async (run) => (await import('./events.ts')).events(run),
  },
  page: {
    what: 'how smooth a list of 5,000 tasks and a task of 360 parts are, in Chromium',
    measure: async (run) => (await import('./page.ts')).page(run),
  },
};
