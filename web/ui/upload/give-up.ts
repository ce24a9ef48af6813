import { ask } from '../api/ask.ts';
import { Refusal } from '../api/refusal.ts';
import { pause } from '../parts/pause.ts';
import { forget } from './remembered.ts';

const TRIES = 5;
const WAIT_MS = 10_000;

/**
 * Gives an upload up, so that its bytes and its place are free again. Where the service cannot be told, it finds out by
 * itself after a day.
 */
export async function giveUp(id: string): Promise<void> {
  forget(id);
  for (let tries = 1; tries <= TRIES; tries++) {
    try {
      await ask('DELETE', `/uploads/${id}`);
      return;
    } catch (error) {
      if (error instanceof Refusal && error.status !== 429) return;
    }
    await pause(tries * WAIT_MS);
  }
}
