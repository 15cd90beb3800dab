import type { IconNode } from 'lucide';
import { h } from 'preact';

/** An icon of the Lucide set. */
export function Icon({ node, class: name = '' }: { node: IconNode; class?: string }) {
  return (
    <svg class={`icon ${name}`} viewBox="0 0 24 24" aria-hidden="true">
      {node.map(([tag, attributes]) => h(tag, attributes))}
    </svg>
  );
}
