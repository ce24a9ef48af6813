import type { Bench } from './bench.ts';
import { api } from './api/api.ts';
import { autoscaler } from './autoscaler/autoscaler.ts';
import { claim } from './claim.ts';
import { estimate } from './estimate/estimate.ts';
import { events } from './events.ts';
import { fleet } from './fleet/fleet.ts';
import { idle } from './idle.ts';
import { latency } from './latency.ts';
import { layers } from './layers.ts';
import { page } from './page.ts';
import { pipeline } from './pipeline/pipeline.ts';
import { start } from './start.ts';
import { upload } from './upload.ts';

/** Measurements by name, in the order of `all`. */
export const benches: Record<string, Bench> = {
  claim: {
    what: 'a claim with up to 100,000 steps of 1,000 owners waiting, and whether owners take turns',
    measure: claim,
  },
  fleet: { what: 'one task over 1 to 64 workers: speed-up, and what a part costs the database', measure: fleet },
  api: { what: 'requests a second and their times against raw node:http: GET and POST /tasks, log-in', measure: api },
  latency: { what: 'from the upload of 5 MB to the first picture encoded, on either queue', measure: latency },
  idle: { what: 'memory, processor and queries of web and worker while there is nothing to do', measure: idle },
  start: { what: 'npm start to ready, on data that is there', measure: start },
  pipeline: { what: 'a task through the service against the best script for the same clips', measure: pipeline },
  autoscaler: {
    what: 'days of load against the policy of the worker group: waiting and cost, by threshold',
    measure: autoscaler,
  },
  upload: { what: 'the memory of web while 2 GB are uploaded, in both ways', measure: upload },
  layers: { what: 'what the layers round FFmpeg cost, side by side', measure: layers },
  estimate: { what: 'what a dry run says of ten videos against what they take', measure: estimate },
  events: { what: '200 clients that follow one web process: memory, and how soon they see a change', measure: events },
  page: { what: 'how smooth a list of 5,000 tasks and a task of 360 parts are, in Chromium', measure: page },
};
