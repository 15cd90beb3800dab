import { X } from 'lucide';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { IconButton } from './controls';
import './dialog.css';

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  aside?: ComponentChildren;
}

/** A sheet over the page; focus stays in it until it is closed. */
export function Dialog({ title, onClose, children, aside }: DialogProps) {
  const root = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    root.current?.showModal();
  }, []);
  return (
    <dialog ref={root} class="sheet" aria-label={title} onClose={onClose}>
      <div class="dialog">
        <header>
          <h2>{title}</h2>
          <span class="row-of-buttons">
            {aside}
            <IconButton icon={X} label="Close" tip="none" onClick={onClose} testId="close-sheet" />
          </span>
        </header>
        <div class="content">{children}</div>
      </div>
    </dialog>
  );
}
