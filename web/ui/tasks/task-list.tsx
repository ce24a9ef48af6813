import { useEffect } from 'preact/hooks';
import type { Status } from '../api/types.ts';
import { Icon } from '../parts/icon.tsx';
import { Logo } from '../parts/logo.tsx';
import { NotYet } from '../parts/not-yet.tsx';
import { texts } from '../settings/language.ts';
import type { Filter } from './known.ts';
import { LongList } from './long-list.tsx';
import {
  choose,
  failure,
  filter,
  followList,
  hasMore,
  isLoading,
  isRead,
  loadMore,
  readAgain,
  shown,
} from './store.ts';

const filters: Filter[] = ['all', 'running', 'pending', 'succeeded', 'failed', 'cancelled'] satisfies (
  'all' | Status
)[];

export function TaskList() {
  const { tasks } = texts.value;
  useEffect(followList, []);
  const count = shown.value.length;
  return (
    <section class="tasks" aria-labelledby="tasks-title">
      <div class="tasks-head">
        <h2 id="tasks-title">
          {tasks.title} {count > 0 && <span class="count">{tasks.shown(count, hasMore.value)}</span>}
        </h2>
        <div class="filters" role="group" aria-label={tasks.filter}>
          {filters.map((one) => (
            <button
              key={one}
              type="button"
              class="filter"
              aria-pressed={filter.value === one}
              onClick={() => void choose(one)}
            >
              {one === 'all' ? tasks.all : tasks.status[one]}
            </button>
          ))}
        </div>
      </div>
      <Rows />
      {hasMore.value && (
        <div class="more">
          <button type="button" class="button" disabled={isLoading.value} onClick={() => void loadMore()}>
            {isLoading.value ? tasks.loading : tasks.more}
          </button>
        </div>
      )}
    </section>
  );
}

function Rows() {
  const count = shown.value.length;
  // Events may have told of some tasks before the list could be read: they are not all.
  const isMissing = !isRead.value && (count === 0 || failure.value !== null);
  return (
    <>
      {isMissing && <NotYet failure={failure.value} onAgain={() => void readAgain()} />}
      {count > 0 && <LongList rows={shown.value} />}
      {count === 0 && isRead.value && <Empty />}
    </>
  );
}

function Empty() {
  const { tasks } = texts.value;
  if (filter.value !== 'all') {
    return (
      <div class="empty">
        <Icon name="film" />
        <p>{tasks.emptyFilter}</p>
      </div>
    );
  }
  return (
    <div class="empty">
      <Logo />
      <p class="empty-title">{tasks.empty}</p>
      <p>{tasks.emptyHint}</p>
    </div>
  );
}
