import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import './popover.css';

interface PopoverProps {
  onClose: () => void;
  class?: string;
  label: string;
  children: ComponentChildren;
}

/** A small panel that goes away with Escape or a press beside it. */
export function Popover({ onClose, class: name = '', label, children }: PopoverProps) {
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const press = (event: PointerEvent) => {
      if (!root.current?.parentElement?.contains(event.target as Node)) onClose();
    };
    const key = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      event.stopImmediatePropagation();
      onClose();
    };
    window.addEventListener('pointerdown', press, true);
    window.addEventListener('keydown', key, true);
    return () => {
      window.removeEventListener('pointerdown', press, true);
      window.removeEventListener('keydown', key, true);
    };
  }, [onClose]);
  return (
    <div ref={root} class={`popover ${name}`} role="dialog" aria-label={label}>
      {children}
    </div>
  );
}
