import { Check, CircleAlert, Lightbulb, X } from 'lucide';
import { dismiss, toasts } from '../state/toasts';
import { IconButton } from './controls';
import { Icon } from './icon';
import './toasts.css';

const ICONS = { info: Lightbulb, good: Check, bad: CircleAlert };

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map(toast => (
        <div key={toast.id} class={`toast ${toast.tone}`} data-testid="toast">
          <Icon node={ICONS[toast.tone]} />
          <span>{toast.text}</span>
          {toast.action && (
            <button
              type="button"
              class="button quiet"
              onClick={() => {
                toast.action?.run();
                dismiss(toast.id);
              }}
            >
              {toast.action.label}
            </button>
          )}
          <IconButton small icon={X} label="Dismiss" tip="none" onClick={() => dismiss(toast.id)} />
        </div>
      ))}
    </div>
  );
}
