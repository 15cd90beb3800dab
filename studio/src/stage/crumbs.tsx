import { X } from 'lucide';
import { run } from '../input/actions';
import { IconButton } from '../panels/controls';
import { rows, selection } from '../state/studio';
import { css, nameOf, rowOf } from '../state/targets';
import './crumbs.css';

/** Which object was stepped into. */
export function Crumbs() {
  const { entered } = selection.value;
  if (entered === undefined) return null;
  const object = { object: entered, part: undefined };
  const row = rowOf(rows.value, object);
  return (
    <div class="crumbs" data-testid="crumbs">
      <span class="swatch" style={{ '--swatch': row ? css(row.colour) : '#888' }} />
      <span>
        Parts of <strong>{nameOf(rows.value, object)}</strong>
      </span>
      <IconButton small icon={X} label="Leave" tip="none" onClick={() => run('leave')} />
    </div>
  );
}
