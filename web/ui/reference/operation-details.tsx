import { curlOf } from '../../reference/curl.ts';
import type { Answer, Description, Operation } from '../../reference/operations.ts';
import { copy } from '../parts/copy.ts';
import { Icon } from '../parts/icon.tsx';
import { addresses } from '../shell/route.ts';
import { Field, Fields } from './fields.tsx';
import { words } from './texts.ts';
import { typeWords } from './type-words.ts';

interface DetailsProps {
  description: Description;
  operation: Operation;
}

/** Everything there is to know of a route. */
export function OperationDetails({ description, operation }: DetailsProps) {
  const { owner, parameters, bodies, answers } = operation;
  const text = words.value;
  return (
    <div class="operation-details">
      <p class="small">
        {owner ? text.owner : text.all} · <a href={addresses.operation(operation.id)}>{text.link}</a>
      </p>
      {parameters.length > 0 && (
        <section>
          <h4>{text.parameters}</h4>
          <ul class="plain fields">
            {parameters.map(({ name, schema, required, in: place }) => (
              <li key={name}>
                <Field {...{ description, name, schema }} isRequired={required} place={text.in[place]} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {bodies.map(([type, schema]) => (
        <section key={type}>
          <h4>
            {text.body} <code>{type}</code>
          </h4>
          <Fields description={description} schema={schema} />
        </section>
      ))}
      <Curl description={description} operation={operation} />
      <section>
        <h4>{text.answers}</h4>
        {answers.map((answer) => (
          <AnswerDetails key={answer.status} description={description} answer={answer} />
        ))}
      </section>
    </div>
  );
}

function Curl({ description, operation }: DetailsProps) {
  const { curl, copy: copyWords } = words.value;
  const command = curlOf(description, operation, location.origin);
  return (
    <section>
      <h4>{curl}</h4>
      <div class="curl">
        <pre tabIndex={0} aria-label={curl}>
          {command}
        </pre>
        <button
          type="button"
          class="button button-plain"
          aria-label={copyWords(`${operation.method} ${operation.path}`)}
          onClick={() => void copy(command)}
        >
          <Icon name="copy" />
        </button>
      </div>
    </section>
  );
}

function AnswerDetails({ description, answer }: { description: Description; answer: Answer }) {
  const [[type, schema] = [undefined, {}]] = answer.bodies;
  return (
    <details class="answer">
      <summary>
        <code class={`status status-${answer.status.slice(0, 1)}`}>{answer.status}</code>
        <span lang="en">{answer.description}</span>
      </summary>
      <div class="answer-body">
        {type && (
          <p>
            <code>{type}</code> <code class="field-type">{typeWords(description, schema)}</code>
          </p>
        )}
        <Fields description={description} schema={schema} />
        {answer.headers.map(([name, says]) => (
          <p key={name} class="api-field">
            <span class="small">{words.value.headers}:</span> <code class="field-name">{name}</code>
            <span class="field-says" lang="en">
              {says}
            </span>
          </p>
        ))}
      </div>
    </details>
  );
}
