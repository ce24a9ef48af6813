import { useEffect } from 'preact/hooks';
import { FocusHeading } from '../parts/focus-heading.tsx';
import { Audit } from './audit.tsx';
import { Failures } from './failures.tsx';
import { Figures } from './figures.tsx';
import { HealthLine } from './health-line.tsx';
import './operator.css';
import { PauseSwitch } from './pause-switch.tsx';
import { words } from './texts.ts';
import { fleet, watchFleet } from './watch-fleet.ts';
import { Workers } from './workers.tsx';

/** For admins: how the fleet is. */
export function OperatorView() {
  const { title, loading } = words.value;
  const now = fleet.value;
  useEffect(watchFleet, []);
  return (
    <>
      <section class="card operator-top">
        <div class="operator-head">
          <FocusHeading title={title}>{title}</FocusHeading>
          {now && <PauseSwitch isPaused={now.paused} />}
        </div>
        {now ? <HealthLine fleet={now} /> : <p>{loading}</p>}
        {now && <Figures fleet={now} />}
      </section>
      {now && <Workers workers={now.workers} />}
      {now && <Failures failures={now.failures} />}
      <Audit />
    </>
  );
}
