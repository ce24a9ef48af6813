import { useEffect, useMemo } from 'preact/hooks';
import type { Task } from '../api/types.ts';
import { Bar } from '../parts/bar.tsx';
import { FocusHeading } from '../parts/focus-heading.tsx';
import { Icon } from '../parts/icon.tsx';
import { duration, nameOf } from '../parts/in-words.ts';
import { NotYet } from '../parts/not-yet.tsx';
import { StatusBadge } from '../parts/status-badge.tsx';
import { texts } from '../settings/language.ts';
import { addresses } from '../shell/route.ts';
import { Actions } from './actions.tsx';
import { Clips } from './clips.tsx';
import { Facts } from './facts.tsx';
import { openTask, type OpenTask } from './open-task.ts';
import { PartStrip } from './part-strip.tsx';
import { Problems } from './problems.tsx';
import { StreamPlayer } from './stream-player.tsx';
import { Warnings } from './warnings.tsx';

export function TaskView({ id }: { id: string }) {
  const open = useMemo(() => openTask(id), [id]);
  useEffect(() => open.close, [open]);
  const { task: words } = texts.value;
  return (
    <>
      <a class="back" href={addresses.home}>
        <Icon name="back" />
        {words.back}
      </a>
      <Found open={open} />
    </>
  );
}

function Found({ open }: { open: OpenTask }) {
  if (open.isGone.value) return <Gone />;
  if (open.task.value) return <Whole task={open.task.value} open={open} />;
  return <NotYet failure={open.failure.value} onAgain={() => void open.reload()} />;
}

function Whole({ task, open }: { task: Task; open: OpenTask }) {
  const name = nameOf(task);
  const isUnderWay = task.status === 'running' || task.status === 'pending';
  return (
    <>
      <section class="card task">
        <div class="task-head">
          <FocusHeading title={name}>{name}</FocusHeading>
          <StatusBadge status={task.status} />
        </div>
        {isUnderWay && <UnderWay task={task} />}
        <Problems task={task} open={open} />
        <Warnings task={task} />
        <PartStrip task={task} />
        <Facts task={task} />
        <Actions task={task} open={open} />
      </section>
      {task.stream_url ? (
        <StreamPlayer url={task.stream_url} poster={task.poster_url} />
      ) : (
        <Clips task={task} open={open} />
      )}
    </>
  );
}

function UnderWay({ task: { progress } }: { task: Task }) {
  const { task: words, tasks } = texts.value;
  const { phase, percent, eta_seconds } = progress;
  return (
    <div class="under-way">
      <Bar percent={percent} label={tasks.progress} />
      <p class="under-way-words">
        <span>{words.phase[phase]}</span>
        <span>
          {Math.round(percent)} %{eta_seconds ? ` · ${tasks.left(duration(eta_seconds))}` : ''}
        </span>
      </p>
    </div>
  );
}

function Gone() {
  const { task: words } = texts.value;
  return (
    <section class="empty">
      <FocusHeading title={words.gone}>{words.gone}</FocusHeading>
      <p>{words.goneHint}</p>
    </section>
  );
}
