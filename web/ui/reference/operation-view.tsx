import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Description, Operation } from '../../reference/operations.ts';
import { OperationDetails } from './operation-details.tsx';

interface OperationProps {
  description: Description;
  operation: Operation;
  /** The address names it: it is opened and shown. */
  isNamed: boolean;
}

/** A route in one line; opened, all of it. */
export function OperationView({ description, operation, isNamed }: OperationProps) {
  const details = useRef<HTMLDetailsElement>(null);
  const isOpen = useSignal(isNamed);
  const { method, path, summary } = operation;
  useEffect(() => {
    if (!isNamed || !details.current) return;
    isOpen.value = true;
    details.current.scrollIntoView({ block: 'start' });
    details.current.querySelector('summary')?.focus({ preventScroll: true });
  }, [isNamed]);
  return (
    <details
      ref={details}
      class="operation"
      open={isOpen.value}
      onToggle={({ currentTarget }) => (isOpen.value = currentTarget.open)}
    >
      <summary>
        <h3>
          <span class={`method method-${method.toLowerCase()}`}>{method}</span> <code>{path}</code>
        </h3>
        <span class="operation-summary" lang="en">
          {summary}
        </span>
      </summary>
      {isOpen.value && <OperationDetails description={description} operation={operation} />}
    </details>
  );
}
