import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { operationsOf, type Description } from '../../reference/operations.ts';
import { FocusHeading } from '../parts/focus-heading.tsx';
import { Icon } from '../parts/icon.tsx';
import { route } from '../shell/route.ts';
import { description, failure, readDescription } from './description.ts';
import { OperationView } from './operation-view.tsx';
import './reference.css';
import { search } from './search.ts';
import { words } from './texts.ts';

/** The routes of the API, as the service itself describes them. */
export function ReferenceView() {
  const { title, intro, openapi, collection, loading, again } = words.value;
  const known = description.value;
  useEffect(() => void readDescription(), []);
  return (
    <>
      <section class="card reference-top">
        <FocusHeading title={title}>{title}</FocusHeading>
        <p>{intro}</p>
        <p class="buttons">
          <a class="button" href="/openapi.json" target="_blank">
            <Icon name="code" />
            {openapi}
          </a>
          <a class="button" href="/collection.json" download="claqueta.postman_collection.json">
            <Icon name="download" />
            {collection}
          </a>
        </p>
      </section>
      {known && <Routes known={known} />}
      {!known && !failure.value && <p>{loading}</p>}
      {failure.value && (
        <div class="problems" role="alert">
          <p class="problem">
            <Icon name="wrong" />
            {failure.value}
          </p>
          <button type="button" class="button" onClick={() => void readDescription()}>
            {again}
          </button>
        </div>
      )}
    </>
  );
}

function Routes({ known }: { known: Description }) {
  const { filter, found, none } = words.value;
  const text = useSignal('');
  const operations = useMemo(() => operationsOf(known), [known]);
  const shown = search(operations, text.value);
  const tags = [...new Set(shown.map(({ tag }) => tag))];
  const named = route.value.view === 'docs' ? route.value.operation : undefined;
  return (
    <>
      <div class="reference-filter">
        <label for="reference-filter">{filter}</label>
        <input
          id="reference-filter"
          type="search"
          value={text.value}
          onInput={({ currentTarget }) => (text.value = currentTarget.value)}
        />
        <span class="small" role="status">
          {shown.length > 0 ? found(shown.length) : none}
        </span>
      </div>
      {tags.map((tag) => (
        <section key={tag} class="reference-tag" aria-labelledby={`tag-${tag}`}>
          <h2 id={`tag-${tag}`} lang="en">
            {tag}
          </h2>
          {shown
            .filter((operation) => operation.tag === tag)
            .map((operation) => (
              <OperationView
                key={operation.id}
                description={known}
                operation={operation}
                isNamed={operation.id === named}
              />
            ))}
        </section>
      ))}
    </>
  );
}
