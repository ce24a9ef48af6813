import { inWords } from '../api/refusal.ts';
import { Bar } from '../parts/bar.tsx';
import { Icon } from '../parts/icon.tsx';
import { bytes, duration } from '../parts/in-words.ts';
import { texts } from '../settings/language.ts';
import { session } from '../session/session.ts';
import { giveUp } from './give-up.ts';
import { fingerprint } from './local-file.ts';
import { SentElsewhere } from './one-window.ts';
import { begun, type Begun } from './remembered.ts';
import { drop, pause, resume, uploads, type FileUpload } from './uploads.ts';

/** Files on their way, and those that were left half-way by an earlier visit. */
export function UploadsView() {
  const { upload } = texts.value;
  const files = new Set(uploads.value.map(({ file }) => fingerprint(file)));
  const left = begun.value.filter(({ owner, file }) => owner === session.value?.email && !files.has(file));
  if (uploads.value.length === 0 && left.length === 0) return null;
  return (
    <section class="card uploads" aria-labelledby="uploads-title">
      <h2 id="uploads-title">{upload.title}</h2>
      <ul class="plain">
        {uploads.value.map((one) => (
          <UploadRow key={one.id} upload={one} />
        ))}
        {left.map((one) => (
          <LeftRow key={one.upload_id} upload={one} />
        ))}
      </ul>
    </section>
  );
}

function UploadRow({ upload }: { upload: FileUpload }) {
  const words = texts.value.upload;
  const { file, state, sent, error } = upload;
  const now = state.value;
  return (
    <li class="upload" data-state={now}>
      <div class="upload-line">
        <span class="upload-name">{file.name}</span>
        <span class="upload-buttons">
          {(now === 'sending' || now === 'waiting' || now === 'queued') && (
            <IconButton icon="pause" label={words.pause} name={file.name} onClick={() => pause(upload)} />
          )}
          {now === 'paused' && (
            <IconButton icon="play" label={words.resume} name={file.name} onClick={() => resume(upload)} />
          )}
          {now === 'failed' && (
            <IconButton icon="again" label={words.retry} name={file.name} onClick={() => resume(upload)} />
          )}
          {now !== 'making' && (
            <IconButton icon="close" label={words.cancel} name={file.name} onClick={() => drop(upload)} />
          )}
        </span>
      </div>
      <Bar
        percent={(100 * sent.value) / Math.max(file.size, 1)}
        label={words.progress(file.name)}
        tone={now === 'failed' ? 'failed' : now === 'paused' ? 'paused' : 'running'}
      />
      {now === 'failed' ? (
        <p class="problem" role="alert">
          <Icon name="wrong" />
          {inWords(error.value)}
        </p>
      ) : (
        <p class="small">{stateInWords(upload)}</p>
      )}
    </li>
  );
}

function stateInWords({ file, state, sent, speed, error }: FileUpload): string {
  const words = texts.value.upload;
  const amount = `${bytes(sent.value)} / ${bytes(file.size)}`;
  switch (state.value) {
    case 'queued':
      return words.waits;
    case 'paused':
      return `${amount} · ${words.paused}`;
    case 'waiting':
      return error.value instanceof SentElsewhere ? words.elsewhere : `${amount} · ${words.noConnection}`;
    case 'making':
      return words.making;
    case 'failed':
      return '';
    case 'sending': {
      if (!speed.value) return sent.value === 0 ? words.starts : amount;
      const left = words.left(duration((file.size - sent.value) / speed.value));
      return `${amount} · ${words.speed(bytes(speed.value))} · ${left}`;
    }
  }
}

function LeftRow({ upload }: { upload: Begun }) {
  const words = texts.value.upload;
  return (
    <li class="upload">
      <div class="upload-line">
        <span>{words.unfinished(upload.name, upload.percent)}</span>
        <IconButton
          icon="close"
          label={words.forget}
          name={upload.name}
          onClick={() => void giveUp(upload.upload_id)}
        />
      </div>
    </li>
  );
}

interface IconButtonProps {
  icon: 'pause' | 'play' | 'again' | 'close';
  label: string;
  name: string;
  onClick: () => void;
}

function IconButton({ icon, label, name, onClick }: IconButtonProps) {
  return (
    <button type="button" class="button button-plain" aria-label={`${label}: ${name}`} title={label} onClick={onClick}>
      <Icon name={icon} />
    </button>
  );
}
