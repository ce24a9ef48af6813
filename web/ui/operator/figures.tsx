import { Icon } from '../parts/icon.tsx';
import { duration } from '../parts/in-words.ts';
import { language } from '../settings/language.ts';
import { words } from './texts.ts';
import type { Fleet } from './types.ts';

/** How much waits, how fast it goes, and where to read on. */
export function Figures({ fleet: { waiting, speed, links } }: { fleet: Fleet }) {
  const { figures, dashboard, runbooks } = words.value;
  const factor = speed.source_seconds_per_second.toLocaleString(language.value, { maximumFractionDigits: 1 });
  return (
    <>
      <dl class="figures">
        <Figure name={figures.waiting} value={waiting.steps.toLocaleString(language.value)} />
        <Figure name={figures.oldest} value={waiting.steps > 0 ? duration(waiting.oldest_seconds) : '–'} />
        <Figure name={figures.clips} value={speed.clips_last_10_minutes.toLocaleString(language.value)} />
        <Figure name={figures.speed} value={figures.speedUnit(factor)} />
      </dl>
      {(links.dashboard ?? links.runbooks) && (
        <p class="buttons">
          <Elsewhere url={links.dashboard} name={dashboard} />
          <Elsewhere url={links.runbooks} name={runbooks} />
        </p>
      )}
    </>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Elsewhere({ url, name }: { url: string | undefined; name: string }) {
  if (!url) return null;
  return (
    <a class="button" href={url} target="_blank" rel="noreferrer">
      <Icon name="link" />
      {name}
    </a>
  );
}
