import { signal } from '@preact/signals';
import { Minus, Plus, Trash2 } from 'lucide';
import { Icon } from '../panels/icon';
import { Popover } from '../panels/popover';
import { reassignClick, removeClick } from '../state/session-commands';
import { clicks, rows } from '../state/studio';
import { css, nameOf } from '../state/targets';
import './click-menu.css';

/** The click whose menu is open, and where. */
export const clickMenu = signal<{ place: number; x: number; y: number } | undefined>(undefined);

/** What can be done with a click: turn it around, give it to another target, remove it. */
export function ClickMenu() {
  const menu = clickMenu.value;
  const click = menu && clicks.value.find(each => each.place === menu.place);
  if (!menu || !click) return null;
  const close = () => {
    clickMenu.value = undefined;
  };
  const act = (run: () => void) => () => {
    close();
    run();
  };
  const { place, positive } = click;
  return (
    <div style={{ position: 'fixed', left: `${menu.x}px`, top: `${menu.y}px`, zIndex: 35 }}>
      <Popover label={`Click ${place + 1}`} class="context" onClose={close}>
        {click.object > 0 && (
          <button
            type="button"
            class="menu-item"
            data-testid="turn-around"
            onClick={act(() => reassignClick(place, { ...click, positive: !positive }))}
          >
            <Icon node={positive ? Minus : Plus} />
            {positive ? 'Not this' : 'This too'}
          </button>
        )}
        <p class="menu-label">Give it to</p>
        <div class="menu-scroll">
          {rows.value
            .filter(row => row.object !== click.object || row.part !== click.part)
            .map(row => (
              <button
                key={`${row.object}/${row.part}`}
                type="button"
                class="menu-item"
                onClick={act(() => reassignClick(place, { object: row.object, part: row.part, positive: true }))}
              >
                <span class="swatch" style={{ '--swatch': css(row.colour) }} />
                {nameOf(rows.value, row)}
              </button>
            ))}
          {click.object > 0 && (
            <button
              type="button"
              class="menu-item"
              onClick={act(() => reassignClick(place, { object: 0, part: undefined, positive: true }))}
            >
              <span class="swatch" style={{ '--swatch': '#8a8f9a' }} />
              Background
            </button>
          )}
        </div>
        <hr class="menu-line" />
        <button type="button" class="menu-item" data-testid="remove-click" onClick={act(() => removeClick(place))}>
          <Icon node={Trash2} />
          Remove
          <kbd class="end">Del</kbd>
        </button>
      </Popover>
    </div>
  );
}
