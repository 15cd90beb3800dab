import { useEffect, useRef } from 'preact/hooks';
import { settings } from '../state/settings';

/** The circle that the brush covers; follows the pointer without a render. */
export function BrushRing() {
  const ring = useRef<HTMLDivElement>(null);
  const radius = settings.value.brushRadius;
  useEffect(() => {
    const move = (event: PointerEvent) => {
      const { current } = ring;
      if (!current) return;
      const box = current.parentElement!.getBoundingClientRect();
      current.style.transform = `translate(${event.clientX - box.left - radius}px, ${event.clientY - box.top - radius}px)`;
      current.style.opacity = '1';
    };
    window.addEventListener('pointermove', move);
    return () => window.removeEventListener('pointermove', move);
  }, [radius]);
  return (
    <div ref={ring} class="brush-ring" style={{ width: `${2 * radius}px`, height: `${2 * radius}px`, opacity: 0 }} />
  );
}
