import type { Deployment } from './config.ts';
import type { Scaling } from './group/scaling.ts';

/** From power-on to an answer: boot, pulling the image, starting. Healing and autoscaling wait as long. */
const BOOT_SECONDS = 180;

/** Web servers keep their CPU at a target. They give up an instance only after ten quiet minutes. Pure. */
export function webScaling(web: Deployment['web']): Scaling {
  return {
    minimum: web.minimum,
    maximum: web.maximum,
    signal: { kind: 'cpu', percent: web.cpuPercent, predictive: web.predictive },
    bootSeconds: BOOT_SECONDS,
    stabilizationSeconds: 600,
  };
}

/** Workers follow the queue: out with what waits, in after five idle minutes, down to none. Pure. */
export function workerScaling(worker: Deployment['worker'], subscription: string): Scaling {
  return {
    minimum: worker.minimum,
    maximum: worker.maximum,
    signal: { kind: 'messages', subscription, perInstance: worker.messages },
    bootSeconds: BOOT_SECONDS,
    stabilizationSeconds: 300,
    paused: worker.paused,
  };
}
