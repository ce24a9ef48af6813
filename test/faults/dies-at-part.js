import pg from 'pg';

// Loaded into workers: whoever claims this part is gone at once, as if the part had taken its worker with it.
const POISON = Number(process.env.FAULTS_POISON_PART);
if (!Number.isInteger(POISON)) throw new Error('FAULTS_POISON_PART names the part.');

const query = pg.Client.prototype.query;
pg.Client.prototype.query = function (asked, ...more) {
  const done = more.at(-1);
  if (typeof done !== 'function') return query.call(this, asked, ...more);
  return query.call(this, asked, ...more.slice(0, -1), (error, result) => {
    const [claimed] = result?.rows ?? [];
    if (claimed?.kind === 'clip' && claimed.part === POISON && 'profile' in claimed)
      process.kill(process.pid, 'SIGKILL');
    done(error, result);
  });
};
