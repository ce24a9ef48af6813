import { useEffect, useRef } from 'preact/hooks';

interface ConfirmProps {
  title: string;
  text: string;
  yes: string;
  no: string;
  /** There is nothing to ask any more. */
  isOver: boolean;
  onYes: () => void;
  onClose: () => void;
}

/** Asks before what cannot be undone. The safe answer has the focus. */
export function Confirm({ title, text, yes, no, isOver, onYes, onClose }: ConfirmProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    if (isOver) dialog.current?.close();
  }, [isOver]);
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="dialog-title" aria-describedby="dialog-text" onClose={onClose}>
      <h2 id="dialog-title">{title}</h2>
      <p id="dialog-text">{text}</p>
      <div class="buttons buttons-end">
        <button type="button" class="button" autofocus onClick={() => dialog.current?.close()}>
          {no}
        </button>
        <button
          type="button"
          class="button button-danger"
          onClick={() => {
            dialog.current?.close();
            onYes();
          }}
        >
          {yes}
        </button>
      </div>
    </dialog>
  );
}
