import { useEffect } from 'preact/hooks';
import { inWords } from '../api/refusal.ts';
import { FocusHeading } from '../parts/focus-heading.tsx';
import { Icon } from '../parts/icon.tsx';
import { when } from '../parts/in-words.ts';
import { Audit } from './audit.tsx';
import { Failures } from './failures.tsx';
import { Figures } from './figures.tsx';
import { HealthLine } from './health-line.tsx';
import './operator.css';
import { PauseSwitch } from './pause-switch.tsx';
import { words } from './texts.ts';
import { failure, fleet, heardAt, watchFleet } from './watch-fleet.ts';
import { Workers } from './workers.tsx';

/** For admins: how the fleet is. */
export function OperatorView() {
  const { title, loading } = words.value;
  const failed = failure.value !== null;
  const now = fleet.value;
  useEffect(watchFleet, []);
  return (
    <>
      <section class="card operator-top">
        <div class="operator-head">
          <FocusHeading title={title}>{title}</FocusHeading>
          {now && <PauseSwitch isPaused={now.paused} />}
        </div>
        {failed && <Stale />}
        {now && <HealthLine fleet={now} />}
        {!now && !failed && <p>{loading}</p>}
        {now && <Figures fleet={now} />}
      </section>
      {now && <Workers workers={now.workers} />}
      {now && <Failures failures={now.failures} />}
      <Audit />
    </>
  );
}

/** Old figures that look like new ones are worse than none. */
function Stale() {
  return (
    <p class="problem" role="alert">
      <Icon name="wrong" />
      <span>
        {inWords(failure.value)} {fleet.value && words.value.stale(when(new Date(heardAt.value).toISOString()))}
      </span>
    </p>
  );
}
