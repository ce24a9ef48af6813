import { texts } from '../settings/language.ts';

/** Three pictures that need no words, with words. */
export function HowItWorks() {
  const { steps } = texts.value.sign;
  return (
    <ol class="how">
      <li>
        <svg viewBox="0 0 120 80" aria-hidden="true">
          <rect class="how-zone" x="10" y="26" width="100" height="48" rx="8" />
          <g class="how-drop">
            <rect class="how-film" x="38" y="8" width="44" height="32" rx="4" />
            <path class="how-play" d="M56 17v14l11-7z" />
          </g>
          <path class="how-arrow" d="M60 46v16m-7-6 7 7 7-7" />
        </svg>
        <span>{steps.drop}</span>
      </li>
      <li>
        <svg viewBox="0 0 120 80" aria-hidden="true">
          {[8, 46, 84].map((x) => (
            <g key={x}>
              <rect class="how-film" x={x} y="24" width="28" height="32" rx="3" />
              <rect class="how-bumper" x={x} y="24" width="5" height="32" rx="2" />
              <rect class="how-bumper" x={x + 23} y="24" width="5" height="32" rx="2" />
            </g>
          ))}
          <path class="how-cut" d="M41 12v56M79 12v56" />
        </svg>
        <span>{steps.cut}</span>
      </li>
      <li>
        <svg viewBox="0 0 120 80" aria-hidden="true">
          <rect class="how-film" x="30" y="8" width="66" height="42" rx="5" opacity=".45" />
          <rect class="how-film" x="20" y="20" width="76" height="48" rx="5" />
          <path class="how-play" d="M50 32v24l20-12z" />
        </svg>
        <span>{steps.play}</span>
      </li>
    </ol>
  );
}
