import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { isMainThread } from 'node:worker_threads';

// Loaded before a program: profiles it from SIGUSR2 to its end. (Node does not take --cpu-prof from the environment.)
if (isMainThread) {
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  process.once('SIGUSR2', () => session.post('Profiler.start'));
  process.on('exit', () => {
    session.post('Profiler.stop', (error, result) => {
      if (!error) writeFileSync(process.env.PROFILE_TO ?? 'profile.json', JSON.stringify(result.profile));
    });
  });
}
