import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { Clip } from '../api/types.ts';
import { Icon } from '../parts/icon.tsx';
import { bytes, clock } from '../parts/in-words.ts';
import { useNearScreen } from '../parts/near-screen.ts';
import { texts } from '../settings/language.ts';

interface ClipCardProps {
  clip: Clip;
  /** Where the still that stands for the clip is taken from, seconds. */
  posterAt: number;
  /** The address does not work any more. */
  onBroken: () => void;
}

/** A player that is there only near the screen: browsers have no room for hundreds. */
export function ClipCard({ clip, posterAt, onBroken }: ClipCardProps) {
  const { task: words } = texts.value;
  const card = useRef<HTMLLIElement>(null);
  const isNear = useNearScreen(card);
  const isPlaying = useSignal(false);
  // A player that plays stays at its address, also when there is a newer one.
  const source = useRef(clip.url);
  if (!isPlaying.value) source.current = clip.url;
  const at = Math.min(posterAt, clip.seconds / 2);
  return (
    <li ref={card} class="clip" id={`clip-${clip.part}`}>
      <div class="clip-picture" style={{ aspectRatio: `${clip.width} / ${clip.height}` }}>
        {(isNear.value || isPlaying.value) && (
          <video
            controls
            playsInline
            preload="metadata"
            src={`${source.current}#t=${at}`}
            aria-label={words.play(clip.part)}
            onPlay={(event) => {
              // The still is from the middle; the clip is played from its beginning.
              if (!isPlaying.value && event.currentTarget.played.length === 0) event.currentTarget.currentTime = 0;
              isPlaying.value = true;
            }}
            onEnded={() => (isPlaying.value = false)}
            onError={onBroken}
          />
        )}
      </div>
      <div class="clip-foot">
        <span class="clip-words">
          <strong>{words.part(clip.part)}</strong>
          <span class="small">
            {clock(clip.seconds)} · {bytes(clip.bytes)}
            {!clip.has_sound && ` · ${words.silent}`}
          </span>
        </span>
        <a
          class="button button-plain"
          href={clip.url}
          download={clip.name}
          aria-label={words.downloadPart(clip.part)}
          title={words.download}
        >
          <Icon name="download" />
        </a>
      </div>
    </li>
  );
}
