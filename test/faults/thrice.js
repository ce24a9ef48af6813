import { setTimeout } from 'node:timers';
import { Topic } from '@google-cloud/pubsub';
import pg from 'pg';

// Loaded into web and worker: whatever they announce is announced three times, each at a moment of its own.
const WITHIN_MS = 3_000;
const later = (announce) => setTimeout(() => void announce().catch(() => {}), Math.random() * WITHIN_MS).unref();

const publish = Topic.prototype.publishMessage;
Topic.prototype.publishMessage = function (message) {
  for (let repeat = 0; repeat < 2; repeat++) later(() => publish.call(this, message));
  return publish.call(this, message);
};

const query = pg.Client.prototype.query;
pg.Client.prototype.query = function (asked, ...more) {
  const isBell = typeof asked?.text === 'string' && asked.text.includes('pg_notify');
  // On the same connection, which stays open in its pool for a while; a lost repeat is no loss.
  if (isBell) for (let repeat = 0; repeat < 2; repeat++) later(async () => query.call(this, asked.text, asked.values));
  return query.call(this, asked, ...more);
};
