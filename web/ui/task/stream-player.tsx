import { useSignal } from '@preact/signals';
import type Hls from 'hls.js';
import { useEffect, useRef } from 'preact/hooks';
import { texts } from '../settings/language.ts';

interface StreamPlayerProps {
  url: string;
  poster: string | null;
}

/** A player of a stream. Safari plays it by itself; elsewhere hls.js does, which is fetched only now. */
export function StreamPlayer({ url, poster }: StreamPlayerProps) {
  const { task: words } = texts.value;
  const video = useRef<HTMLVideoElement>(null);
  const hls = useSignal<Hls | null>(null);
  const heights = useSignal<readonly number[]>([]);
  // A player stays at the address that it has begun with, which holds for longer than anybody looks.
  const source = useRef(url);
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    if (navigator.vendor.startsWith('Apple')) {
      element.src = source.current;
      return;
    }
    let isGone = false;
    void import('hls.js').then(({ default: Player }) => {
      if (isGone) return;
      // Its worker would be made out of text, which the page's policy forbids.
      const player = new Player({ enableWorker: false });
      player.on(Player.Events.MANIFEST_PARSED, () => (heights.value = player.levels.map(({ height }) => height)));
      player.loadSource(source.current);
      player.attachMedia(element);
      hls.value = player;
    });
    return () => {
      isGone = true;
      hls.peek()?.destroy();
    };
  }, []);
  return (
    <figure class="stream">
      <video ref={video} controls playsInline poster={poster ?? undefined} aria-label={words.stream} />
      {heights.value.length > 1 && (
        <label class="stream-quality">
          {words.quality}
          <select onChange={({ currentTarget }) => hls.value && (hls.value.currentLevel = Number(currentTarget.value))}>
            <option value="-1">{words.automatic}</option>
            {heights.value.map((height, level) => (
              <option key={height} value={level}>
                {height}p
              </option>
            ))}
          </select>
        </label>
      )}
    </figure>
  );
}
